using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LPZero.Tests;

/// <summary>Files in the format, written plainly.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file with this header and data.</summary>
    public static byte[] File(string header, params byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    /// <inheritdoc cref="File(string, byte[])"/>
    public static byte[] File(byte[] header, byte[] data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Length);
        return file;
    }

    /// <summary>A file of float32 tensors, one after the other.</summary>
    public static byte[] OfFloats(params (string Name, long[] Shape, float[] Values)[] tensors) =>
        OfFloats(tensors, "\"made\":\"here\"");

    /// <summary>A file of float32 tensors with these members of its metadata.</summary>
    public static byte[] OfFloats((string Name, long[] Shape, float[] Values)[] tensors, string metadata)
    {
        var (header, data) = (new List<string> { $"\"__metadata__\":{{{metadata}}}" }, new List<byte>());
        foreach (var (name, shape, values) in tensors)
        {
            var begin = data.Count;
            data.AddRange(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
            header.Add(string.Create(CultureInfo.InvariantCulture,
                $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{data.Count}]}}"));
        }

        return File("{" + string.Join(',', header) + "}", [.. data]);
    }
}
