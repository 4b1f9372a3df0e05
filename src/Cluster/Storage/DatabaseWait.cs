using Microsoft.Extensions.Logging;

namespace LPZero.Cluster.Storage;

/// <summary>Waits for a database that is away, with a line at once and then one a minute.</summary>
/// <param name="clock">The time.</param>
/// <param name="log">Where the lines go.</param>
internal sealed partial class DatabaseWait(TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    /// <summary>Uses the database as soon as it is there.</summary>
    /// <exception cref="DatabaseLocationException">It will not be there, however long one waits.</exception>
    public async Task UseAsync(Func<Task> use, CancellationToken interrupt)
    {
        var said = DateTimeOffset.MinValue;
        while (true)
        {
            try
            {
                await use();
                return;
            }
            catch (Exception failure) when (DatabaseFailure.IsForGood(failure))
            {
                throw new DatabaseLocationException($"the database cannot be used, now or later: {DatabaseFailure.Reason(failure)}", failure);
            }
            catch (Exception failure) when (DatabaseFailure.Is(failure))
            {
                if (clock.GetUtcNow() is var now && now - said >= BetweenLines)
                {
                    said = now;
                    LogAway(DatabaseFailure.Reason(failure));
                }

                await Task.Delay(Retry, clock, interrupt);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the database is away, trying again: {Reason}")]
    private partial void LogAway(string reason);
}
