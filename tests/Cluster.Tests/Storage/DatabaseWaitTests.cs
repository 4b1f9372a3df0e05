using System.Net.Sockets;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

public sealed class DatabaseWaitTests
{
    [Fact]
    public async Task A_database_that_is_away_is_asked_again_with_a_line_a_minute()
    {
        var (lines, asked) = (new List<string>(), 0);
        var answer = await new DatabaseWait(new HurriedClock(), lines.Add).UseAsync(
            () => ++asked <= 150 ? throw new SocketException((int)SocketError.ConnectionRefused) : Task.FromResult(asked),
            CancellationToken.None);
        // A second between two attempts: lines at 0, 60 and 120 seconds.
        Assert.Equal((151, 3), (answer, lines.Count));
        Assert.All(lines, line => Assert.Contains("the database is away", line, StringComparison.Ordinal));
    }

    /// <summary>A clock whose timers go off at once, and that then says that their time is over.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            now += dueTime;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
