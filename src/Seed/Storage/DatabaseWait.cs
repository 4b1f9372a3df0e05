using LPZero.Messages;

namespace LPZero.Seed.Storage;

/// <summary>Waits for a database that is away, with a line at once and then one a minute.</summary>
/// <param name="clock">The time.</param>
/// <param name="warn">Where the lines go.</param>
internal sealed class DatabaseWait(TimeProvider clock, Action<string> warn)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Uses the database as soon as it is there.</summary>
    /// <exception cref="DatabaseLocationException">It will not be there, however long one waits.</exception>
    public async Task<T> UseAsync<T>(Func<Task<T>> use, CancellationToken interrupt)
    {
        var calm = new CalmLog(warn, clock.GetUtcNow);
        while (true)
        {
            try
            {
                return await use();
            }
            catch (Exception failure) when (DatabaseFailure.IsForGood(failure))
            {
                throw new DatabaseLocationException(
                    $"the database cannot be used, now or later: {DatabaseFailure.Reason(failure)}", failure);
            }
            catch (Exception failure) when (DatabaseFailure.Is(failure))
            {
                calm.Warning($"the database is away, trying again: {DatabaseFailure.Reason(failure)}");
                await Task.Delay(Retry, clock, interrupt);
            }
        }
    }
}
