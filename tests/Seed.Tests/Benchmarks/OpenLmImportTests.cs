using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class OpenLmImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BenchmarkFact("open-lm/grid.json")]
    public void The_shapes_at_batch_64_have_their_least_loss_and_were_trained_on_twenty_tokens_a_parameter()
    {
        var path = PublicBenchmarks.Find("open-lm/grid.json");
        var benchmark = BenchmarkSource.Load("open-lm:" + path);
        Assert.Null(benchmark.FindProblem());
        Assert.Equal(66, benchmark.Architectures.Length);
        Assert.Equal(-2.6730379104614257, benchmark.Architectures.Single(a => a.Id == "d=1024_l=12_h=16").Truth);

        // Parameters by rho on the 66 of 95 shapes at hand; on all of them 0.989.
        Assert.InRange(Baselines.Rho(benchmark)["parameters"], 0.975, 0.995);
        var tokens = JsonFile.Read(path, "grid").ObjectMembers().Select(member => member.Name.Split('-'))
            .GroupBy(parts => parts[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => long.Parse(group.First()[5], System.Globalization.CultureInfo.InvariantCulture));
        Assert.All(benchmark.Architectures, architecture => Assert.Equal(
            tokens[architecture.Id], 20 * architecture.Genotype.Describe(benchmark.Sizes, 64).Parameters!.Total));
    }

    [BenchmarkFact("open-lm/grid.json")]
    public void Shapes_at_another_batch_are_another_truth()
    {
        var source = "open-lm:" + PublicBenchmarks.Find("open-lm/grid.json");
        Assert.Equal(12, BenchmarkSource.Load(source, "loss-batch-16").Architectures.Length);
        Assert.Equal(13, BenchmarkSource.Load(source, "loss-batch-8").Architectures.Length);
        AssertOneLine(() => BenchmarkSource.Load(source, "loss-batch-9"), "has loss, loss-batch-8, loss-batch-16");
    }

    [Fact]
    public void The_least_loss_over_warm_ups_counts()
    {
        var benchmark = Load("""
            "d=64_l=0_h=4-64-0.003-0.033-64-20-100-3e-05": 3, "d=64_l=0_h=4-64-0.003-0.033-64-20-200-3e-05": 2.5,
            """.Replace("l=0", "l=9", StringComparison.Ordinal));
        Assert.Equal(("open-lm:d64-l9-h4", -2.5), (benchmark.Architectures[0].Genotype.ToString(), benchmark.Architectures[0].Truth));
    }

    [Fact]
    public void A_truth_that_a_grid_does_not_have_names_the_one_that_it_has()
    {
        Load("");
        AssertOneLine(() => BenchmarkSource.Load("open-lm:" + folder.File("grid.json"), "loss-batch-16"), "has loss; give it");
    }

    [Theory]
    [InlineData("\"d=64_l=9_h=4-64-0.003-0.033-64-20-100-3e-05\": \"NaN\",", "is NaN")]
    [InlineData("\"d=64_l=9_h=4-64-0.003-0.033-64-20-100-3e-05\": null,", "expected a number but found null")]
    [InlineData("\"d=64_l=9_h=65-64-0.003-0.033-64-20-100-3e-05\": 2,", "65 heads are more than the hidden size 64")]
    [InlineData("\"d=64_l=9999_h=4-64-0.003-0.033-64-20-100-3e-05\": 2,", "layers 9999: give a number from 1 to 1000")]
    [InlineData("\"d=64_h=4\": 2,", "is no name of a training")]
    [InlineData("\"d=64_l=0_h=4-64-1-1-64-20-100-3\": 2, \"d=64_l=0_h=4-64-1-1-64-20-100-3\": 3,", "is there already")]
    public void What_is_wrong_is_named(string entries, string problem) => AssertOneLine(() => Load(entries), problem);

    [Fact]
    public void A_truncated_and_an_empty_file_are_named()
    {
        AssertOneLine(() => BenchmarkSource.Load("open-lm:" + folder.Write("g.json", "{\"d=64_l=1_h=4-64")), "is not valid JSON");
        AssertOneLine(() => BenchmarkSource.Load("open-lm:" + folder.Write("g.json", "{}")), "$: is empty");
    }

    private static void AssertOneLine(Func<Benchmark> load, params string[] parts)
    {
        var error = Assert.Throws<BenchmarkException>(load);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }

    private Benchmark Load(string first) => BenchmarkSource.Load("open-lm:" + folder.Write(
        "grid.json",
        "{" + first + string.Join(',', Enumerable.Range(1, 8).Select(layers =>
            FormattableString.Invariant($"\"d=64_l={layers}_h=4-64-0.003-0.033-64-20-100-3e-05\": {4 - (0.1 * layers)}"))) + "}"));
}
