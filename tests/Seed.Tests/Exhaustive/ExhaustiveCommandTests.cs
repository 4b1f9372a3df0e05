using System.Text.Json;
using LPZero.Seed.Tests.Program;

namespace LPZero.Seed.Tests.Exhaustive;

public sealed class ExhaustiveCommandTests : IDisposable
{
    private static readonly string[] Figures =
    [
        "key", "proxies", "valid", "invalid", "distinctRankings", "top", "baselines", "bestByInputs", "distribution",
    ];

    private static readonly string[] Little = ["--unary", "1", "--inputs", "A,W"];

    // Ranked long enough after the first checkpoint for a process to be killed in between.
    private static readonly string[] Large = ["--unary", "2"];

    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task One_thread_two_threads_and_a_killed_process_give_the_same_result()
    {
        // Two threads in a database of their own, so that they compute the terms too.
        var one = await SearchAsync(run.Database, "one", [.. Large, "--threads", "1"]);
        var two = await SearchAsync("two.db", "two", [.. Large, "--threads", "2"]);
        AssertSame(one, two);

        // Killed as soon as it has written a checkpoint; the same command goes on from there.
        var checkpoint = Path.Combine(run.Folder, "killed", "exhaustive-checkpoint.json");
        Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        using (var watcher = new FileSystemWatcher(Path.GetDirectoryName(checkpoint)!, Path.GetFileName(checkpoint)))
        {
            var written = new TaskCompletionSource();
            watcher.Renamed += (_, _) => written.TrySetResult();
            watcher.EnableRaisingEvents = true;
            using var process = Lpzero.Start(run.Folder, Arguments(run.Database, "killed", [.. Large, "--threads", "1"]));
            await Task.WhenAny(written.Task, process.WaitForExitAsync());
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Equal(137, process.ExitCode);
        }

        Assert.True(File.Exists(checkpoint));
        AssertSame(one, await SearchAsync(run.Database, "killed", [.. Large, "--threads", "2"]));
        Assert.False(File.Exists(checkpoint));
    }

    [Fact]
    public async Task A_later_run_of_the_same_configuration_says_which_quantile_it_reached_and_computes_no_term_again()
    {
        var whole = await SearchAsync(run.Database, "whole", Little);
        Assert.Equal(whole.GetProperty("proxies").GetInt64(),
            whole.GetProperty("distribution").EnumerateArray().Sum(bin => bin.GetProperty("count").GetInt64())
            + whole.GetProperty("invalid").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        Assert.True(File.Exists(Path.Combine(run.Folder, "whole", "report.html")));

        await Lpzero.DoneAsync(run.Folder, run.StartArguments(Little));

        var report = await File.ReadAllTextAsync(Path.Combine(run.Folder, "runs", "run", "report.md"));
        Assert.Contains("The whole space of", report, StringComparison.Ordinal);
        var shown = await run.ShowAsync();
        var standing = shown.GetProperty("wholeSpace");
        var best = shown.GetProperty("best").GetProperty("search").GetProperty("rho").GetDouble();
        Assert.Equal(whole.GetProperty("valid").GetInt64(), standing.GetProperty("valid").GetInt64());
        Assert.Equal(whole.GetProperty("top")[0].GetProperty("expression").GetString(),
            standing.GetProperty("optimum").GetProperty("expression").GetString());
        var better = whole.GetProperty("distribution").EnumerateArray().Where(bin => bin.GetProperty("from").GetDouble() > best)
            .Sum(bin => bin.GetProperty("count").GetInt64());
        var notWorse = whole.GetProperty("distribution").EnumerateArray().Where(bin => bin.GetProperty("to").GetDouble() > best)
            .Sum(bin => bin.GetProperty("count").GetInt64());
        Assert.InRange(standing.GetProperty("betterAtLeast").GetInt64(), better, notWorse);
        Assert.InRange(standing.GetProperty("betterAtMost").GetInt64(), standing.GetProperty("betterAtLeast").GetInt64(), notWorse);
        Assert.All(run.TimesStored(), times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task The_choice_shows_every_option_and_is_written_beside_the_report()
    {
        var chosen = await Lpzero.DoneAsync(
            run.Folder,
            ["search", "choose", "--benchmark", "small.json", "--db", run.Database, "--batch", "2x16", "--memory", "4",
                "--folds", "3", "--out", "choice", "--json", .. Little]);
        var choice = JsonDocument.Parse(chosen.Output).RootElement;
        var options = choice.GetProperty("options").EnumerateArray().ToList();
        var marked = Assert.Single(options, option => option.GetProperty("chosen").GetBoolean());
        Assert.Equal(options.Max(option => option.GetProperty("crossValidatedRho").GetDouble()),
            marked.GetProperty("crossValidatedRho").GetDouble());
        Assert.Equal(3, marked.GetProperty("folds").GetArrayLength());
        Assert.InRange(choice.GetProperty("heldOut").GetProperty("rho").GetDouble(), -1, 1);
        Assert.True(File.Exists(Path.Combine(run.Folder, "choice", "choice.json")));
        Assert.Contains("chosen", await File.ReadAllTextAsync(Path.Combine(run.Folder, "choice", "report.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_choice_among_some_options_is_the_same_on_one_thread_and_on_two()
    {
        var one = await ChooseAsync(run.Database, "1");
        Assert.Equal(one, await ChooseAsync("two.db", "2"));
        Assert.NotEmpty(one);
        Assert.All(one, option => Assert.Contains("layers all_but_last, elements mean, tensors sum", option, StringComparison.Ordinal));

        async Task<List<string>> ChooseAsync(string database, string threads)
        {
            var result = await Lpzero.DoneAsync(
                run.Folder, "search", "choose", "--benchmark", "small.json", "--db", database, "--threads", threads, "--out", threads,
                "--json", "--batch", "2x16", "--memory", "4",
                "--unary", "1", "--folds", "2", "--inputs", "A,W", "--only", "layers all_but_last", "elements mean", "tensors sum",
                "structure first");
            return [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("options").EnumerateArray()
                .Select(option => option.GetRawText())];
        }
    }

    [Theory]
    [InlineData("--only nothing", "choose", "--only", "nothing")]
    [InlineData("--unary 3: the whole space", "exhaustive", "--unary", "3")]
    [InlineData("--pruning none", "exhaustive", "--pruning", "none")]
    [InlineData("--top 0", "exhaustive", "--top", "0")]
    [InlineData("--folds 1", "choose", "--folds", "1")]
    public async Task Bad_input_gets_one_line_and_the_exit_code_of_wrong_usage(string message, string verb, params string[] more)
    {
        var result = await Lpzero.RunAsync(
            run.Folder, ["search", verb, "--benchmark", "small.json", "--batch", "2x16", "--db", run.Database, .. more]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task The_results_of_another_search_are_not_overwritten()
    {
        var first = await SearchAsync(run.Database, "one", "--unary", "1");
        var other = await Lpzero.RunAsync(run.Folder, Arguments(run.Database, "one", "--unary", "1", "--inputs", "A,W"));
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("--out one: it belongs to the exhaustive search", other.Error, StringComparison.Ordinal);
        AssertSame(first, await SearchAsync(run.Database, "one", "--unary", "1"));
    }

    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        foreach (var figure in Figures)
        {
            Assert.Equal(expected.GetProperty(figure).GetRawText(), actual.GetProperty(figure).GetRawText());
        }
    }

    private static string[] Arguments(string database, string output, params string[] more) =>
        ["search", "exhaustive", "--benchmark", "small.json", "--db", database, "--batch", "2x16", "--memory", "4", "--out", output,
            "--json", .. more];

    private async Task<JsonElement> SearchAsync(string database, string output, params string[] more)
    {
        var result = await Lpzero.DoneAsync(run.Folder, Arguments(database, output, more));
        return JsonDocument.Parse(result.Output).RootElement.Clone();
    }
}
