using System.Text;
using LPZero.GpuNode.Safetensors;
using LPZero.GpuNode.Training;

namespace LPZero.GpuNode.Tests.Safetensors;

/// <summary>
/// Whatever becomes of a file on its way, it is read or refused in one line, and takes no more memory than its size allows.
/// </summary>
public sealed class MutatedSafetensorsTests : IDisposable
{
    private static readonly string[] Words =
    [
        "0", "-1", "1", "4", "8", "16", "9223372036854775807", "18446744073709551616", "1e9", "0.5", "null", "[]", "{}", "\"\"", "\"F16\"",
        "\"BF16\"", "\"F64\"", "[0,0]", "[2,2]", "[4,4]", "[1000000000000]", "\"\\ud800\"", "\"\\u001b[2J\"", "}", "]", "\"", ",", ":",
    ];

    private static readonly byte[] Sample = SafetensorsBytes.OfFloats(
        ("A.0.0", [2, 2], [1, 2, 3, 4]), ("W.0.0", [2], [5, 6]), ("empty", [0], []), ("S.0.0", [1, 2, 1], [7, 8]));

    private const int DataLength = 32;

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-mutated-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_header_fills_the_data_or_is_refused()
    {
        var random = new RandomSequence(5, "headers");
        var header = Sample[8..^DataLength];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Try(5000, () =>
        {
            var length = random.Next(8) == 0 ? random.Next(64) : DataLength;
            var parsed = SafetensorsHeader.Parse(Mutate(header, random), length);
            Assert.Equal(length, parsed.Tensors.Values.Sum(tensor => tensor.Length));
            Assert.All(parsed.Tensors.Values, tensor => Assert.InRange(tensor.Begin, 0, length - tensor.Length));
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5000 * 100_000L);
    }

    [Fact]
    public void An_index_names_files_beside_it_or_is_refused()
    {
        var random = new RandomSequence(6, "indices");
        var index = Encoding.UTF8.GetBytes("""{"metadata":{"total_size":8},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}""");
        Try(5000, () => Assert.All(
            ShardIndex.Parse(Mutate(index, random)).Values, file => Assert.Equal("/" + file, Path.GetFullPath("/" + file))));
    }

    [Fact]
    public void A_file_is_read_to_its_end_or_refused()
    {
        var random = new RandomSequence(7, "files");
        var path = Path.Combine(folder, "mutated.safetensors");
        Try(5000, () =>
        {
            File.WriteAllBytes(path, random.Next(3) switch
            {
                0 => Sample[..random.Next(Sample.Length)],
                1 => Mutate(Sample, random),
                _ => [.. Sample[..^DataLength], .. Enumerable.Range(0, DataLength).Select(_ => (byte)random.Next(256))],
            });
            using var opened = SafetensorsFile.Open(path);
            foreach (var tensor in opened.Tensors.Values)
            {
                opened.Read(tensor, new float[tensor.Count]);
            }
        });
    }

    private static void Try(int times, Action read)
    {
        var (done, refused) = (0, 0);
        for (var i = 0; i < times; i++)
        {
            try
            {
                read();
                done++;
            }
            catch (Exception error) when (error is SafetensorsException or FormatException)
            {
                Assert.DoesNotContain(error.Message, char.IsControl);
                Assert.InRange(error.Message.Length, 10, 600);
                refused++;
            }
        }

        Assert.True(done > times / 100 && refused > times / 5, $"{done} read, {refused} refused");
    }

    /// <summary>One or two changes: a byte, a cut, a piece repeated, or a piece of the header replaced.</summary>
    private static byte[] Mutate(byte[] file, RandomSequence random)
    {
        var bytes = file.ToList();
        for (var left = 1 + random.Next(2); left > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at)));
                    break;
                default:
                    var word = Encoding.UTF8.GetBytes(random.Choose(Words));
                    var end = bytes.FindIndex(at, b => b is (byte)',' or (byte)']' or (byte)'}');
                    bytes.RemoveRange(at, Math.Max(0, end - at));
                    bytes.InsertRange(at, word);
                    break;
            }
        }

        return [.. bytes];
    }
}
