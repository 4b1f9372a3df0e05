namespace LPZero.Seed.Control;

/// <summary>How much the control API takes from anybody.</summary>
public sealed record ApiLimits
{
    /// <summary>Bytes of the largest request.</summary>
    public long LargestRequest { get; init; } = 30_000_000;

    /// <summary>Requests that a client may make a second, on the average.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests that a client may make at once, after a pause.</summary>
    public int Burst { get; init; } = 2000;

    /// <summary>Clients that may follow events at the same time.</summary>
    public int EventStreams { get; init; } = 200;

    /// <summary>How often the journal is looked into for whoever follows a run.</summary>
    public TimeSpan EventInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whoever follows a run that does not move hears that the node is still there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);
}
