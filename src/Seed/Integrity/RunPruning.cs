using System.Collections.Immutable;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Control;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Integrity;

/// <summary>Deletes runs that have ended long ago.</summary>
/// <param name="database">The database; its tables are there.</param>
public sealed class RunPruning(Database database)
{
    private readonly SqlRunDirectory runs = new(database);

    /// <summary>The runs that were started before a time and have ended, oldest first; nobody works on them.</summary>
    /// <param name="before">The time, UTC.</param>
    public async Task<ImmutableArray<RunListing>> FindAsync(DateTime before)
    {
        var old = ImmutableArray.CreateBuilder<RunListing>();
        foreach (var run in await runs.ListAsync())
        {
            if (run.Created < before && run.State is "finished" or "stopped" && !await database.IsOwnedAsync(run.Name))
            {
                old.Add(run);
            }
        }

        return old.ToImmutable();
    }

    /// <summary>
    /// Deletes runs with their events and reports; terms stay. Returns those that are gone: one that somebody has taken up stays.
    /// </summary>
    public async Task<ImmutableArray<string>> DeleteAsync(IEnumerable<string> names)
    {
        var deleted = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names)
        {
            try
            {
                if (await runs.DeleteAsync(name))
                {
                    deleted.Add(name);
                }
            }
            catch (RunOwnedException)
            {
                // Somebody has taken it up in between.
            }
        }

        return deleted.ToImmutable();
    }
}
