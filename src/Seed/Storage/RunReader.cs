using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;

namespace LPZero.Seed.Storage;

/// <summary>
/// Reads runs as they are stored, whether anybody works on them or not: rows, snapshot and events, folded with the search's core. No
/// actor system, no lock; a database that was prepared with <see cref="Database.ReadAsync"/> will do.
/// </summary>
/// <param name="database">Where they are.</param>
public sealed class RunReader(Database database) : IRunReader
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        return await RunRow.ListAsync(connection, run => database.IsOwnedAsync(connection, run));
    }

    /// <inheritdoc/>
    public async Task<RunStatus> StatusAsync(string run, CancellationToken cancellation) => (await LoadAsync(run)).Status;

    /// <inheritdoc/>
    public async Task<RunLeaderboard> LeaderboardAsync(string run, CancellationToken cancellation)
    {
        var (status, state) = await LoadAsync(run);
        return Leaderboard.Of(status, state);
    }

    /// <inheritdoc/>
    public async Task<RunResult> ResultAsync(string run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        return await RunRow.ResultAsync(connection, (await FindAsync(connection, run)).Name);
    }

    /// <inheritdoc/>
    public async Task<RunDefinition> DefinitionAsync(string run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        return (await FindAsync(connection, run)).Definition;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> EventsAsync(string run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        await FindAsync(connection, run);
        if (!await database.HasJournalAsync(connection))
        {
            return [];
        }

        var events = await StoredRun.EventsAsync(connection, run);
        return [.. events.Select(happened => JsonSerializer.Serialize(happened, MessageJson.Options))];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<RunEvent>> EventsAsync(string run, long after, int most, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        if (!await RunRow.IsThereAsync(connection, transaction: null, run))
        {
            throw StoredNames.NoRun(run, await RunRow.ListAsync(connection, _ => Task.FromResult(true)));
        }

        if (!await database.HasJournalAsync(connection))
        {
            return [];
        }

        var events = await StoredRun.NumberedAsync(connection, run, after, most);
        return [.. events.Select(stored => new RunEvent(stored.Number, JsonSerializer.Serialize(stored.Event, MessageJson.Options)))];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<BenchmarkListing>> BenchmarksAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        return await BenchmarkRow.ListAsync(connection);
    }

    /// <inheritdoc/>
    public async Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync();
        var meant = StoredNames.Meant(await BenchmarkRow.ListAsync(connection), name);
        return await BenchmarkRow.LoadAsync(connection, meant.Digest);
    }

    /// <summary>The run of that name.</summary>
    /// <exception cref="SearchServiceException">There is none; says which there are.</exception>
    internal static async Task<ClusterRun> FindAsync(DbConnection connection, string run) =>
        await RunRow.FindAsync(connection, run)
        ?? throw StoredNames.NoRun(run, await RunRow.ListAsync(connection, _ => Task.FromResult(true)));

    private async Task<(RunStatus Status, SearchState State)> LoadAsync(string name)
    {
        await using var connection = await database.OpenAsync();
        var run = await FindAsync(connection, name);
        // Before what it has stored: one that ends in between has stored its end.
        var isOwned = await database.IsOwnedAsync(connection, name);
        var state = await database.HasJournalAsync(connection) ? await StoredRun.StateAsync(connection, run) : new SearchState();
        var best = state.Leaders.FirstOrDefault();
        var phase = run.IsHeld ? SearchPhase.Paused : state.Phase;
        var hasEnded = phase is SearchPhase.Finished or SearchPhase.Stopped;
        var isReporting = hasEnded && !run.IsReported && run.Problem is null;
        var stateName = await StateNames.OfAsync(phase, () => Task.FromResult(isOwned));
        var status = new RunStatus(
            run.Name, stateName, state.Iteration, run.Configuration.Iterations, state.Evaluations,
            best?.Fitness.Rho, best?.Canonical.ToString(),
            run.NumericProfile, RequestsDone: 0, RequestsAll: 0,
            isReporting && !isOwned ? "its report is left to be made" : run.IsHeld ? "held until it is resumed" : StateNames.Of(phase),
            run.Problem, state.Ended, isReporting && isOwned, run.Usage?.Seconds ?? 0, Priority: run.Priority);
        return (status, state);
    }
}
