using System.Diagnostics;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>Ends a loop over messages that would never end by itself, so that a fault fails its test and does not hang the suite.</summary>
internal sealed class LoopGuard
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>Fails the test once the loop has run for three minutes, where seconds are enough.</summary>
    public void Check() =>
        Assert.True(Stopwatch.GetElapsedTime(began) < Longest, "what the loop waits for has not come for three minutes");
}
