using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LPZero.GpuNode.Safetensors;

namespace LPZero.GpuNode.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private const string Entry = """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-safetensors-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Tensors_of_the_three_types_are_read_as_float32()
    {
        const string Header = """
            {"__metadata__":{"format":"pt"},
             "half":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},
             "single":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},
             "brain":{"dtype":"BF16","shape":[2],"data_offsets":[14,18]},
             "none":{"dtype":"F32","shape":[4,0],"data_offsets":[18,18]},
             "number":{"dtype":"BF16","shape":[],"data_offsets":[18,20]}}  
            """;
        byte[] data =
        [
            .. MemoryMarshal.AsBytes<float>([1.5f, float.NegativeInfinity]),
            .. MemoryMarshal.AsBytes<Half>([(Half)0.1f, Half.NaN, (Half)(-3)]),
            0x80, 0x3F, 0x49, 0x40, 0x00, 0xC0,
        ];
        using var file = SafetensorsFile.Open(Write(SafetensorsBytes.File(Header, data)));

        Assert.Equal([1.5f, float.NegativeInfinity], Values(file, "single"));
        Assert.Equal([(float)(Half)0.1f, float.NaN, -3], Values(file, "half"));
        Assert.Equal([1, 3.140625f], Values(file, "brain"));
        Assert.Empty(Values(file, "none"));
        Assert.Equal([-2], Values(file, "number"));
        Assert.Equal<long>([2, 1], file.Tensors["single"].Shape);
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void The_digest_is_of_every_byte()
    {
        var bytes = SafetensorsBytes.OfFloats(("x", [2], [1, 2]));
        using var file = SafetensorsFile.Open(Write(bytes));
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        file.AppendTo(digest);

        Assert.Equal(SHA256.HashData(bytes), digest.GetHashAndReset());
    }

    [Theory]
    [InlineData("[]", 0, "is not a JSON object")]
    [InlineData("", 0, "is not a JSON object")]
    [InlineData("{", 0, "not valid JSON (at byte 1)")]
    [InlineData(Entry + "x", 4, "not valid JSON")]
    [InlineData("{\"a\\ud800\":{}}", 0, "not Unicode")]
    [InlineData(Entry, 3, "'x' ends at byte 4 of 3; the file is cut off")]
    [InlineData(Entry, 5, "no tensor has the bytes 4 to 5")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "no tensor has the bytes 0 to 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, "'x' needs 4 bytes but its data_offsets are 0 and 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 8, "data_offsets are 4 and 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "has no two data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "more than 2 numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers of at least 0 in its shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "whole numbers of at least 0 in its shape")]
    [InlineData("""{"x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8, "has the dtype 'I64'; save it as F32, F16 or BF16")]
    [InlineData("""{"x":{"shape":[1],"data_offsets":[0,4]}}""", 4, "'x' has no dtype")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "'x' has no shape")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "has dtype twice")]
    [InlineData("""{"x":[]}""", 0, "'x' is not an object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'__metadata__' is not an object of texts")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "has 'a' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "has __metadata__ twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "names the tensor 'x' twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
        "'x' and 'y' overlap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "more elements than can be counted")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "more elements than can be counted")]
    public void A_header_that_contradicts_the_format_is_refused_in_one_line(string header, int dataLength, string problem)
    {
        var path = Write(SafetensorsBytes.File(header, new byte[dataLength]));

        AssertRefused(path, problem);
    }

    [Fact]
    public void A_text_that_is_not_UTF_8_is_refused() =>
        AssertRefused(Write(SafetensorsBytes.File([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'], [])), "header");

    [Theory]
    [InlineData("", "has 0 bytes")]
    [InlineData("00", "has 1 bytes")]
    [InlineData("0100000000000000", "its header has 1 bytes but only 0 follow")]
    [InlineData("00E1F50500000000", "its header has 100000000 bytes but only 0 follow")]
    [InlineData("01E1F50500000000", "its header would have 100000001 bytes")]
    [InlineData("FFFFFFFFFFFFFFFF7B7D", "its header would have 18446744073709551615 bytes")]
    public void A_length_that_cannot_be_meant_is_refused_before_anything_is_allocated(string hexadecimal, string problem)
    {
        var path = Write(Convert.FromHexString(hexadecimal));
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(path, problem);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_said_to_be_so()
    {
        AssertRefused(Path.Combine(folder, "missing"), "there is no such file");
        AssertRefused(folder, "is a directory");
    }

    [Fact]
    public void Reading_into_a_span_of_another_length_is_an_error()
    {
        using var file = SafetensorsFile.Open(Write(SafetensorsBytes.OfFloats(("x", [2], [1, 2]))));

        Assert.Throws<ArgumentException>(() => file.Read(file.Tensors["x"], new float[3]));
    }

    [Fact]
    public void A_file_can_be_replaced_while_it_is_read_and_not_be_read_once_it_is_closed()
    {
        var path = Write(SafetensorsBytes.OfFloats(("x", [2], [1, 2])));
        var file = SafetensorsFile.Open(path);
        File.Move(Write(SafetensorsBytes.OfFloats(("x", [1], [9])), "new"), path, overwrite: true);

        Assert.Equal([1, 2], Values(file, "x"));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Values(file, "x"));
    }

    private static float[] Values(ISafetensors file, string name)
    {
        var values = new float[file.Tensors[name].Count];
        file.Read(file.Tensors[name], values);
        return values;
    }

    private static void AssertRefused(string path, string problem)
    {
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    private string Write(byte[] bytes, string name = "file.safetensors")
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
