using LPZero.Coordinator.Run;

namespace LPZero.Cluster.Storage;

/// <summary>What people read of a phase.</summary>
internal static class StateNames
{
    /// <summary>new, running, paused, finished or stopped.</summary>
    public static string Of(SearchPhase phase) => phase.ToString().ToLowerInvariant();
}
