using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Reporting;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Entities;
using LPZero.Seed.Ablation;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// What each verb of <see cref="SearchVerbs"/> does that a search service can do, whoever asks and wherever the answer goes.
/// </summary>
/// <param name="service">What can be read of the runs.</param>
/// <param name="place">Where they are.</param>
/// <param name="output">Where lines go.</param>
/// <param name="console">Where tables go.</param>
/// <param name="remarks">Where goes what is no part of the output; null for nowhere.</param>
internal sealed class ServiceVerbs(
    IRunReader service, RunPlace place, TextWriter output, IAnsiConsole console, TextWriter? remarks = null)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    /// <summary>Carries out a verb on a service, and returns the exit code.</summary>
    /// <param name="cluster">The service.</param>
    /// <param name="verb">The verb's name in the table.</param>
    /// <param name="parsed">Its arguments.</param>
    /// <param name="interrupt">Ends what follows a run; the run goes on.</param>
    /// <exception cref="SearchServiceException">It cannot be carried out; the message says why.</exception>
    public async Task<int> RunAsync(ISearchService cluster, string verb, ParseResult parsed, CancellationToken interrupt)
    {
        var json = parsed.GetValue(SearchVerbs.Json);
        await (verb switch
        {
            "start" => StartAsync(cluster, parsed, json, interrupt),
            "watch" => WatchAsync(Follower(cluster, Run(parsed)), json, interrupt),
            "pause" => AskAsync(cluster.PauseAsync(Run(parsed), interrupt), verb, json),
            "resume" => StatusAsync(cluster.ResumeAsync(Run(parsed), interrupt), json),
            "stop" => AskAsync(cluster.StopAsync(Run(parsed), interrupt), verb, json),
            "delete" => DeleteAsync(cluster, Run(parsed), json, interrupt),
            "tag" => TagAsync(cluster.TagAsync(Run(parsed), [.. parsed.GetValue(SearchVerbs.Tags)!], interrupt), json),
            "priority" => StatusAsync(cluster.PrioritizeAsync(Run(parsed), SearchCommands.NewPriority(parsed), interrupt), json),
            "nodes" => NodesAsync(cluster, json, interrupt),
            _ => ReadAsync(verb, parsed, interrupt),
        });
        return ExitCode.Done;
    }

    /// <summary>Carries out a verb that only reads.</summary>
    /// <param name="verb">The verb's name in the table.</param>
    /// <param name="parsed">Its arguments.</param>
    /// <param name="interrupt">Ends it.</param>
    /// <exception cref="SearchServiceException">It cannot be carried out; the message says why.</exception>
    public Task ReadAsync(string verb, ParseResult parsed, CancellationToken interrupt)
    {
        var json = parsed.GetValue(SearchVerbs.Json);
        return verb switch
        {
            "list" => ListAsync(parsed.GetValue(SearchVerbs.Tag), json, interrupt),
            "status" => StatusAsync(service.StatusAsync(Run(parsed), interrupt), json),
            "show" => ShowAsync(Run(parsed), json, interrupt),
            "compare" => CompareAsync([.. parsed.GetValue(SearchVerbs.Compared)!], json, interrupt),
            "export" => ExportAsync(parsed, interrupt),
            "report" => ReportAsync(parsed, json, interrupt),
            "events" => EventsAsync(Run(parsed), interrupt),
            "benchmark list" => BenchmarksAsync(json, interrupt),
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "not in the table of verbs"),
        };
    }

    private static string Run(ParseResult parsed) => parsed.GetValue(SearchVerbs.Run)!;

    private async Task StartAsync(ISearchService cluster, ParseResult parsed, bool json, CancellationToken interrupt)
    {
        var run = SearchCommands.NewRunName(parsed);
        var priority = SearchCommands.Priority(parsed);
        var benchmark = await SearchCommands.BenchmarkAsync(
            parsed, new Lazy<Task<IRunReader>>(Task.FromResult<IRunReader>(cluster)), interrupt);
        var configuration = SearchVerbs.Configuration.Read(parsed, benchmark);
        var folder = parsed.GetValue(SearchVerbs.RunFolder);
        if (folder is not null)
        {
            OutputFolder.Take(folder, OutputFolder.OwnerOf(run, place.Name), goesOn: false);
        }

        await cluster.StartAsync(new StartRequest(run, configuration, benchmark) { Priority = priority }, interrupt);
        if (SearchVerbs.Configuration.NoteOfPrefix(parsed) is { } note)
        {
            remarks?.WriteLine($"lpzero: {note}");
        }

        if (parsed.GetValue(SearchVerbs.Detach))
        {
            Print(new { run, detached = true }, json,
                () => output.WriteLine($"run '{run}' goes on on the cluster; follow it with: {place.Hint($"watch {run}")}"));
            return;
        }

        // The JSON of a finished run is one text, as on one machine; what happens on the way is for people.
        var files = folder is null ? null : new RunFiles(folder, await cluster.DefinitionAsync(run, interrupt));
        var lines = Lines(json: false);
        await Follower(cluster, run).FollowAsync(
            async status =>
            {
                await (files?.UpdateAsync(cluster, status) ?? Task.CompletedTask);
                if (!json)
                {
                    lines(status);
                }
            },
            interrupt);
        await ShowAsync(run, json, interrupt, files);
    }

    private async Task ListAsync(string? tag, bool json, CancellationToken interrupt) =>
        PrintRuns([.. (await service.ListAsync(interrupt)).Where(run => tag is null || run.Tags.Contains(tag))], json);

    /// <summary>Prints a run with its tags.</summary>
    public async Task TagAsync(Task<RunListing> tagged, bool json)
    {
        var run = await tagged;
        Print(run, json, () => output.WriteLine(
            run.Tags.IsEmpty ? $"run '{run.Name}' has no tags" : $"run '{run.Name}' has the tags {string.Join(", ", run.Tags)}"));
    }

    /// <summary>Prints a list of runs.</summary>
    public void PrintRuns(ImmutableArray<RunListing> runs, bool json)
    {
        Print(runs, json, () =>
        {
            var table = new FittedTable("run", "state", "preset", "created (UTC)", "seconds", "tags");
            foreach (var run in runs)
            {
                table.Add(run.Name, run.State, run.Preset, run.Created.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    run.Seconds.ToString("F1", CultureInfo.InvariantCulture), string.Join(", ", run.Tags));
            }

            table.Write(console);
        });
    }

    private async Task DeleteAsync(ISearchService cluster, string run, bool json, CancellationToken interrupt)
    {
        await cluster.DeleteAsync(run, interrupt);
        PrintDeleted(run, json);
    }

    /// <summary>Prints that a run is deleted.</summary>
    public void PrintDeleted(string run, bool json) =>
        Print(new { run, deleted = true }, json, () => output.WriteLine($"run '{run}' is deleted; its terms and its files stay"));

    private async Task NodesAsync(ISearchService cluster, bool json, CancellationToken interrupt)
    {
        var nodes = await cluster.NodesAsync(interrupt);
        Print(nodes, json, () =>
        {
            var table = new FittedTable("node", "roles", "status", "threads", "loaded", "terms computed", "arithmetic");
            foreach (var node in nodes)
            {
                table.Add(
                    node.Address, string.Join(", ", node.Roles), node.Status, Text(node.Device?.Threads),
                    Text(node.Device?.LoadedArchitectures), Text(node.Device?.ComputedTerms), node.Device?.NumericProfile ?? "");
            }

            table.Write(console);
        });
    }

    private async Task BenchmarksAsync(bool json, CancellationToken interrupt) =>
        PrintBenchmarks(await service.BenchmarksAsync(interrupt), json);

    /// <summary>Prints a list of benchmarks.</summary>
    public void PrintBenchmarks(ImmutableArray<BenchmarkListing> benchmarks, bool json) =>
        Print(benchmarks, json, () => BenchmarkTable.Of(benchmarks).Write(console));

    private async Task StatusAsync(Task<RunStatus> status, bool json) => PrintStatus(await status, json ? MessageJson.Indented : null);

    /// <summary>Prints where a run stands after it was asked for something.</summary>
    public async Task AskAsync(Task<RunStatus> answer, string verb, bool json)
    {
        var status = await answer;
        if (!json)
        {
            PrintStatus(status, json: null);
            return;
        }

        var fields = JsonDocuments.Of(status, MessageJson.Options)!.AsObject();
        fields.Add("run", status.Name);
        fields.Add("sent", verb);
        output.WriteLine(fields.ToJsonString(MessageJson.Indented));
    }

    /// <summary>Prints a line whenever the run has moved, until it has ended or is paused.</summary>
    /// <exception cref="SearchServiceException">A problem has paused it.</exception>
    public Task WatchAsync(RunFollower follower, bool json, CancellationToken interrupt)
    {
        var lines = Lines(json);
        return follower.FollowAsync(
            status =>
            {
                lines(status);
                return Task.CompletedTask;
            },
            interrupt);
    }

    private static RunFollower Follower(ISearchService cluster, string run) =>
        new(stop => cluster.StatusAsync(run, stop), run, WatchInterval);

    /// <summary>Prints where a run stands whenever that is something else than before.</summary>
    private Action<RunStatus> Lines(bool json)
    {
        RunStatus? last = null;
        return status =>
        {
            var moved = status with { Seconds = 0, Progress = null };
            if (moved != last)
            {
                last = moved;
                PrintStatus(status, json ? MessageJson.Options : null);
            }
        };
    }

    /// <summary>Prints leaderboard, prune counters and held-out table.</summary>
    /// <param name="run">The run.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="interrupt">Ends it.</param>
    /// <param name="files">Where its files are kept, if its files are to be written.</param>
    public async Task ShowAsync(string run, bool json, CancellationToken interrupt, RunFiles? files = null)
    {
        var definition = await service.DefinitionAsync(run, interrupt);
        var leaderboard = await service.LeaderboardAsync(run, interrupt);
        var result = await service.ResultAsync(run, interrupt);
        var status = leaderboard.Status;
        var standing = await place.StandingAsync(definition, leaderboard);
        var report = place.Report(definition, standing, result);
        if (files is not null && report is not null)
        {
            files.WriteReport(leaderboard, report);
        }

        var view = new RunView(
            run, status.State, definition.Configuration, definition.BenchmarkDigest, status.NumericProfile, leaderboard.Entries,
            status.Evaluations, leaderboard.InvalidEvaluations, status.Iteration, leaderboard.PrunedByRule, result.Usage, status.Ended,
            files?.Folder ?? definition.Output, report, standing);
        Print(ShowJson.Of(view), json ? MessageJson.Indented : null, () =>
        {
            PrintStatus(status, json: null);
            view.Write(output, console);
        });
    }

    private async Task CompareAsync(ImmutableArray<string> runs, bool json, CancellationToken interrupt)
    {
        var reports = new List<ReportData>();
        string? digest = null;
        foreach (var run in runs.Distinct())
        {
            var definition = await service.DefinitionAsync(run, interrupt);
            digest ??= definition.BenchmarkDigest;
            if (definition.BenchmarkDigest != digest)
            {
                throw new SearchServiceException($"runs '{runs[0]}' and '{run}' are on different benchmarks; compare runs on one");
            }

            reports.Add(await service.ResultAsync(run, interrupt) is { Report: { } text } && ReportData.FromJson(text) is var report
                && !report.Proxies.IsEmpty
                    ? report
                    : throw new SearchServiceException($"run '{run}' has no proxy to report yet; {place.Hint($"resume {run}")} goes on"));
        }

        var comparison = RunComparison.Of(reports);
        Print(RunComparisonReport.Json(comparison), json, () =>
        {
            foreach (var table in RunComparisonReport.Tables(comparison))
            {
                output.WriteLine($"{table.Title}: {table.Explanation}");
                FittedTable.Of(table).Write(console);
            }
        });
    }

    private async Task ReportAsync(ParseResult parsed, bool json, CancellationToken interrupt)
    {
        var (run, folder) = (Run(parsed), parsed.GetValue(SearchVerbs.ReportFolder)!);
        var definition = await service.DefinitionAsync(run, interrupt);
        var leaderboard = await service.LeaderboardAsync(run, interrupt);
        var standing = await place.StandingAsync(definition, leaderboard);
        var report = place.Report(definition, standing, await service.ResultAsync(run, interrupt))
            ?? throw new SearchServiceException(
                $"run '{run}' has no report yet ({leaderboard.Status.State}): {place.Hint($"resume {run}")} makes it");
        OutputFolder.Take(folder, OutputFolder.OwnerOf(run, place.Name), goesOn: true);
        new RunFiles(folder, definition).WriteReport(leaderboard, report);
        var file = Path.Combine(folder, "report.html");
        Print(new { run, output = folder, report = file }, json, () => output.WriteLine($"report: {file}"));
    }

    private async Task ExportAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var run = Run(parsed);
        if (run.EndsWith(PredictorJson.FileEnding, StringComparison.Ordinal))
        {
            await ExportAsync(PredictorFile.Read(run), parsed);
            return;
        }

        var format = parsed.GetValue(SearchVerbs.Format)!;
        try
        {
            var (text, answer) = await ExportText.OfAsync(service, run, format, parsed.GetValue(SearchVerbs.Rank), interrupt);
            await WriteExportAsync(text, parsed);
            if (answer is not null && format == "python")
            {
                remarks?.WriteLine($"lpzero: this is one proxy. {ExportText.NoteOf(answer)}");
            }
        }
        catch (SearchServiceException problem) when (problem.Field == "rank")
        {
            throw new UsageException($"--{problem.Message}");
        }
    }

    private Task ExportAsync(Predictor predictor, ParseResult parsed) => parsed.GetValue(SearchVerbs.Format) switch
    {
        "python" => WriteExportAsync(PythonPredictorExport.Write(predictor), parsed),
        "json" => WriteExportAsync(PredictorJson.Write(predictor), parsed),
        var format => throw new UsageException($"--format {format}: a predictor is exported as python or json"),
    };

    private async Task WriteExportAsync(string text, ParseResult parsed)
    {
        if (parsed.GetValue(SearchVerbs.ExportFile) is { } file)
        {
            AtomicFile.Write(file, text);
        }
        else
        {
            await output.WriteAsync(text);
        }
    }

    private async Task EventsAsync(string run, CancellationToken interrupt)
    {
        foreach (var line in await service.EventsAsync(run, interrupt))
        {
            await output.WriteLineAsync(line);
        }
    }

    /// <summary>Prints where a run stands, in a few lines or as JSON.</summary>
    public void PrintStatus(RunStatus status, JsonSerializerOptions? json) => Print(status, json, () =>
    {
        var requests = status.RequestsAll > 0
            ? string.Create(CultureInfo.InvariantCulture, $", request {status.RequestsDone} of {status.RequestsAll}")
            : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{status.Name}: {status.State}, iteration {status.Iteration} of {status.Iterations}, {status.Evaluations} proxies scored, " +
            $"{status.Seconds:F1} s ({status.Ended ?? status.Activity}{requests})"));
        if (status.Priority != DeviceShare.Standard)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"priority: {status.Priority}"));
        }

        if (status.BestRho is { } rho)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"best proxy{(status.Ended is null ? " so far" : "")}: {status.BestExpression}  rho {Figures.Correlation(rho)} on the " +
                $"search set"));
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
            output.WriteLine(JsonDocuments.Text(value, json));
        }
        else
        {
            forPeople();
        }
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
