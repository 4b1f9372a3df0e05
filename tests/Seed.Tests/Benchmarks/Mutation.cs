using System.Text;
using LPZero.GpuNode.Training;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>What may become of a file on its way, the same for the same random sequence.</summary>
internal static class Mutation
{
    private static readonly string[] Words =
    [
        "0", "-1", "1e400", "2147483647", "2000000000", "99999999999999999999", "0.5", "null", "true", "[]", "{}", "\"\"", "\"\\ud800\"",
        "\"\\u001b[2J\"", "NaN", "-Infinity", "\"DSC/9\"", "\"LT/DCT\"", "3", "5", "65536", "//", "\\", "\"", ",", "[", "}", "\uFEFF",
    ];

    /// <summary>One to three changes: a byte, a cut, a piece repeated, or a value replaced.</summary>
    /// <param name="file">The file as it should be.</param>
    /// <param name="random">What decides.</param>
    /// <param name="before">The character before a value.</param>
    /// <param name="behind">The characters that end one.</param>
    public static byte[] Of(byte[] file, RandomSequence random, char before = ':', string behind = ",}]")
    {
        var bytes = file.ToList();
        for (var left = 1 + random.Next(3); left > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(200), bytes.Count - at)));
                    break;
                default:
                    ReplaceValue(bytes, at, random, before, behind);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>
    /// Reads mutations one after the other: each is read or refused in one line, and takes no more memory than a small file needs.
    /// </summary>
    /// <typeparam name="TRefusal">How a file is refused; anything else fails the test.</typeparam>
    /// <param name="times">How many; some hundredth is read and some tenth refused, so that the test shows both.</param>
    /// <param name="read">Writes the next one and reads it.</param>
    public static void Try<TRefusal>(int times, Action read)
        where TRefusal : Exception
    {
        const long Most = 32 << 20;
        var (done, refused) = (0, 0);
        for (var i = 0; i < times; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read();
                done++;
            }
            catch (TRefusal error)
            {
                Assert.DoesNotContain(error.Message, char.IsControl);
                Assert.InRange(error.Message.Length, 10, 800);
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Most);
        }

        Assert.True(done > times / 100 && refused > times / 10, $"{done} read, {refused} refused");
    }

    /// <summary>Replaces what stands between the next beginning and the next end of a value.</summary>
    private static void ReplaceValue(List<byte> bytes, int at, RandomSequence random, char before, string behind)
    {
        var start = bytes.IndexOf((byte)before, at) + 1;
        var end = start == 0 ? -1 : bytes.FindIndex(start, b => behind.Contains((char)b, StringComparison.Ordinal));
        if (end >= 0)
        {
            bytes.RemoveRange(start, end - start);
            bytes.InsertRange(start, Encoding.UTF8.GetBytes(random.Choose(Words)));
        }
    }
}
