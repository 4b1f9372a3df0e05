using LPZero.Coordinator.Run;

namespace LPZero.Coordinator.Actors;

/// <summary>What people read of a phase.</summary>
public static class StateNames
{
    /// <summary>new, running, paused, finished or stopped.</summary>
    public static string Of(SearchPhase phase) => phase.ToString().ToLowerInvariant();

    /// <summary>The same; interrupted where the run should be worked on and nobody does.</summary>
    public static async Task<string> OfAsync(SearchPhase phase, Func<Task<bool>> isOwned) =>
        phase is SearchPhase.New or SearchPhase.Running && !await isOwned() ? "interrupted" : Of(phase);
}
