using System.Collections.Concurrent;
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

    [Fact]
    public async Task A_check_that_never_ends_is_given_up_as_unhealthy_and_keeps_no_later_one_from_being_made()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var check = new TaskCompletionSource<HealthCheckResult>().Task;
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddAsyncCheck(
            "hanging",
            () =>
            {
                begun.TrySetResult();
                return check;
            },
            ["ready"]);
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        var clock = new StoppedClock();
        var recent = new RecentHealth("ready", clock);
        var hanging = recent.ReportAsync(health);
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        clock.Now += TimeSpan.FromSeconds(9);
        Assert.Same(hanging, recent.ReportAsync(health));

        clock.Now += TimeSpan.FromSeconds(1);
        check = Task.FromResult(HealthCheckResult.Healthy());
        Assert.Equal(HealthStatus.Healthy, (await recent.ReportAsync(health).WaitAsync(TimeSpan.FromMinutes(1))).Status);

        clock.Ring();
        Assert.Equal(HealthStatus.Unhealthy, (await hanging.WaitAsync(TimeSpan.FromMinutes(1))).Status);
    }

    private sealed class StoppedClock : TimeProvider
    {
        private readonly ConcurrentQueue<Action> timers = [];

        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        /// <summary>Lets the first timer ring.</summary>
        public void Ring()
        {
            Assert.True(timers.TryDequeue(out var timer));
            timer();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timers.Enqueue(() => callback(state));
            return new StoppedTimer();
        }

        private sealed class StoppedTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
