using LPZero.Seed.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Cluster.Tests.Telemetry;

public sealed class RecentHealthTests
{
    [Fact]
    public async Task However_often_one_asks_the_checks_are_made_once_a_second()
    {
        var made = 0;
        var isWell = true;
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddCheck(
            "counted",
            () =>
            {
                made++;
                return isWell ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
            },
            ["ready"]).AddCheck("of another tag", () => throw new InvalidOperationException(), ["live"]);
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        var clock = new StoppedClock();
        var recent = new RecentHealth("ready", clock);

        var first = await recent.ReportAsync(health);
        var others = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => recent.ReportAsync(health)));
        Assert.All(others, report => Assert.Same(first, report));
        Assert.Equal((1, HealthStatus.Healthy), (made, first.Status));

        isWell = false;
        clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal((HealthStatus.Unhealthy, 2), ((await recent.ReportAsync(health)).Status, made));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
