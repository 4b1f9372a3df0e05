using LPZero.GpuNode.Training;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class ScoreFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Columns_are_proxies_and_lines_are_architectures_in_any_order()
    {
        var benchmark = SmallBenchmark.Create(3);
        var file = Read("id,snip,\"a, b\"\r\na2,3,-1e-3\r\na0,1.5,nan\r\n\r\na1,-inf,2\n");
        Assert.Equal(["snip", "a, b"], file.Proxies.AsEnumerable());
        Assert.Null(file.FindMisfit(benchmark, benchmark.Architectures));
        var scores = file.Of(benchmark.Architectures);
        Assert.Equal([1.5, double.NegativeInfinity, 3], scores[0].AsEnumerable());
        Assert.Equal([double.NaN, 2, -1e-3], scores[1].AsEnumerable());
    }

    [Theory]
    [InlineData("", "line 1: give a line of headings")]
    [InlineData("id\na0\n", "line 1: give a line of headings")]
    [InlineData("id,snip,\na0,1,2\n", "line 1: give a line of headings")]
    [InlineData("id,snip,snip\na0,1,2\n", "line 1: two columns are named 'snip'")]
    [InlineData("id,\"a\u001b[2J\"\na0,1\n", "line 1: the heading 'a\\u{1B}[2J' holds the control character")]
    [InlineData("id,snip\n", "line 2: the file holds no scores")]
    [InlineData("id,snip\na0,1\na1\n", "line 3: 1 values under 2 headings")]
    [InlineData("id,snip\na0,1\na1,2,3\n", "line 3: 3 values under 2 headings")]
    [InlineData("id,snip\na0,1\n\na1,many\n", "line 4: snip 'many' is no number")]
    [InlineData("id,snip\na0,\n", "line 2: snip '' is no number")]
    [InlineData("id,snip\na0,\"0,5\"\n", "line 2: snip '0,5' is no number")]
    [InlineData("id,snip\na0,1\na1,2\na0,1\n", "line 4: the architecture 'a0' was in line 2 already")]
    public void What_cannot_be_meant_is_named_with_its_line(string content, string expected)
    {
        var problem = Assert.Throws<UsageException>(() => Read(content));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith($"scores:{folder.Path}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_no_text_is_one_line()
    {
        Assert.Contains("there is no such CSV file",
            Assert.Throws<UsageException>(() => ScoreFile.Read(folder.File("absent.csv"))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("bytes.csv"), [0x69, 0x64, 0x2c, 0xff]);
        Assert.Contains("is not UTF-8",
            Assert.Throws<UsageException>(() => ScoreFile.Read(folder.File("bytes.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_the_benchmark_lacks_and_one_that_the_file_lacks_are_named()
    {
        var benchmark = SmallBenchmark.Create(3);
        var unknown = Read("id,snip\na0,1\na9,1\na1,2\na2,3\n").FindMisfit(benchmark, benchmark.Architectures);
        Assert.Contains("line 3: small has no architecture 'a9'; did you mean a0, a1, a2?", unknown, StringComparison.Ordinal);
        var file = Read("id,snip\na0,1\na2,2\n");
        Assert.Contains("line 3: the file ends without scores of 1 of 3 architectures of small, the first of them 'a1'",
            file.FindMisfit(benchmark, benchmark.Architectures), StringComparison.Ordinal);

        // Where the missing one is not wanted, nothing is missing.
        Assert.Null(file.FindMisfit(benchmark, [benchmark.Architectures[2]]));
    }

    [Fact]
    public void Whatever_becomes_of_a_file_gives_scores_or_one_line()
    {
        var random = new RandomSequence(11, "scores");
        byte[] intact = [.. "\uFEFFid,snip,\"a, b\"\r\n"u8, .. string.Concat(
            Enumerable.Range(0, 12).Select(i => FormattableString.Invariant($"a{i},{i * 0.37},{i}e-{i}\n"))).Select(c => (byte)c)];
        byte[][] pieces = [[(byte)'"'], [(byte)','], [(byte)'\n'], [(byte)'\r'], [0xff], [0], [.. "1e999"u8], [.. "a1"u8]];
        var path = folder.File("mutated.csv");
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var content = intact.ToList();
            for (var change = random.Next(3); change >= 0; change--)
            {
                var place = random.Next(content.Count);
                content.RemoveRange(place, Math.Min(random.Next(4), content.Count - place));
                content.InsertRange(place, random.Choose(pieces));
            }

            File.WriteAllBytes(path, [.. content]);
            try
            {
                Assert.NotEmpty(ScoreFile.Read(path).Proxies);
                read++;
            }
            catch (UsageException problem)
            {
                Assert.DoesNotContain(problem.Message, char.IsControl);
                Assert.InRange(problem.Message.Length - path.Length, 20, 300);
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    private ScoreFile Read(string content) => ScoreFile.Read(folder.Write("scores.csv", content));
}
