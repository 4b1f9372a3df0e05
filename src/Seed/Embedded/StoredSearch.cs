using LPZero.Coordinator.Run;
using LPZero.Messages.Search;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>A search as the database has it.</summary>
/// <param name="State">The state.</param>
/// <param name="Events">Number of stored events that lead to it.</param>
public sealed record StoredSearch(SearchState State, long Events)
{
    /// <summary>Ends for good a run that no process works on; what it has found stays.</summary>
    /// <exception cref="StorageException">There is no such run, or a process works on it.</exception>
    public static void Stop(Database database, string run)
    {
        var runs = new RunStore(database);
        using var lease = new RunControl(database).Acquire(run);
        var process = new SearchProcess(runs.Get(run).Configuration);
        var (state, events) = Load(runs, run, process);
        var decision = process.Decide(state, new StopSearch(StopSearch.ByCommand));
        runs.Append(run, events, decision.Events, decision.Events.Aggregate(state, process.Apply).Phase, new NewUsage(Seconds: 0, TermHits: 0));
    }

    /// <summary>The last snapshot and the events after it.</summary>
    public static StoredSearch Load(RunStore runs, string run, SearchProcess process)
    {
        var (state, sequence) = runs.LoadSnapshot(run) is { } stored
            ? (stored.Snapshot.Restore(process.Pruning), stored.Sequence)
            : (new SearchState(), 0);
        foreach (var happened in runs.Events(run, sequence))
        {
            state = process.Apply(state, happened);
            sequence++;
        }

        return new StoredSearch(state, sequence);
    }
}
