using LPZero.Messages.Control;

namespace LPZero.Coordinator.Actors;

/// <summary>What a run has used, with what its earlier owners have stored.</summary>
/// <param name="before">What was stored before this owner.</param>
/// <param name="clock">The time.</param>
internal sealed class UsageMeter(RunUsage before, TimeProvider clock)
{
    private TimeSpan worked;
    private long? since;
    private long hits;

    /// <summary>Says whether the run is being worked on from now on.</summary>
    public void Work(bool isWorking)
    {
        if (since is { } start)
        {
            worked += clock.GetElapsedTime(start);
        }

        since = isWorking ? clock.GetTimestamp() : null;
    }

    /// <summary>Counts terms that were needed and known.</summary>
    public void CountHits(long terms) => hits += terms;

    /// <summary>All of it until now.</summary>
    /// <param name="received">Terms that this owner was sent.</param>
    public RunUsage Total(long received)
    {
        var time = worked + (since is { } start ? clock.GetElapsedTime(start) : TimeSpan.Zero);
        return new RunUsage(before.Seconds + time.TotalSeconds, before.TermHits + hits, before.TermMisses + received);
    }
}
