using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Reporting;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>What each verb of <see cref="SearchVerbs"/> does on a cluster, whoever asks and wherever the answer goes.</summary>
/// <param name="service">The cluster's searches.</param>
/// <param name="output">Where lines go.</param>
/// <param name="console">Where tables go.</param>
/// <param name="hint">A verb with its run, as it is to be typed where the answer is read.</param>
internal sealed class ClusterVerbs(ISearchService service, TextWriter output, IAnsiConsole console, Func<string, string, string> hint)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    /// <summary>Carries out a verb and returns the exit code.</summary>
    /// <param name="verb">Its name in the table.</param>
    /// <param name="parsed">Its arguments.</param>
    /// <param name="interrupt">Ends what follows a run; the run goes on.</param>
    /// <exception cref="SearchServiceException">It cannot be carried out; the message says why.</exception>
    public async Task<int> RunAsync(string verb, ParseResult parsed, CancellationToken interrupt)
    {
        var json = parsed.GetValue(SearchVerbs.Json);
        await (verb switch
        {
            "start" => StartAsync(parsed, json, interrupt),
            "list" => ListAsync(json, interrupt),
            "status" => StatusAsync(service.StatusAsync(Run(parsed), interrupt), json),
            "watch" => WatchAsync(Run(parsed), json, interrupt),
            "pause" => StatusAsync(service.PauseAsync(Run(parsed), interrupt), json),
            "resume" => StatusAsync(service.ResumeAsync(Run(parsed), interrupt), json),
            "stop" => StatusAsync(service.StopAsync(Run(parsed), interrupt), json),
            "show" => ShowAsync(Run(parsed), json, interrupt),
            "export" => ExportAsync(parsed, interrupt),
            "events" => EventsAsync(Run(parsed), interrupt),
            "benchmark list" => BenchmarksAsync(json, interrupt),
            "nodes" => NodesAsync(json, interrupt),
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "not in the table of verbs"),
        });
        return ExitCode.Done;
    }

    private static string Run(ParseResult parsed) => parsed.GetValue(SearchVerbs.Run)!;

    private async Task StartAsync(ParseResult parsed, bool json, CancellationToken interrupt)
    {
        var run = SearchCommands.NewRunName(parsed);
        var source = parsed.GetValue(SearchVerbs.Benchmark)!;
        var benchmark = source.StartsWith(SearchVerbs.StoredBenchmark, StringComparison.Ordinal)
            ? await service.BenchmarkAsync(source[SearchVerbs.StoredBenchmark.Length..], interrupt)
            : BenchmarkSource.Load(source);
        var configuration = SearchVerbs.Configuration.Read(parsed, benchmark);
        await service.StartAsync(new StartRequest(run, configuration, benchmark), interrupt);
        if (parsed.GetValue(SearchVerbs.Detach))
        {
            Print(new { run, detached = true }, json, () => output.WriteLine($"run '{run}' goes on on the cluster; follow it with: {hint("watch", run)}"));
            return;
        }

        // The JSON of a finished run is one text, as on one machine; what happens on the way is for people.
        await WatchAsync(run, json: false, interrupt, quiet: json);
        await ShowAsync(run, json, interrupt);
    }

    private async Task ListAsync(bool json, CancellationToken interrupt)
    {
        var runs = await service.ListAsync(interrupt);
        Print(runs, json, () =>
        {
            var table = new FittedTable("run", "state", "preset", "created (UTC)");
            foreach (var run in runs)
            {
                table.Add(run.Name, run.State, run.Preset, run.Created.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            }

            table.Write(console);
        });
    }

    private async Task NodesAsync(bool json, CancellationToken interrupt)
    {
        var nodes = await service.NodesAsync(interrupt);
        Print(nodes, json, () =>
        {
            var table = new FittedTable("node", "roles", "status", "threads", "loaded", "terms computed", "arithmetic");
            foreach (var node in nodes)
            {
                table.Add(
                    node.Address, string.Join(", ", node.Roles), node.Status, Text(node.Device?.Threads), Text(node.Device?.LoadedArchitectures),
                    Text(node.Device?.ComputedTerms), node.Device?.NumericProfile ?? "");
            }

            table.Write(console);
        });
    }

    private async Task BenchmarksAsync(bool json, CancellationToken interrupt)
    {
        var benchmarks = await service.BenchmarksAsync(interrupt);
        Print(benchmarks, json, () => BenchmarkTable.Of(benchmarks).Write(console));
    }

    private async Task StatusAsync(Task<RunStatus> status, bool json) => PrintStatus(await status, json ? MessageJson.Indented : null);

    /// <summary>Prints a line whenever the run has moved, until it has ended or is paused.</summary>
    /// <exception cref="SearchServiceException">A problem has paused it.</exception>
    private async Task WatchAsync(string run, bool json, CancellationToken interrupt, bool quiet = false)
    {
        RunStatus? last = null;
        while (true)
        {
            try
            {
                var status = await service.StatusAsync(run, interrupt);
                if (status != last && !quiet)
                {
                    PrintStatus(status, json ? MessageJson.Options : null);
                }

                last = status;
            }
            catch (SearchServiceException problem) when (last is not null)
            {
                // The run's owner may be moving to another node: the run goes on, and so does this.
                await Console.Error.WriteLineAsync($"lpzero: {problem.Message}");
            }

            if (last is { State: "paused", Problem: { } reason })
            {
                throw new SearchServiceException($"run '{run}' was paused by a problem: {reason}");
            }

            if (last is { State: not ("new" or "running"), IsReporting: false })
            {
                return;
            }

            await Task.Delay(WatchInterval, interrupt);
        }
    }

    private async Task ShowAsync(string run, bool json, CancellationToken interrupt)
    {
        var definition = await service.DefinitionAsync(run, interrupt);
        var leaderboard = await service.LeaderboardAsync(run, interrupt);
        var (usage, report) = await service.ResultAsync(run, interrupt);
        var status = leaderboard.Status;
        var view = new RunView(
            run, status.State, definition.Configuration, definition.BenchmarkDigest, status.NumericProfile, leaderboard.Entries,
            status.Evaluations, leaderboard.InvalidEvaluations, status.Iteration, leaderboard.PrunedByRule, usage, status.Ended,
            Output: null, report is null ? null : ReportData.FromJson(report), WholeSpace: null);
        Print(ShowJson.Of(view), json ? MessageJson.Indented : null, () =>
        {
            PrintStatus(status, json: null);
            view.Write(output, console);
        });
    }

    private async Task ExportAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var run = Run(parsed);
        var definition = await service.DefinitionAsync(run, interrupt);
        var leaderboard = await service.LeaderboardAsync(run, interrupt);
        var (_, report) = await service.ResultAsync(run, interrupt);
        var proxies = ExportedProxies.Of(definition.Configuration, leaderboard, report is null ? null : ReportData.FromJson(report));
        await output.WriteAsync(ExportText.Render(run, proxies, parsed.GetValue(SearchVerbs.Format)!, parsed.GetValue(SearchVerbs.Rank)));
    }

    private async Task EventsAsync(string run, CancellationToken interrupt)
    {
        foreach (var line in await service.EventsAsync(run, interrupt))
        {
            await output.WriteLineAsync(line);
        }
    }

    private void PrintStatus(RunStatus status, JsonSerializerOptions? json) => Print(status, json, () =>
    {
        var requests = status.RequestsAll > 0 ? string.Create(CultureInfo.InvariantCulture, $", request {status.RequestsDone} of {status.RequestsAll}") : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{status.Name}: {status.State}, iteration {status.Iteration} of {status.Iterations}, {status.Evaluations} proxies scored ({status.Ended ?? status.Activity}{requests})"));
        if (status.BestRho is { } rho)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"best so far: {status.BestExpression}  rho {Figures.Correlation(rho)} on the search set"));
        }

        if (status.Problem is { } problem)
        {
            output.WriteLine($"problem: {problem}");
        }
    });

    private void Print<T>(T value, bool json, Action forPeople) => Print(value, json ? MessageJson.Indented : null, forPeople);

    private void Print<T>(T value, JsonSerializerOptions? json, Action forPeople)
    {
        if (json is not null)
        {
            output.WriteLine(JsonSerializer.Serialize(value, json));
        }
        else
        {
            forPeople();
        }
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
