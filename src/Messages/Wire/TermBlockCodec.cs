using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Wire;

/// <summary>
/// A term block as bytes, little-endian: version, tensors per layer, chains (<see cref="ChainBytes"/>), and for each chain and tensor the
/// mean as a double and the element count. Version 2 has chains with factors, which a program that reads 1 alone refuses.
/// </summary>
public static class TermBlockCodec
{
    private const byte Version = 1;
    private const byte VersionWithFactors = 2;

    /// <summary>The block as bytes.</summary>
    public static byte[] Encode(TermBlock block)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(block.Chains.Any(chain => chain.Factor is not null) ? VersionWithFactors : Version);
            writer.Write7BitEncodedInt(block.TensorsPerLayer.Length);
            foreach (var tensors in block.TensorsPerLayer)
            {
                writer.Write7BitEncodedInt(tensors);
            }

            writer.Write7BitEncodedInt(block.Chains.Length);
            foreach (var chain in block.Chains)
            {
                ChainBytes.Write(writer, chain);
            }

            foreach (var mean in block.Means.Span)
            {
                writer.Write(mean);
            }

            foreach (var count in block.Counts.Span)
            {
                writer.Write7BitEncodedInt64(count);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The block of these bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another version or cut short.</exception>
    public static TermBlock Decode(InputKind input, byte[] bytes) => Decode(input, bytes, out _);

    /// <summary>The block at the beginning of these bytes.</summary>
    /// <param name="input">The block's input.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="length">How many of them are the block.</param>
    /// <exception cref="InvalidDataException">The bytes are of another version or cut short.</exception>
    public static TermBlock Decode(InputKind input, byte[] bytes, out int length)
    {
        using var stream = new MemoryStream(bytes);
        using var reader = new BinaryReader(stream);
        try
        {
            var version = reader.ReadByte();
            if (version is not (Version or VersionWithFactors))
            {
                throw new InvalidDataException(
                    $"a block of terms has version {version}, this program reads {Version} and {VersionWithFactors}: " +
                    "use the newer program, or another database");
            }

            var tensorsPerLayer = new int[Count(reader.Read7BitEncodedInt())];
            for (var i = 0; i < tensorsPerLayer.Length; i++)
            {
                tensorsPerLayer[i] = reader.Read7BitEncodedInt();
            }

            var chains = ImmutableArray.CreateBuilder<Chain>(Count(reader.Read7BitEncodedInt()));
            for (var i = 0; i < chains.Capacity; i++)
            {
                chains.Add(ChainBytes.Read(reader));
            }

            var size = Count((long)chains.Count * tensorsPerLayer.Sum());
            var means = new double[size];
            var counts = new long[size];

            // As the machine has them, which is little-endian.
            stream.ReadExactly(MemoryMarshal.AsBytes(means.AsSpan()));
            for (var i = 0; i < size; i++)
            {
                counts[i] = reader.Read7BitEncodedInt64();
            }

            length = (int)stream.Position;
            return new TermBlock(input, [.. tensorsPerLayer], chains.MoveToImmutable(), means, counts);
        }
        catch (Exception problem) when (problem is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("a block of terms is cut short or damaged", problem);
        }

        // Whatever is counted takes a byte at least, so that damaged bytes cannot ask for more memory than they fill.
        int Count(long count) => count >= 0 && count <= bytes.Length ? (int)count : throw new FormatException();
    }
}
