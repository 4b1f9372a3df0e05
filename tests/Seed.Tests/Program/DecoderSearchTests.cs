using System.Text.Json;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Program;

/// <summary>Decoders of every space are searched to a report with the baselines of their space.</summary>
public sealed class DecoderSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_search_ends_with_a_held_out_table_and_the_baselines_of_the_space()
    {
        Write("gpt2:d16-e8-k1-v40-p32:h2-f{0}", 40, 32);
        var started = await RunAsync(
            "search", "start", "--name", "run", "--population", "6", "--iterations", "3", "--unary", "1", "--json");
        Assert.True(started.ExitCode == 0, started.Error);
        var shown = await Lpzero.RunAsync(folder.Path, "search", "show", "run", "--db", folder.File("runs.db"));
        Assert.Contains("non-embedding parameters x sqrt(embedding width)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("held out: 4 architectures", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2:d16-e8-k2-v10/20/40-p32:h2-f{0}", 40, 32)]
    [InlineData("open-lm:d{0}-l1-h2", 50432, 1000)]
    public async Task A_proxy_is_scored_on_decoders(string form, int vocabulary, int positions)
    {
        Write(form, vocabulary, positions);
        var scored = await RunAsync("proxy", "score", "abs(J) * abs(W)", "--json");
        Assert.True(scored.ExitCode == 0, scored.Error);
        using var json = JsonDocument.Parse(scored.Output);
        Assert.InRange(json.RootElement.GetProperty("rho").GetDouble(), -1, 1);
        Assert.Equal(4, json.RootElement.GetProperty("heldOut").GetProperty("networks").GetInt32());
    }

    [Fact]
    public void A_decoder_whose_tokens_are_not_the_benchmarks_is_refused_where_the_file_is_read()
    {
        Write("gpt2:d16-e8-k1-v40-p32:h2-f{0}", 41, 32);
        Assert.Contains("architecture 0: the network has 40 tokens, the mini-batch 41",
            Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(folder.File("b.json"))).Message, StringComparison.Ordinal);
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) => Lpzero.RunAsync(
        folder.Path,
        [.. arguments, "--benchmark", "b.json", "--db", folder.File("runs.db"), "--batch", "2x8", "--memory", "4", "--threads", "1"]);

    private void Write(string form, int vocabulary, int positions) => new BenchmarkFile(new Benchmark(
        "decoders", "negative loss", Shapes.Genotype, new EmbeddingSizes(vocabulary, null, positions),
        [
            .. Enumerable.Range(1, 12).Select(i => new Architecture(
                FormattableString.Invariant($"{i}"),
                SearchSpaces.Known.Parse(form.Replace("{0}", FormattableString.Invariant($"{4 * i}"), StringComparison.Ordinal)), i % 5)),
        ])).Write(folder.File("b.json"));
}
