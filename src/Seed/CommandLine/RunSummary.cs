using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Embedded;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>What commands print of runs, for people and as JSON.</summary>
internal static class RunSummary
{
    private const int ShownProxies = 10;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The state's name: new, running, interrupted, paused, finished or stopped.</summary>
    public static string StateName(SearchPhase phase, bool owned) => phase switch
    {
        // Somebody's it should be, and nobody's it is: its process was killed.
        SearchPhase.Running when !owned => "interrupted",
        _ => phase.ToString().ToLowerInvariant(),
    };

    /// <summary>Prints the runs of a database; none where there is no database yet.</summary>
    public static void PrintList(Database? database, bool json)
    {
        var runs = (database is null ? [] : new RunStore(database).List())
            .Select(run => new { name = run.Name, state = StateName(run.Phase, new RunControl(database!).IsOwned(run.Name)), preset = run.Preset, created = run.Created, seconds = run.Seconds })
            .ToList();
        if (json)
        {
            CommonOptions.PrintJson(runs);
            return;
        }

        var table = new FittedTable("run", "state", "preset", "created (UTC)", "seconds");
        foreach (var run in runs)
        {
            table.Add(run.name, run.state, run.preset, run.created.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), run.seconds.ToString("F1", CultureInfo.InvariantCulture));
        }

        table.Write(AnsiConsole.Console);
    }

    /// <summary>Prints where a run stands, in a few lines.</summary>
    /// <param name="database">Where it is stored.</param>
    /// <param name="name">The run.</param>
    /// <param name="json">How to print it as JSON; null for people.</param>
    public static void PrintStatus(Database database, string name, JsonSerializerOptions? json)
    {
        var (run, state, stateName) = Load(database, name);
        var best = state.HallOfFame.FirstOrDefault();
        if (json is not null)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new
            {
                name,
                state = stateName,
                iteration = state.Iteration,
                iterations = run.Configuration.Iterations,
                evaluations = state.Evaluations,
                bestRho = best?.Fitness.Rho,
                bestExpression = best?.Canonical.ToString(),
                ended = state.Ended,
                seconds = run.Seconds,
            }, json));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {stateName}, iteration {state.Iteration} of {run.Configuration.Iterations}, {state.Evaluations} proxies scored, {run.Seconds:F1} s{(state.Ended is { } reason ? $" ({reason})" : "")}"));
        if (best is not null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"best so far: {best.Canonical}  rho {Figures.Correlation(best.Fitness.Rho)} on the search set"));
        }
    }

    /// <summary>Prints a line whenever the run has moved, until no process works on it.</summary>
    public static async Task WatchAsync(Database database, string name, bool json, CancellationToken interrupt)
    {
        var last = -1L;
        while (true)
        {
            var owned = new RunControl(database).IsOwned(name);
            var (_, state, _) = Load(database, name);
            if (state.Round != last || !owned)
            {
                last = state.Round;
                PrintStatus(database, name, json ? MessageJson.Options : null);
            }

            if (!owned)
            {
                return;
            }

            await Task.Delay(WatchInterval, interrupt);
        }
    }

    /// <summary>Prints leaderboard, prune counters and held-out table. Returns the exit code.</summary>
    public static int Print(string database, string name, bool json)
    {
        var existing = CommonOptions.Existing(database);
        var (run, state, stateName) = Load(existing, name);
        var report = run.Report is null ? null : ReportData.FromJson(run.Report);
        var standing = Standing(existing, run, state);
        if (json)
        {
            CommonOptions.PrintJson(ShowJson.Of(run, state, stateName, report, standing));
            return ExitCode.Done;
        }

        PrintStatus(existing, name, json: null);
        PrintLeaderboard(state, report);
        PrintBaselines(report);
        PrintCounters(run, state);
        if (report is not null)
        {
            var verdict = BaselineVerdict.On(report);
            Console.WriteLine();
            WriteProse($"{verdict.Headline} {verdict.Explanation}");
            Console.WriteLine();
            if (standing is not null)
            {
                WriteProse(ExhaustiveNote.Sentence(standing));
                Console.WriteLine();
            }

            Console.WriteLine($"report: {Path.Combine(run.Output, "report.html")}");
        }

        return ExitCode.Done;
    }

    /// <summary>A run, its state, and the name of that.</summary>
    public static (RunRecord Run, SearchState State, string StateName) Load(Database database, string name)
    {
        var runs = new RunStore(database);
        var run = runs.Get(name);
        var state = StoredSearch.Load(runs, name, new SearchProcess(run.Configuration)).State;
        return (run, state, StateName(state.Phase, new RunControl(database).IsOwned(name)));
    }

    /// <summary>Where the best proxy stands in the whole space, whether that was searched before the run or after it.</summary>
    private static SpaceStanding? Standing(Database database, RunRecord run, SearchState state) => ExhaustiveNote.For(
        database, run.Configuration, BenchmarkFile.Parse(run.Benchmark, $"run {run.Name}").Benchmark, run.NumericProfile, state.HallOfFame.FirstOrDefault()?.Fitness.Rho);

    private static void PrintLeaderboard(SearchState state, ReportData? report)
    {
        var table = report is null
            ? new FittedTable("", "proxy", "forms", "search rho")
            : new FittedTable("", "proxy", "forms", "search rho", "held-out rho", "95% interval", "held-out tau-a", "held-out tau-b");

        foreach (var (member, index) in state.HallOfFame.Take(ShownProxies).Select((m, i) => (m, i)))
        {
            var cells = new List<string> { Text(index + 1), member.Canonical.ToString(), Text(member.Forms), Figures.Correlation(member.Fitness.Rho) };
            if (report is not null && index < report.Proxies.Length && report.Proxies[index].HeldOut is { } heldOut)
            {
                cells.AddRange([Figures.Correlation(heldOut.Rho), Figures.Interval(heldOut.RhoInterval), Figures.Correlation(heldOut.TauA), Figures.Correlation(heldOut.TauB)]);
            }

            table.Add([.. cells]);
        }

        table.Write(AnsiConsole.Console);
    }

    private static void PrintBaselines(ReportData? report)
    {
        if (report is null)
        {
            return;
        }

        var table = new FittedTable("structural baseline on the held-out set", "rho", "95% interval", "ties at random", "tau-a", "tau-b", "best proxy minus baseline");
        for (var i = 0; i < report.Baselines.Length; i++)
        {
            if (report.Baselines[i].HeldOut is not { } heldOut)
            {
                continue;
            }

            var difference = report.Proxies.IsEmpty ? null : report.Proxies[0].Differences[i];
            table.Add(
                report.Baselines[i].Name, Figures.Correlation(heldOut.Rho), Figures.Interval(heldOut.RhoInterval),
                Figures.Correlation(heldOut.RhoTiesAtRandom), Figures.Correlation(heldOut.TauA), Figures.Correlation(heldOut.TauB),
                difference is null ? "" : $"{Figures.Difference(difference.Difference)} ({Figures.DifferenceInterval(difference.Interval)})");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"held out: {report.HeldOut.Genotypes} architectures, {report.HeldOut.Networks} networks that the search never saw"));
        table.Write(AnsiConsole.Console);
    }

    private static void PrintCounters(RunRecord run, SearchState state)
    {
        WriteProse("pruning rules that acted: " + string.Join(", ", state.RuleHits.OrderByDescending(p => p.Value).Select(p => $"{p.Key} {Text(p.Value)}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"terms: {run.TermMisses} computed, {run.TermHits} known; proxies scored invalid: {state.InvalidEvaluations}"));
    }

    /// <summary>A paragraph, broken between words on a terminal; in a file it stays one line.</summary>
    private static void WriteProse(string text)
    {
        foreach (var line in LineBreaks.Wrap(text, Console.IsOutputRedirected ? int.MaxValue : AnsiConsole.Profile.Width))
        {
            Console.WriteLine(line);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
