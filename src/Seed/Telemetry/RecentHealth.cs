using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Seed.Telemetry;

/// <summary>
/// The last report of the checks of one tag, made anew for whoever asks a second later: probes need no token, and however often they ask,
/// the database is asked once a second.
/// </summary>
/// <param name="tag">The tag.</param>
/// <param name="clock">The time.</param>
internal sealed class RecentHealth(string tag, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<HealthReport>? last;
    private long begun;

    /// <summary>The report, which others may be waiting for too.</summary>
    /// <param name="health">Makes the checks.</param>
    public Task<HealthReport> ReportAsync(HealthCheckService health)
    {
        lock (gate)
        {
            if (last is null || (last.IsCompleted && clock.GetElapsedTime(begun) >= Age))
            {
                begun = clock.GetTimestamp();
                last = Task.Run(() => health.CheckHealthAsync(check => check.Tags.Contains(tag)));
            }

            return last;
        }
    }
}
