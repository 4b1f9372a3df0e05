using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LPZero.Coordinator.Actors;

namespace LPZero.Seed.Storage;

/// <summary>
/// A run's advisory lock, held by a PostgreSQL session of its own. The session says every few seconds that it is alive; the server
/// ends one that says nothing for longer, be its process frozen or its machine gone, and frees the lock.
/// </summary>
internal sealed class SessionRunLock : IRunLock
{
    // With the time that an answer may take it is shorter than the server waits: an owner knows of its loss before another begins.
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(5);

    // Of this server's databases the present one, of the key the upper and the lower half.
    private const string Holds = """
        locktype = 'advisory' and granted and objsubid = 1 and database = (select oid from pg_database where datname = current_database())
        and ((classid::bigint << 32) | objid::bigint) = @key
        """;

    private readonly DbConnection session;
    private readonly CancellationTokenSource released = new();
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task watch;

    private SessionRunLock(DbConnection session)
    {
        this.session = session;
        watch = WatchAsync();
    }

    /// <inheritdoc/>
    public Task Lost => lost.Task;

    /// <summary>Takes the lock.</summary>
    /// <param name="database">Where the run is.</param>
    /// <param name="run">The run's name.</param>
    /// <exception cref="RunOwnedException">It is taken.</exception>
    public static async Task<SessionRunLock> AcquireAsync(ClusterDatabase database, string run)
    {
        var connection = await database.OpenAsync();
        try
        {
            var key = Key(database, run);
            // A server before version 14 knows no such time-out, and frees the lock of a machine that vanished when TCP gives it up.
            await connection.ExecuteAsync(
                """
                select set_config('application_name', @Self, false);
                select set_config(name, '15s', false) from pg_settings where name = 'idle_session_timeout';
                """,
                new { RunHolder.Self });
            if (await connection.QuerySingleAsync<bool>("select pg_try_advisory_lock(@key)", new { key }))
            {
                return new SessionRunLock(connection);
            }

            var holder = await connection.QueryFirstOrDefaultAsync<string>(
                $"select application_name from pg_locks join pg_stat_activity using (pid) where {Holds}", new { key });
            throw new RunOwnedException(run, holder is { Length: > 0 } ? holder : null);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a process owns the run.</summary>
    /// <param name="database">Where the run is.</param>
    /// <param name="run">The run's name.</param>
    public static async Task<bool> IsHeldAsync(ClusterDatabase database, string run)
    {
        await using var connection = await database.OpenAsync();
        return await connection.QuerySingleAsync<bool>(
            $"select exists (select 1 from pg_locks where {Holds})", new { key = Key(database, run) });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await released.CancelAsync();
        await watch;
        try
        {
            // The pool resets a session only when somebody uses it again.
            await session.ExecuteAsync("select pg_advisory_unlock_all()");
        }
        catch (DbException)
        {
            // The session is gone, and with it the lock.
        }

        await session.DisposeAsync();
        released.Dispose();
    }

    private static long Key(ClusterDatabase database, string run) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{database.Id}|{run}")));

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Check, released.Token);
                await session.ExecuteAsync(
                    new CommandDefinition("select 1", commandTimeout: (int)Check.TotalSeconds, cancellationToken: released.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
        catch (DbException)
        {
            lost.TrySetResult();
        }
    }
}
