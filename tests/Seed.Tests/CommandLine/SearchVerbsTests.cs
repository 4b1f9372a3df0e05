using System.CommandLine;
using System.Text.Json;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Reporting;
using Spectre.Console;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>The table of verbs against the commands made from it and against the service that a cluster offers.</summary>
public sealed class SearchVerbsTests : IDisposable
{
    private const string Run = "first";
    private readonly TemporaryFolder folder = new();
    private readonly string benchmark;

    public SearchVerbsTests()
    {
        benchmark = folder.File("small.json");
        new BenchmarkFile(SmallBenchmark.Create()).Write(benchmark);
    }

    public static TheoryData<string> Verbs => [.. SearchVerbs.All.Select(verb => verb.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_of_the_table_is_a_command_with_its_help_and_arguments(string name)
    {
        var verb = SearchVerbs.All.Single(verb => verb.Name == name);
        var command = Commands.Root().Parse(["search", .. name.Split(' ')]).CommandResult.Command;
        Assert.Equal(verb.Help, command.Description);
        Assert.Equal(
            verb.Arguments.Concat(verb.FileOptions).Concat(verb.LocalOptions).Select(symbol => symbol.Name).Order(StringComparer.Ordinal),
            command.Arguments.Concat<Symbol>(command.Options).Select(symbol => symbol.Name).Order(StringComparer.Ordinal));
        if (verb.Alias is { } alias)
        {
            Assert.Same(command, command.Parents.OfType<Command>().Single().Subcommands.Single(other => other.Aliases.Contains(alias)));
        }
    }

    [Theory]
    [InlineData("start", "Start", "Status", "Definition", "Leaderboard", "Result")]
    [InlineData("list", "List")]
    [InlineData("status", "Status")]
    [InlineData("watch", "Status")]
    [InlineData("pause", "Pause")]
    [InlineData("resume", "Resume")]
    [InlineData("stop", "Stop")]
    [InlineData("delete", "Delete")]
    [InlineData("tag", "Tag")]
    [InlineData("priority", "Prioritize")]
    [InlineData("show", "Definition", "Leaderboard", "Result")]
    [InlineData("compare", "Definition", "Result")]
    [InlineData("export", "Definition", "Leaderboard", "Result", "Benchmark " + RecordingService.Digest)]
    [InlineData("report", "Definition", "Leaderboard", "Result")]
    [InlineData("events", "Events")]
    [InlineData("benchmark list", "Benchmarks")]
    [InlineData("nodes", "Nodes")]
    public async Task A_verb_asks_the_service_of_a_cluster(string name, params string[] expected)
    {
        var service = new RecordingService { Report = name is "report" or "compare" ? SampleReport.Of(insight: 1).ToJson() : null };
        using var output = new StringWriter();
        await RunAsync(service, output, name, Arguments(name));
        Assert.Equal(expected, service.Calls);
        Assert.NotEqual("", output.ToString());
    }

    [Fact]
    public async Task A_run_without_a_report_is_not_compared()
    {
        using var output = new StringWriter();
        var failure = await Assert.ThrowsAsync<SearchServiceException>(
            () => RunAsync(new RecordingService(), output, "compare", [Run]));
        Assert.StartsWith("run 'first' has no proxy to report yet; ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_of_the_table_is_among_those_that_ask_the_service()
    {
        var tried = typeof(SearchVerbsTests).GetMethod(nameof(A_verb_asks_the_service_of_a_cluster))!.GetCustomAttributesData()
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data =>
                (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(SearchVerbs.All.Select(verb => verb.Name).Order(StringComparer.Ordinal), tried.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("watch")]
    [InlineData("start")]
    public async Task A_run_that_a_problem_has_paused_does_not_end_well_for_whoever_follows_it(string verb)
    {
        var paused = new RecordingService { Status = RecordingService.Finished with { State = "paused", Problem = "a device has failed" } };
        using var output = new StringWriter();

        var failure = await Assert.ThrowsAsync<SearchServiceException>(() => RunAsync(paused, output, verb, Arguments(verb)));

        Assert.Equal("run 'first' was paused by a problem: a device has failed", failure.Message);
        Assert.Equal(ExitCode.Failed, ExitCode.Of(failure));
    }

    [Theory]
    [InlineData("watch")]
    [InlineData("start")]
    public async Task A_run_whose_report_a_problem_has_prevented_does_not_end_well_for_whoever_follows_it(string verb)
    {
        var without = new RecordingService { Status = RecordingService.Finished with { Problem = "a device has failed" } };
        using var output = new StringWriter();

        var failure = await Assert.ThrowsAsync<SearchServiceException>(() => RunAsync(without, output, verb, Arguments(verb)));

        Assert.Equal("run 'first' has no report: a device has failed; search resume tries again", failure.Message);
        await RunAsync(
            new RecordingService { Status = RecordingService.Finished with { Problem = CoordinatorActor.ReportPutOff } }, output, verb,
            Arguments(verb));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("show")]
    public async Task Why_a_search_has_ended_is_said(string verb)
    {
        using var output = new StringWriter();
        await RunAsync(new RecordingService(), output, verb, [Run]);
        Assert.Contains("finished", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("all 3 iterations done", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_somebody_has_paused_ends_well_for_whoever_follows_it()
    {
        var paused = new RecordingService { Status = RecordingService.Finished with { State = "paused" } };
        using var output = new StringWriter();
        await RunAsync(paused, output, "watch", [Run]);
        Assert.Contains("paused", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_prints_one_object_a_line()
    {
        using var output = new StringWriter();
        await RunAsync(new RecordingService(), output, "watch", [Run, "--json"]);
        var line = Assert.Single(output.ToString().Trim().Split('\n'));
        Assert.Equal(Run, JsonDocument.Parse(line).RootElement.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(false, "run 'first' is deleted; its terms and its files stay")]
    [InlineData(true, "\"deleted\": true")]
    public async Task A_deleted_run_is_said_to_be(bool json, string expected)
    {
        using var output = new StringWriter();
        await RunAsync(new RecordingService(), output, "delete", json ? [Run, "--json"] : [Run]);
        Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_benchmark_is_started_again_by_its_name()
    {
        var service = new RecordingService();
        using var output = new StringWriter();
        await RunAsync(service, output, "start", ["--name", Run, "--benchmark", "stored:small", "--detach"]);
        Assert.Equal(["Benchmark small", "Start"], service.Calls);
    }

    [Fact]
    public async Task A_run_is_started_with_the_priority_that_is_given_and_with_none_where_none_is()
    {
        var service = new RecordingService();
        string[] start = ["--name", Run, "--benchmark", "stored:small", "--detach"];
        using var output = new StringWriter();
        await RunAsync(service, output, "start", start);
        Assert.Null(service.Started!.Priority);
        await RunAsync(service, output, "start", [.. start, "--priority", "4"]);
        Assert.Equal(4, service.Started.Priority);
        var refused = await Assert.ThrowsAsync<UsageException>(() => RunAsync(service, output, "start", [.. start, "--priority", "0"]));
        Assert.Equal("--priority 0 is out of range: give 1 to 100", refused.Message);

        await RunAsync(new RecordingService { Status = RecordingService.Finished with { Priority = 4 } }, output, "status", [Run]);
        Assert.Contains("priority: 4", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_given_another_priority_and_says_it_and_one_out_of_range_is_refused_before_anybody_is_asked()
    {
        var service = new RecordingService();
        using var output = new StringWriter();
        await RunAsync(service, output, "priority", [Run, "9"]);
        Assert.Contains("priority: 9", output.ToString(), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<UsageException>(() => RunAsync(service, output, "priority", [Run, "101"]));
        Assert.Equal("priority 101 is out of range: give 1 to 100", refused.Message);
        Assert.Equal(["Prioritize"], service.Calls);
    }

    [Fact]
    public async Task The_proxies_of_a_cluster_are_exported_as_they_are_on_one_machine()
    {
        using var output = new StringWriter();
        await RunAsync(new RecordingService(), output, "export", [Run, "--format", "csv"]);
        Assert.StartsWith("rank,expression", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(RecordingService.Best, output.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<UsageException>(() => RunAsync(new RecordingService(), output, "export", [Run, "--rank", "9"]));
    }

    [Fact]
    public async Task What_show_prints_of_a_cluster_as_json_has_the_fields_of_one_machine()
    {
        var report = SampleReport.Of(insight: 1);
        using var output = new StringWriter();
        await RunAsync(new RecordingService { Report = report.ToJson() }, output, "show", [Run, "--json"]);

        using var shown = JsonDocument.Parse(output.ToString());
        var root = shown.RootElement;
        Assert.Equal(
            [
                "schemaVersion", "name", "state", "configuration", "benchmarkDigest", "numericProfile", "best", "bestProxy", "compared",
                "leaderboard", "baselines", "differences", "evaluations", "invalidEvaluations", "iterations", "prunedByRule", "termCache",
                "ended", "seconds", "smallestDifference",
            ],
            root.EnumerateObject().Select(field => field.Name));
        Assert.Equal(report.Proxies[0].HeldOut!.Rho, root.GetProperty("best").GetProperty("heldOut").GetProperty("rho").GetDouble());
        Assert.Equal(report.Baselines.Select(baseline => baseline.Name),
            root.GetProperty("baselines").EnumerateArray().Select(b => b.GetProperty("name").GetString()!));
        Assert.Equal((30, 40),
            (root.GetProperty("termCache").GetProperty("hits").GetInt64(), root.GetProperty("termCache").GetProperty("misses").GetInt64()));
        Assert.Equal(12.5, root.GetProperty("seconds").GetDouble());
    }

    [Fact]
    public async Task The_held_out_figures_of_a_cluster_are_shown_and_exported()
    {
        var service = new RecordingService { Report = SampleReport.Of(insight: 1).ToJson() };
        using var shown = new StringWriter();
        await RunAsync(service, shown, "show", [Run]);
        Assert.Contains($"held out: {SampleReport.HeldOutSize} architectures", shown.ToString(), StringComparison.Ordinal);
        Assert.Contains("The best proxy beats the baseline", shown.ToString(), StringComparison.Ordinal);

        using var without = new StringWriter();
        await RunAsync(new RecordingService(), without, "export", [Run, "--format", "csv"]);
        using var exported = new StringWriter();
        await RunAsync(service, exported, "export", [Run, "--format", "csv"]);
        Assert.NotEqual(without.ToString(), exported.ToString());
    }

    [Fact]
    public async Task The_hints_of_a_cluster_name_its_address()
    {
        using var output = new StringWriter();
        await RunAsync(new RecordingService(), output, "start", ["--name", Run, "--benchmark", benchmark, "--detach"]);
        Assert.Contains($"lpzero --connect 127.0.0.1:4054 search watch {Run}", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search start --name x --benchmark y --threads 2")]
    [InlineData("search resume x --detach")]
    [InlineData("search exhaustive --benchmark y --db z")]
    [InlineData("search choose --benchmark y --memory 2")]
    [InlineData("proxy score A --benchmark y --evaluator fused")]
    [InlineData("proxy explain A")]
    public async Task What_only_this_machine_can_do_is_refused_with_connect(string line)
    {
        var result = await Program.Lpzero.RunAsync(Path.GetTempPath(), ["--connect", "127.0.0.1:1", .. line.Split(' ')]);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("--connect", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://x/")]
    [InlineData("two words")]
    [InlineData("user@host:1")]
    public void A_bad_address_of_a_cluster_is_refused(string address) =>
        Assert.Throws<UsageException>(() => new HttpSearchService(address));

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_named_in_one_line()
    {
        var result = await Program.Lpzero.RunAsync(Path.GetTempPath(), "--connect", "127.0.0.1:1", "search", "list");
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("127.0.0.1:1 does not answer", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    private static async Task RunAsync(RecordingService service, StringWriter output, string verb, string[] arguments)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        var parsed = Commands.Root().Parse(["search", .. verb.Split(' '), .. arguments]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(ExitCode.Done, await new ServiceVerbs(service, RunPlace.Cluster("127.0.0.1:4054"), output, console).RunAsync(
            service, verb, parsed, CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_follows_a_run_of_a_cluster_writes_its_files_where_it_says()
    {
        using var output = new StringWriter();
        var service = new RecordingService { Report = SampleReport.Of(insight: 1).ToJson() };
        await RunAsync(service, output, "start", ["--name", Run, "--benchmark", benchmark, "--out", folder.File("followed")]);
        await RunAsync(service, output, "report", [Run, "--out", folder.File("again")]);
        foreach (var file in new[] { "report.html", "report.md", "hall-of-fame.csv", "hall-of-fame.json" })
        {
            Assert.Equal(
                await File.ReadAllTextAsync(folder.File($"followed/{file}")), await File.ReadAllTextAsync(folder.File($"again/{file}")));
        }

        Assert.Contains("first-again", await File.ReadAllTextAsync(folder.File("again/report.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_a_report_has_none_written()
    {
        using var output = new StringWriter();
        var refused = await Assert.ThrowsAsync<SearchServiceException>(
            () => RunAsync(new RecordingService(), output, "report", [Run, "--out", folder.File("report")]));
        Assert.Contains("has no report yet", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("report")));
    }

    private string[] Arguments(string name) => name switch
    {
        "start" => ["--name", Run, "--benchmark", benchmark],
        "report" => [Run, "--out", folder.File("report")],
        "priority" => [Run, "4"],
        "compare" => [Run],
        _ => SearchVerbs.All.Single(verb => verb.Name == name).Arguments.Contains(SearchVerbs.Run) ? [Run] : [],
    };
}
