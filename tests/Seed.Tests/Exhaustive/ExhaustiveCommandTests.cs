using System.Text.Json;
using LPZero.Seed.Tests.Program;

namespace LPZero.Seed.Tests.Exhaustive;

public sealed class ExhaustiveCommandTests : IDisposable
{
    private static readonly string[] Figures = ["key", "proxies", "valid", "invalid", "distinctRankings", "top", "baselines", "bestByInputs", "distribution"];

    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task One_thread_two_threads_and_a_killed_process_give_the_same_result()
    {
        var one = await SearchAsync("one", "--threads", "1");
        var two = await SearchAsync("two", "--threads", "2");
        AssertSame(one, two);

        // Killed as soon as it has written a checkpoint; the same command goes on from there.
        var checkpoint = Path.Combine(run.Folder, "killed", "exhaustive-checkpoint.json");
        Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        using (var watcher = new FileSystemWatcher(Path.GetDirectoryName(checkpoint)!, Path.GetFileName(checkpoint)))
        {
            var written = new TaskCompletionSource();
            watcher.Renamed += (_, _) => written.TrySetResult();
            watcher.EnableRaisingEvents = true;
            using var process = Lpzero.Start(run.Folder, Arguments("killed", "--threads", "1"));
            await Task.WhenAny(written.Task, process.WaitForExitAsync());
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Equal(137, process.ExitCode);
        }

        Assert.True(File.Exists(checkpoint));
        AssertSame(one, await SearchAsync("killed", "--threads", "2"));
        Assert.False(File.Exists(checkpoint));
    }

    [Fact]
    public async Task A_later_run_of_the_same_configuration_says_which_quantile_it_reached_and_computes_no_term_again()
    {
        var whole = await SearchAsync("whole");
        Assert.Equal(whole.GetProperty("proxies").GetInt64(), whole.GetProperty("distribution").EnumerateArray().Sum(bin => bin.GetProperty("count").GetInt64())
            + whole.GetProperty("invalid").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        Assert.True(File.Exists(Path.Combine(run.Folder, "whole", "report.html")));

        Assert.Equal(0, (await Lpzero.RunAsync(run.Folder, run.StartArguments())).ExitCode);

        var report = await File.ReadAllTextAsync(Path.Combine(run.Folder, "runs", "run", "report.md"));
        Assert.Contains("The whole space of", report, StringComparison.Ordinal);
        var best = (await run.ShowAsync()).GetProperty("best").GetProperty("search").GetProperty("rho").GetDouble();
        Assert.True(best <= whole.GetProperty("top")[0].GetProperty("search").GetProperty("rho").GetDouble());
        Assert.All(run.TimesStored(), times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task The_choice_shows_every_option_and_is_written_beside_the_report()
    {
        var chosen = await Lpzero.RunAsync(
            run.Folder, "search", "choose", "--benchmark", "small.json", "--db", run.Database, "--batch", "2x16", "--memory", "1", "--unary", "1", "--folds", "3", "--out", "choice", "--json");

        Assert.True(chosen.ExitCode == 0, chosen.Error);
        var choice = JsonDocument.Parse(chosen.Output).RootElement;
        var options = choice.GetProperty("options").EnumerateArray().ToList();
        var marked = Assert.Single(options, option => option.GetProperty("chosen").GetBoolean());
        Assert.Equal(options.Max(option => option.GetProperty("crossValidatedRho").GetDouble()), marked.GetProperty("crossValidatedRho").GetDouble());
        Assert.Equal(3, marked.GetProperty("folds").GetArrayLength());
        Assert.InRange(choice.GetProperty("heldOut").GetProperty("rho").GetDouble(), -1, 1);
        Assert.True(File.Exists(Path.Combine(run.Folder, "choice", "choice.json")));
        Assert.Contains("chosen", await File.ReadAllTextAsync(Path.Combine(run.Folder, "choice", "report.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--unary 3: the whole space", "exhaustive", "--unary", "3")]
    [InlineData("--pruning none", "exhaustive", "--pruning", "none")]
    [InlineData("--top 0", "exhaustive", "--top", "0")]
    [InlineData("--folds 1", "choose", "--folds", "1")]
    public async Task Bad_input_gets_one_line_and_the_exit_code_of_wrong_usage(string message, string verb, params string[] more)
    {
        var result = await Lpzero.RunAsync(run.Folder, ["search", verb, "--benchmark", "small.json", "--batch", "2x16", "--db", run.Database, .. more]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        foreach (var figure in Figures)
        {
            Assert.Equal(expected.GetProperty(figure).GetRawText(), actual.GetProperty(figure).GetRawText());
        }
    }

    private string[] Arguments(string output, params string[] more) =>
        ["search", "exhaustive", "--benchmark", "small.json", "--db", run.Database, "--batch", "2x16", "--memory", "1", "--out", output, "--json", .. more];

    private async Task<JsonElement> SearchAsync(string output, params string[] more)
    {
        var result = await Lpzero.RunAsync(run.Folder, Arguments(output, more));
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement.Clone();
    }
}
