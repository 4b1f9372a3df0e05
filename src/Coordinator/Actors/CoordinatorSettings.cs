namespace LPZero.Coordinator.Actors;

/// <summary>Times and bounds of a coordinator; none of them changes a result.</summary>
public sealed record CoordinatorSettings
{
    /// <summary>
    /// Chains in a request; what a network lacks beyond is asked for when that is answered. There is room for all of six inputs of up to
    /// two operations a branch, and the answer stays well below the largest frame.
    /// </summary>
    public int ChainsPerRequest { get; init; } = 3072;

    /// <summary>A request without an answer is repeated after so long at first, then after twice as long each time.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Bound on that doubling, in first waits. One that a batch has taken is repeated only after so long without any answer.
    /// </summary>
    public int LongestWait { get; init; } = 8;

    /// <summary>A request that a batch had no room for is repeated after so long.</summary>
    public TimeSpan RefusedDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A request that a device failed on so often pauses the run.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>How often waiting requests are looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>An owner that has stopped, as when its database is away, is started again after so long at first.</summary>
    public TimeSpan ShortestBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bound on that wait, which doubles each time.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// So many failures of the database in a row, without an owner that lasted in between, pause the run with the reason until it is
    /// resumed; null where it is tried for ever, as on nodes, which outlive their database's outages.
    /// </summary>
    public int? DatabaseFailures { get; init; }

    /// <summary>How often what the run has used is stored while it is worked on.</summary>
    public TimeSpan UsageInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Events between two snapshots.</summary>
    public int EventsPerSnapshot { get; init; } = 100;
}
