using System.Text.Json;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Program;

public sealed class EvaluateTests : IDisposable
{
    private const string Expression = "square(abs_log(H)) * exp(W)";

    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task What_was_computed_once_is_known_the_next_time_and_gives_the_same_figures()
    {
        var first = await EvaluateAsync(Expression, "--json");
        Assert.True(first.ExitCode == 0, first.Error);
        var row = Row(first.Output);
        Assert.True(row.GetProperty("secondsPerArchitecture").GetDouble() > 0);

        var second = await EvaluateAsync(Expression, "--out", "figures.json");
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Empty(second.Output);
        var again = Row(await File.ReadAllTextAsync(Path.Combine(run.Folder, "figures.json")));
        Assert.Equal(row.GetProperty("rhoLow").GetDouble(), again.GetProperty("rhoLow").GetDouble());
        Assert.False(again.TryGetProperty("secondsPerArchitecture", out _));

        static JsonElement Row(string json) => JsonDocument.Parse(json).RootElement.GetProperty("rows").EnumerateArray()
            .Single(row => row.GetProperty("proxy").GetString() == Expression);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_one_line_and_writes_nothing()
    {
        (string[] Arguments, string Expected)[] cases =
        [
            ([Expression, "--out", "figures.docx"], "its ending names no format"),
            ([Expression, "--sample", "3"], "--sample 3: give a number from 4"),
            (["squre(W)"], "square"),
            ([Expression, "--benchmark", "./small.json"], "--benchmark: small (./small.json) was given before; give each benchmark once"),
            (["scores:absent.csv"], "there is no such CSV file"),
            (["disconnect(A) + disconnect(W)", "--out", "figures.md"], "both branches are disconnected"),
        ];
        foreach (var (arguments, expected) in cases)
        {
            var result = await EvaluateAsync(arguments);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, Assert.Single(result.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }

        Assert.Equal(["small.json"], Directory.EnumerateFiles(run.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_no_network_is_built_for_needs_no_memory_for_one()
    {
        string[] command = ["evaluate", "--benchmark", "small.json", "--db", run.Database, "--memory", "0.00001", "--json"];
        var table = JsonDocument.Parse((await Lpzero.DoneAsync(run.Folder, [.. command, "--proxies", "parameters,flops"])).Output);
        Assert.Contains(
            table.RootElement.GetProperty("rows").EnumerateArray(), row => row.GetProperty("proxy").GetString() == "flops");

        var refused = await Lpzero.RunAsync(run.Folder, [.. command, "--proxies", "parameters,snip"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("more than the memory budget", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_part_can_be_searched_the_whole_benchmark_has_its_table_and_a_note_says_why()
    {
        var small = SmallBenchmark.Create();
        new BenchmarkFile(small with
        {
            Architectures = [.. small.Architectures.Select((architecture, i) => architecture with
            {
                Genotype = small.Architectures[i % 5].Genotype,
            })],
        }).Write(Path.Combine(run.Folder, "small.json"));

        var table = JsonDocument.Parse((await EvaluateAsync("parameters", "--json")).Output).RootElement;

        var row = table.GetProperty("rows").EnumerateArray().First(row => row.GetProperty("proxy").GetString() == "parameters");
        Assert.Equal(5, row.GetProperty("networks").GetInt32());
        Assert.InRange(row.GetProperty("rho").GetDouble(), -1, 1);
        Assert.Empty(table.GetProperty("heldOut").EnumerateArray());
        Assert.Contains(
            "small has no table of held-out networks: they are", Assert.Single(table.GetProperty("notes").EnumerateArray()).GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_benchmarks_are_one_table_and_too_many_for_the_other_commands()
    {
        var (small, other) = (SmallBenchmark.Create(), Path.Combine(run.Folder, "other.json"));
        new BenchmarkFile(small with { Metric = "another quality" }).Write(other);
        string[] twice =
        [
            "--benchmark", "small.json", "--benchmark", "./other.json", "--db", run.Database, "--batch", "2x16", "--memory", "4",
        ];
        var table = await Lpzero.DoneAsync(run.Folder, ["evaluate", .. twice, "--proxies", Expression, "--format", "csv"]);
        Assert.Equal(1 + (2 * 7), table.Output.TrimEnd('\n').Split('\n').Length);
        Assert.Contains(",small (./other.json),", table.Output, StringComparison.Ordinal);
        var score = await Lpzero.RunAsync(run.Folder, ["proxy", "score", Expression, .. twice]);
        Assert.Equal((2, "lpzero: --benchmark: give one\n"), (score.ExitCode, score.Error));
        await Lpzero.DoneAsync(run.Folder, ["proxy", "score", Expression, .. twice[2..]]);
    }

    private Task<ProgramResult> EvaluateAsync(params string[] proxiesAndMore) => Lpzero.RunAsync(
        run.Folder,
        [
            "evaluate", "--benchmark", "small.json", "--db", run.Database, "--batch", "2x16", "--memory", "4",
            "--proxies", .. proxiesAndMore,
        ]);
}
