using System.Globalization;
using System.Text.Json.Nodes;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Program;

/// <summary>A small part of <c>lpzero nas</c> on the tiny benchmark.</summary>
public sealed class NasTests : IDisposable
{
    private static readonly string Tiny = Path.Combine(Repository.Root!, "data", "tiny-flexibert.json");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_same_command_finds_the_same_within_the_limits_and_writes_its_report()
    {
        string[] arguments =
            ["square(W) * W", "--max-parameters", "90000", "--budget", "5", "--population", "3", "--offspring", "2", "--seeds", "2"];
        var first = await RunAsync([.. arguments, "--json", "--out", "found"]);
        Assert.True(first.ExitCode == 0, first.Error);
        var json = JsonNode.Parse(first.Output)!;
        Assert.Equal((5, 2), ((int)json["methods"]![0]!["runs"]![0]!["scored"]!, json["methods"]![0]!["runs"]!.AsArray().Count));
        Assert.All(json["front"]!.AsArray(), network => Assert.InRange((double)network!["parameters"]!, 1, 90000));
        Assert.Equal(
            (double)json["truth"]!["best"]!["truth"]! - (double)json["methods"]![0]!["runs"]![0]!["best"]!["truth"]!,
            (double)json["methods"]![0]!["runs"]![0]!["regretTop1"]!, 1e-9);
        foreach (var file in new[] { "report.html", "report.md", "nas.json", "pareto.svg", "pareto-truth.svg" })
        {
            Assert.True(File.Exists(Path.Combine(folder.File("found"), file)), file);
        }

        var second = await RunAsync([.. arguments, "--json", "--out", "found"]);
        Assert.Equal(first.Output, second.Output);

        var other = await RunAsync(["layers", "--out", "found"]);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("it belongs to the search of architectures", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_one_line_and_writes_nothing()
    {
        (string[] Arguments, string Expected)[] cases =
        [
            (["W", "--budget", "0"], "--budget 0: give a number from 1 to 100000"),
            (["W", "--seeds", "1001"], "--seeds 1001: give a number from 1 to 1000"),
            (["W", "--max-flops", "-1"], "--max-flops -1: give a finite number above 0"),
            (["W", "--max-parameters", "1e999"], ": give a finite number above 0"),
            (["W", "--max-parameters", "10"], "no network is within the limits"),
            (["squre(W)"], "square"),
            (["disconnect(A) + disconnect(W)"], "both branches are disconnected"),
            (["absent.predictor.json"], "absent.predictor.json"),
        ];
        foreach (var (arguments, expected) in cases)
        {
            var result = await RunAsync([.. arguments, "--out", "found"]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, Assert.Single(result.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder.File("found")));
    }

    [Theory]
    [InlineData("nas")]
    [InlineData("proxy score")]
    public async Task Memory_that_a_designed_proxy_needs_beside_terms_is_looked_at_before_anything_is_computed(string command)
    {
        var benchmark = BenchmarkSource.Load(Tiny);
        var configuration = SearchConfiguration.Presets["default"] with { BatchSize = 128, SequenceLength = 32 };
        List<MemoryEstimate> estimates =
        [
            .. benchmark.Architectures.Select(architecture => Network.MemoryOf(new ProbedNetwork(
                architecture.Genotype.Resolve(benchmark.Shapes), configuration.Probe(benchmark.Sizes)))),
        ];
        var ofTerms = estimates.Max(estimate => MemoryBudget.Needed(estimate, TermEvaluators.Factory(TermEvaluators.DefaultOnCpu, 0)()));
        var ofPasses = estimates.Max(estimate => MemoryBudget.NeededForScoring(estimate));
        Assert.True(ofTerms < ofPasses);

        // Terms alone would fit, but for what the program itself takes.
        var memory = ((ofTerms + ofPasses) / 2e9).ToString(CultureInfo.InvariantCulture);
        foreach (var (proxy, expected) in new[] { ("W", "the program itself takes"), ("snip", "more than the memory budget") })
        {
            var result = await Lpzero.RunAsync(
                folder.Path,
                [.. command.Split(' '), proxy, "--benchmark", Tiny, "--batch", "128x32", "--threads", "1", "--memory", memory]);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        }
    }

    private Task<ProgramResult> RunAsync(string[] arguments) => Lpzero.RunAsync(
        folder.Path, ["nas", .. arguments, "--benchmark", Tiny, "--db", "terms.db", "--batch", "2x16", "--threads", "1"]);
}
