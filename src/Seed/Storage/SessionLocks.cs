using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LPZero.Coordinator.Actors;

namespace LPZero.Seed.Storage;

/// <summary>
/// The advisory locks of the runs that this process owns, all of them held by one PostgreSQL session, which is there as long as there is
/// a lock. The session says every few seconds that it is alive; the server ends one that says nothing for longer, be its process
/// frozen or its machine gone, and frees the locks. Where the session breaks, all locks are lost.
/// </summary>
/// <param name="database">Where the runs are.</param>
internal sealed class SessionLocks(Database database) : IAsyncDisposable
{
    // With the time that an answer may take it is shorter than the server waits: an owner knows of its loss before another begins.
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(5);

    // Of this server's databases the present one, of the key the upper and the lower half.
    private const string Holds = """
        locktype = 'advisory' and granted and objsubid = 1 and database = (select oid from pg_database where datname = current_database())
        and ((classid::bigint << 32) | objid::bigint) = @key
        """;

    // A session has one question at a time. Whoever still waits for its turn at the end gets it, and finds nothing to do.
    private readonly SemaphoreSlim turn = new(initialCount: 1);
    private readonly Dictionary<long, HeldLock> held = [];
    private DbConnection? session;
    private Timer? watch;

    /// <summary>Takes a run's lock.</summary>
    /// <exception cref="RunOwnedException">It is taken, be it by this process.</exception>
    public async Task<IRunLock> AcquireAsync(string run)
    {
        var key = Key(run);
        await turn.WaitAsync();
        try
        {
            // The server would give it to the same session twice.
            if (held.ContainsKey(key))
            {
                throw new RunOwnedException(run, RunHolder.Self);
            }

            session ??= await BeginAsync();
            if (await session.QuerySingleAsync<bool>(Command("select pg_try_advisory_lock(@key)", new { key })))
            {
                return held[key] = new HeldLock(this, key);
            }

            var holder = await session.QueryFirstOrDefaultAsync<string>(Command(
                $"select application_name from pg_locks join pg_stat_activity using (pid) where {Holds}", new { key }));
            throw new RunOwnedException(run, holder is { Length: > 0 } ? holder : null);
        }
        catch (DbException)
        {
            await BreakAsync();
            throw;
        }
        finally
        {
            await EndIfUnusedAsync();
            turn.Release();
        }
    }

    /// <summary>Whether a process owns the run, asked by a connection at hand.</summary>
    public Task<bool> IsHeldAsync(DbConnection connection, string run) => connection.QuerySingleAsync<bool>(
        $"select exists (select 1 from pg_locks where {Holds})", new { key = Key(run) });

    /// <summary>Frees all locks.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        held.Clear();
        await EndIfUnusedAsync();
        turn.Release();
    }

    private static CommandDefinition Command(string text, object? parameters = null) =>
        new(text, parameters, commandTimeout: (int)Check.TotalSeconds);

    private long Key(string run) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{database.Id}|{run}")));

    private async Task<DbConnection> BeginAsync()
    {
        var connection = await database.OpenAsync();
        try
        {
            // A server before version 14 knows no such time-out, and frees the locks of a machine that vanished when TCP gives it up.
            await connection.ExecuteAsync(Command(
                """
                select set_config('application_name', @Self, false);
                select set_config(name, '15s', false) from pg_settings where name = 'idle_session_timeout';
                """,
                new { RunHolder.Self }));
            watch = new Timer(_ => _ = WatchAsync(connection), state: null, Check, Check);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task WatchAsync(DbConnection watched)
    {
        await turn.WaitAsync();
        try
        {
            if (session == watched)
            {
                await session.ExecuteAsync(Command("select 1"));
            }
        }
        catch (DbException)
        {
            await BreakAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ReleaseAsync(long key, HeldLock released)
    {
        await turn.WaitAsync();
        try
        {
            // One that is lost may be another's by now.
            if (held.GetValueOrDefault(key) == released)
            {
                held.Remove(key);
                await session!.ExecuteAsync(Command("select pg_advisory_unlock(@key)", new { key }));
            }
        }
        catch (DbException)
        {
            await BreakAsync();
        }
        finally
        {
            await EndIfUnusedAsync();
            turn.Release();
        }
    }

    /// <summary>The session is gone, and with it every lock.</summary>
    private async Task BreakAsync()
    {
        List<HeldLock> lost = [.. held.Values];
        held.Clear();
        await EndIfUnusedAsync();
        lost.ForEach(one => one.Lose());
    }

    private async Task EndIfUnusedAsync()
    {
        if (held.Count > 0 || session is not { } ended)
        {
            return;
        }

        session = null;
        await watch!.DisposeAsync();
        try
        {
            // The pool resets a session only when somebody uses it again.
            await ended.ExecuteAsync(Command("select pg_advisory_unlock_all()"));
        }
        catch (DbException)
        {
            // It has ended by itself.
        }

        await ended.DisposeAsync();
    }

    private sealed class HeldLock(SessionLocks all, long key) : IRunLock
    {
        private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Lost => lost.Task;

        public void Lose() => lost.TrySetResult();

        public async ValueTask DisposeAsync() => await all.ReleaseAsync(key, this);
    }
}
