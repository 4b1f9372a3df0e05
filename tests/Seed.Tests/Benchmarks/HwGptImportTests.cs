using System.Text.Json.Nodes;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class HwGptImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BenchmarkFact("hw-gpt")]
    public void The_public_files_are_read_whole_and_parameters_rank_as_measured()
    {
        foreach (var (size, networks, rho) in ((string, int, double)[])[("s", 400, 0.992), ("m", 400, 0.973), ("l", 200, 0.966)])
        {
            var benchmark = BenchmarkSource.Load("hw-gpt:" + PublicBenchmarks.Find($"hw-gpt/{size}.json"));
            Assert.Null(benchmark.FindProblem());
            Assert.Equal(($"hw-gpt-{size}", networks), (benchmark.Name, benchmark.Architectures.Length));
            Assert.Equal(rho, Baselines.Rho(benchmark)["non-embedding parameters"], 0.003);
            Assert.All(benchmark.Architectures, architecture => Assert.True(architecture.Truth < -10));
        }
    }

    [BenchmarkFact("hw-gpt")]
    public void The_accuracy_is_another_truth_and_is_not_negated()
    {
        var source = "hw-gpt:" + PublicBenchmarks.Find("hw-gpt/s.json");
        Assert.Equal(0.35929355025291443, BenchmarkSource.Load(source, "accuracy").Architectures[0].Truth);
        Assert.Equal(-40.45833206176758, BenchmarkSource.Load(source, "perplexity").Architectures[0].Truth);
        AssertOneLine(() => BenchmarkSource.Load(source, "acuracy"), "--truth acuracy", "has perplexity, accuracy");
    }

    [Fact]
    public void A_network_is_read_with_its_layers()
    {
        var benchmark = Load(_ => { });
        Assert.Equal("hw-gpt:d192-b1:h12-m3,h4-m2", benchmark.Architectures[2].Genotype.ToString());
        Assert.Equal((50254, -42.0), (benchmark.Sizes.Vocabulary, benchmark.Architectures[2].Truth));
    }

    [Theory]
    [InlineData("heads", "[12]", "$[4].heads: has 1 numbers for 2 layers")]
    [InlineData("heads", "[12, 0]", "$[4].heads[1]: expected a whole number from 1 to 1024")]
    [InlineData("mlp_ratio", "[3, 2.5]", "$[4].mlp_ratio[1]: expected a whole number from 1 to 64")]
    [InlineData("embed", "70000", "$[4].embed: expected a whole number from 1 to 65536")]
    [InlineData("bias", "1", "$[4].bias: expected true or false but found 1")]
    [InlineData("perplexity", "\"NaN\"", "$[4].perplexity: is NaN")]
    [InlineData("perplexity", "null", "$[4].perplexity: expected a number")]
    [InlineData("perplexity", "0.5", "$[4].perplexity: is 0.5, and no perplexity is below 1")]
    [InlineData("id", "\"s1\"", "$[4].id: 's1' is also the id of $[1]")]
    public void What_is_wrong_is_named_by_its_path(string member, string value, string problem) =>
        AssertOneLine(() => Load(networks => networks[4]![member] = JsonNode.Parse(value)), problem);

    [Fact]
    public void A_missing_truth_and_a_truncated_file_are_named()
    {
        AssertOneLine(() => Load(networks => networks[4]!.AsObject().Remove("perplexity")), "$[4].perplexity: is missing");
        AssertOneLine(() => BenchmarkSource.Load("hw-gpt:" + folder.Write("s.json", Create().ToJsonString()[..300])), "is not valid JSON");
        AssertOneLine(() => BenchmarkSource.Load("hw-gpt:" + folder.Write("s.json", "{}")), "$: expected an array but found an object");
    }

    private static JsonArray Create() => new([.. Enumerable.Range(0, 8).Select(i => new JsonObject
    {
        ["id"] = $"s{i}", ["embed"] = 192, ["layers"] = 2, ["heads"] = new JsonArray(12, 4), ["mlp_ratio"] = new JsonArray(3, 2),
        ["bias"] = i % 2 == 0, ["perplexity"] = 40 + i, ["accuracy"] = 0.3,
    })]);

    private static void AssertOneLine(Func<Benchmark> load, params string[] parts)
    {
        var error = Assert.Throws<BenchmarkException>(load);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }

    private Benchmark Load(Action<JsonArray> spoil)
    {
        var networks = Create();
        spoil(networks);
        return BenchmarkSource.Load("hw-gpt:" + folder.Write("s.json", networks.ToJsonString()));
    }
}
