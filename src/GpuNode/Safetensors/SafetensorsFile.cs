using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LPZero.GpuNode.Safetensors;

/// <summary>
/// One safetensors file, mapped into memory: opening it reads the header alone. Several threads may read. The file must not be
/// shortened in place meanwhile (the system ends a process that reads beyond the end of a mapped file); replacing it does no harm.
/// </summary>
public sealed unsafe class SafetensorsFile : ISafetensors
{
    private const int LengthBytes = sizeof(ulong);

    // Blocks in which the file is digested: a span's length is an int.
    private const int DigestBlock = 1 << 24;

    private readonly string path;
    private readonly SafetensorsHeader header;
    private readonly MemoryMappedFile mapping;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private readonly long fileLength;
    private readonly long dataStart;

    private SafetensorsFile(string path, FileStream file)
    {
        this.path = path;
        fileLength = file.Length;
        (header, dataStart) = ReadHeader(path, file);
        mapping = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => header.Tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <inheritdoc/>
    public ImmutableArray<string> Files => [path];

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="SafetensorsException">There is no such file, or it cannot be used; the message says why.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            // Asked before it is opened: to open a pipe waits for a writer.
            if (new FileInfo(path) is { Exists: true, Length: < LengthBytes } small)
            {
                throw new SafetensorsException(string.Create(CultureInfo.InvariantCulture,
                    $"{path}: has {small.Length} bytes, fewer than any safetensors file; write it again"));
            }

            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return new SafetensorsFile(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
            throw error switch
            {
                FileNotFoundException or DirectoryNotFoundException => new SafetensorsException($"{path}: there is no such file", error),
                IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException =>
                    new SafetensorsException(Directory.Exists(path)
                        ? $"{path}: is a directory; give a file"
                        : $"{path}: cannot be read ({error.Message.ReplaceLineEndings(" ")}); check its permissions", error),
                FormatException => new SafetensorsException($"{path}: {error.Message}", error),
                _ => error,
            };
        }
    }

    /// <inheritdoc/>
    public void Read(StoredTensor tensor, Span<float> destination)
    {
        if (destination.Length != tensor.Count)
        {
            throw new ArgumentException($"{tensor.Count} elements do not fit {destination.Length}.", nameof(destination));
        }

        ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, this);
        var elements = start + dataStart + tensor.Begin;
        var count = destination.Length;
        switch (tensor.Type)
        {
            case ElementType.Single:
                new ReadOnlySpan<float>(elements, count).CopyTo(destination);
                break;
            case ElementType.Half:
                TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(elements, count), destination);
                break;
            case ElementType.BFloat:
                Widen(new ReadOnlySpan<ushort>(elements, count), MemoryMarshal.Cast<float, uint>(destination));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Type, null);
        }
    }

    /// <inheritdoc/>
    public void AppendTo(IncrementalHash digest)
    {
        ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, this);
        for (var done = 0L; done < fileLength; done += DigestBlock)
        {
            digest.AppendData(new ReadOnlySpan<byte>(start + done, (int)Math.Min(DigestBlock, fileLength - done)));
        }
    }

    /// <summary>Releases the mapping.</summary>
    public void Dispose()
    {
        if (!view.SafeMemoryMappedViewHandle.IsClosed)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            mapping.Dispose();
        }
    }

    private static (SafetensorsHeader Header, long DataStart) ReadHeader(string path, FileStream file)
    {
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        file.ReadExactly(lengthBytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        var rest = file.Length - LengthBytes;
        if (length > SafetensorsHeader.LongestBytes)
        {
            throw new SafetensorsException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: its header would have {length} bytes, more than the {SafetensorsHeader.LongestBytes} of the format; " +
                $"it is not a safetensors file"));
        }

        // Before anything of that length is allocated.
        if ((long)length > rest)
        {
            throw new SafetensorsException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: its header has {length} bytes but only {rest} follow; the file is cut off, so copy it again"));
        }

        var json = new byte[length];
        file.ReadExactly(json);
        return (SafetensorsHeader.Parse(json, rest - (long)length), LengthBytes + (long)length);
    }

    private static void Widen(ReadOnlySpan<ushort> upperHalves, Span<uint> bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = (uint)upperHalves[i] << 16;
        }
    }
}
