using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Control;
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
        var view = new RunView(
            run.Name, stateName, run.Configuration, run.BenchmarkDigest, run.NumericProfile,
            [
                .. state.HallOfFame.Select((member, index) => new LeaderboardEntry(
                    index + 1, member.Proxy.ToString(), member.Canonical.ToString(), member.Fitness, member.Iteration, member.Forms)),
            ],
            state.Evaluations, state.InvalidEvaluations, state.Iteration, state.RuleHits,
            new RunUsage(run.Seconds, run.TermHits, run.TermMisses), state.Ended, run.Output,
            run.Report is null ? null : ReportData.FromJson(run.Report), Standing(existing, run, state));
        if (json)
        {
            CommonOptions.PrintJson(ShowJson.Of(view));
            return ExitCode.Done;
        }

        PrintStatus(existing, name, json: null);
        view.Write(Console.Out, AnsiConsole.Console);
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
}
