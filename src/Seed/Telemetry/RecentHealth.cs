using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Seed.Telemetry;

/// <summary>
/// The last report of the checks of one tag, made anew for whoever asks a second later: probes need no token, and however often they ask,
/// the database is asked once a second. Checks that take longer than ten seconds are given up, even where one does not end when it is
/// told to, and whoever asks next has them made anew.
/// </summary>
/// <param name="tag">The tag.</param>
/// <param name="clock">The time.</param>
internal sealed class RecentHealth(string tag, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private Task<HealthReport>? last;
    private long begun;

    /// <summary>The report, which others may be waiting for too.</summary>
    /// <param name="health">Makes the checks.</param>
    public Task<HealthReport> ReportAsync(HealthCheckService health)
    {
        lock (gate)
        {
            if (last is null || clock.GetElapsedTime(begun) >= (last.IsCompleted ? Age : Patience))
            {
                begun = clock.GetTimestamp();
                last = Task.Run(() => CheckAsync(health));
            }

            return last;
        }
    }

    private async Task<HealthReport> CheckAsync(HealthCheckService health)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            // Nothing makes a check look at its token.
            return await health.CheckHealthAsync(check => check.Tags.Contains(tag), patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return new HealthReport(new Dictionary<string, HealthReportEntry>(StringComparer.Ordinal), HealthStatus.Unhealthy, Patience);
        }
    }
}
