using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Wire;

/// <summary>
/// Terms of networks one after the other as a stream of bytes. A frame is its kind, the length of what follows (32 bits,
/// little-endian), and that: the blocks of one network, each with its input, its length and the form of <see cref="TermBlockCodec"/>;
/// nothing, at the end; or why there is nothing more, in UTF-8. A stream without an end was cut short.
/// </summary>
public static class TermBlockFrames
{
    /// <summary>How the stream is called in HTTP.</summary>
    public const string ContentType = "application/vnd.lpzero.terms";

    private const int HeaderBytes = 5;

    // A network of the widest space with every chain of three operations is a fifth of it.
    private const int LargestFrame = 1 << 30;

    private enum Kind : byte
    {
        Network = 1,
        End = 2,
        Failure = 3,
    }

    /// <summary>Writes networks as they come; a failure among them becomes the last frame.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="networks">The blocks of each network.</param>
    /// <param name="cancellation">Ends it in the middle.</param>
    public static async Task WriteAsync(Stream output, IAsyncEnumerable<ImmutableArray<TermBlock>> networks, CancellationToken cancellation)
    {
        try
        {
            await foreach (var blocks in networks.WithCancellation(cancellation))
            {
                await WriteAsync(output, Kind.Network, Encode(blocks), cancellation);
            }
        }
        catch (SearchServiceException problem)
        {
            await WriteAsync(output, Kind.Failure, Encoding.UTF8.GetBytes(problem.Message), cancellation);
            return;
        }

        await WriteAsync(output, Kind.End, ReadOnlyMemory<byte>.Empty, cancellation);
    }

    /// <summary>Reads networks as they come.</summary>
    /// <param name="input">Where from.</param>
    /// <param name="cancellation">Ends it in the middle.</param>
    /// <exception cref="SearchServiceException">The writer failed; the message says why.</exception>
    /// <exception cref="InvalidDataException">The stream is something else, or was cut short.</exception>
    public static async IAsyncEnumerable<ImmutableArray<TermBlock>> ReadAsync(
        Stream input, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var header = new byte[HeaderBytes];
        while (true)
        {
            await FillAsync(input, header, cancellation);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1));
            if (length is < 0 or > LargestFrame)
            {
                throw new InvalidDataException("this is no stream of terms");
            }

            var content = new byte[length];
            await FillAsync(input, content, cancellation);
            switch ((Kind)header[0])
            {
                case Kind.Network:
                    yield return Decode(content);
                    break;
                case Kind.End:
                    yield break;
                case Kind.Failure:
                    throw new SearchServiceException(Encoding.UTF8.GetString(content));
                default:
                    throw new InvalidDataException("this is no stream of terms");
            }
        }
    }

    private static async Task WriteAsync(Stream output, Kind kind, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var header = new byte[HeaderBytes];
        header[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), content.Length);
        await output.WriteAsync(header, cancellation);
        await output.WriteAsync(content, cancellation);
    }

    private static async Task FillAsync(Stream input, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) < buffer.Length)
        {
            throw new InvalidDataException("the stream of terms was cut short");
        }
    }

    private static byte[] Encode(ImmutableArray<TermBlock> blocks)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            foreach (var block in blocks)
            {
                var bytes = TermBlockCodec.Encode(block);
                writer.Write((byte)block.Input);
                writer.Write(bytes.Length);
                writer.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    private static ImmutableArray<TermBlock> Decode(byte[] content)
    {
        var blocks = ImmutableArray.CreateBuilder<TermBlock>();
        using var reader = new BinaryReader(new MemoryStream(content));
        while (reader.BaseStream.Position < content.Length)
        {
            var input = (InputKind)reader.ReadByte();
            var length = content.Length - reader.BaseStream.Position >= sizeof(int) ? reader.ReadInt32() : -1;
            if (!Enum.IsDefined(input) || length < 0 || length > content.Length - reader.BaseStream.Position)
            {
                throw new InvalidDataException("this is no stream of terms");
            }

            blocks.Add(TermBlockCodec.Decode(input, reader.ReadBytes(length)));
        }

        return blocks.ToImmutable();
    }
}
