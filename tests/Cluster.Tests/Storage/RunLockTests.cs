using System.Diagnostics;
using Dapper;
using LPZero.Cluster.Tests.Processes;
using LPZero.Coordinator.Actors;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class RunLockTests(SharedPostgres shared) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-lock-").FullName;

    private string SqliteFile => Path.Combine(folder, "lpzero.db");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public Task A_run_has_one_owner_at_a_time_on_SQLite() => AssertOneOwnerAsync(SqliteFile);

    [PostgresFact]
    public async Task A_run_has_one_owner_at_a_time_on_PostgreSQL()
    {
        var postgres = await shared.NewDatabaseAsync();
        await AssertOneOwnerAsync(postgres);
    }

    [Fact]
    public async Task Looking_whether_a_run_is_owned_hinders_nobody_from_owning_it()
    {
        await using var database = new Database(SqliteFile);
        await database.CreateTablesAsync();
        await (await database.LockAsync("run")).DisposeAsync();
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await database.IsOwnedAsync("run");
            }
        });
        for (var i = 0; i < 50; i++)
        {
            await (await database.LockAsync("run")).DisposeAsync();
        }

        await stop.CancelAsync();
        await looking;
    }

    [Fact]
    public async Task The_lock_of_a_killed_process_is_free_at_once_and_its_name_is_no_hindrance()
    {
        await using var database = new Database(SqliteFile);
        await database.CreateTablesAsync();
        await (await database.LockAsync("run")).DisposeAsync();
        var start = new ProcessStartInfo("flock") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in (string[])["--no-fork", SqliteFile + "-locks/run.lock", "sh", "-c", "echo locked; exec sleep 1000"])
        {
            start.ArgumentList.Add(argument);
        }

        using var other = Process.Start(start)!;
        await File.WriteAllTextAsync(SqliteFile + "-locks/run.owner", "process 12 on a-container");
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync());
        var refused = await Assert.ThrowsAsync<RunOwnedException>(() => database.LockAsync("run"));
        Assert.Equal("run 'run' is being worked on by process 12 on a-container", refused.Message);

        other.Kill();
        await other.WaitForExitAsync();

        await using var mine = await database.LockAsync("run");
    }

    [PostgresFact]
    public async Task A_lock_whose_session_breaks_is_lost_and_free_for_another()
    {
        var postgres = await shared.NewDatabaseAsync();
        await using var database = new Database(postgres);
        await database.CreateTablesAsync();
        await using var held = await database.LockAsync("run");
        Assert.False(held.Lost.IsCompleted);
        await using (var connection = await database.OpenAsync())
        {
            await connection.ExecuteAsync(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where application_name like 'process %' and datname = current_database()
                """);
        }

        await held.Lost.WaitAsync(Patience);
        await using var next = await database.LockAsync("run");
    }

    [PostgresFact]
    public async Task A_process_holds_the_locks_of_its_runs_by_one_session()
    {
        var postgres = await shared.NewDatabaseAsync();
        await using var database = new Database(postgres);
        await database.CreateTablesAsync();
        await using var another = new Database(postgres);
        await another.CreateTablesAsync();
        var locks = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => database.LockAsync($"run-{i}")));
        await using (var connection = await another.OpenAsync())
        {
            Assert.Equal(1, await connection.QuerySingleAsync<long>(
                """
                select count(distinct pid) from pg_locks join pg_database on database = pg_database.oid
                where locktype = 'advisory' and granted and datname = current_database()
                """));
        }

        await locks[0].DisposeAsync();
        Assert.Equal((false, true), (await another.IsOwnedAsync("run-0"), await another.IsOwnedAsync("run-1")));
        await using (await another.LockAsync("run-0"))
        {
            await locks[0].DisposeAsync(); // frees nothing that is another's
            Assert.True(await another.IsOwnedAsync("run-0"));
        }

        foreach (var held in locks)
        {
            await held.DisposeAsync();
        }

        Assert.False(await another.IsOwnedAsync("run-1"));
    }

    [Fact]
    public async Task The_journal_writes_with_a_log_and_without_a_flush_for_each_event()
    {
        await using var database = new Database(SqliteFile);
        await using var connection = new LinqToDB.Data.DataConnection(database.JournalOptions);
        var opened = await connection.OpenDbConnectionAsync(CancellationToken.None);
        Assert.Equal("wal", await opened.QuerySingleAsync<string>("pragma journal_mode"));
        Assert.Equal(1, await opened.QuerySingleAsync<int>("pragma synchronous"));
    }

    private static async Task AssertOneOwnerAsync(string location)
    {
        await using var database = new Database(location);
        await database.CreateTablesAsync();
        await using var another = new Database(location);
        await another.CreateTablesAsync();
        Assert.False(await another.IsOwnedAsync("run"));
        await using (await database.LockAsync("run"))
        {
            Assert.True(await another.IsOwnedAsync("run"));
            var refused = await Assert.ThrowsAsync<RunOwnedException>(() => another.LockAsync("run"));
            Assert.Equal($"run 'run' is being worked on by process {Environment.ProcessId} on {Environment.MachineName}", refused.Message);
            await Assert.ThrowsAsync<RunOwnedException>(() => database.LockAsync("run"));
            await using var other = await another.LockAsync("run-2");
        }

        Assert.False(await another.IsOwnedAsync("run"));
        await using var mine = await another.LockAsync("run");
    }
}
