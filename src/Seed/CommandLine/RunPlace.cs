using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>Where runs are, as their commands see it: a database, or a cluster.</summary>
/// <param name="name">What tells it from others.</param>
/// <param name="hint">A search verb with its arguments, as it is to be typed where the answer is read.</param>
/// <param name="standing">
/// Where a rho stands in the whole space of a run's configuration on its benchmark; null where that space was not searched.
/// </param>
internal sealed class RunPlace(string name, Func<string, string> hint, Func<RunDefinition, string, double, Task<SpaceStanding?>> standing)
{
    /// <summary>A place of which nothing is known but how it is reached.</summary>
    public RunPlace(string name, Func<string, string> hint)
        : this(name, hint, (_, _, _) => Task.FromResult<SpaceStanding?>(null))
    {
    }

    /// <summary>What tells it from others: a file's full path, host and name of a database, or a cluster's address.</summary>
    public string Name => name;

    /// <summary>The cluster that one of its nodes is part of.</summary>
    /// <param name="address">Host and port of the node's control API.</param>
    public static RunPlace Cluster(string address) => new(address, words => CommandHint.Remote(address, words));

    /// <summary>The runs in a database.</summary>
    /// <param name="location">The database, as it was given.</param>
    /// <param name="database">The same.</param>
    public static RunPlace Local(string location, Database database) => new(
        DatabaseLocation.Parse(location).Name, words => CommandHint.Local(location, words), async (run, profile, rho) =>
        {
            var benchmark = await new RunReader(database).BenchmarkAsync(run.BenchmarkDigest, CancellationToken.None);
            return (await new ExhaustiveResults(database).FindAsync(ExhaustiveKey.Of(run.Configuration, benchmark, profile)))?.StandingOf(
                rho);
        });

    /// <summary>A search verb with its arguments, to be pasted.</summary>
    public string Hint(string words) => hint(words);

    /// <summary>
    /// Where the run's best proxy stands in the whole space, whether that was searched before the run or after it; null where it is not
    /// known, or selection does not look for what is best by the truth.
    /// </summary>
    public async Task<SpaceStanding?> StandingAsync(RunDefinition run, RunLeaderboard leaderboard) =>
        leaderboard is { Status.NumericProfile: { } profile, Entries: [var best, ..] }
        && run.Configuration is { Fitness: FitnessTarget.Truth or FitnessTarget.Smoothed, Prefix: null }
            ? await standing(run, profile, best.Search.Compared)
            : null;

    /// <summary>
    /// The stored report with what depends on where it is read: how to do the same again, and what is known of the whole space.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="standing">What <see cref="StandingAsync"/> says of it.</param>
    /// <param name="result">What is stored of it.</param>
    /// <returns>Null where no report is stored.</returns>
    public ReportData? Report(RunDefinition run, SpaceStanding? standing, RunResult result)
    {
        if (result.Report is not { } stored)
        {
            return null;
        }

        var report = ReportData.FromJson(stored);
        report = report with { Origin = report.Origin is { } origin ? origin with { Command = RepeatCommand.Of(run, Hint) } : null };
        return standing is { } whole ? report with { Notes = report.Notes.Add(ExhaustiveNote.Sentence(whole, report.Compared)) } : report;
    }
}
