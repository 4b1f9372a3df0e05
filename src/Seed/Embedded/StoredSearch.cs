using LPZero.Coordinator.Run;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>A search as the database has it.</summary>
/// <param name="State">The state.</param>
/// <param name="Events">Number of stored events that lead to it.</param>
public sealed record StoredSearch(SearchState State, long Events)
{
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
