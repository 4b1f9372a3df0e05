using Dapper;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Hosting;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Integrity;

/// <summary>Backups that are taken while a run writes, and what restore does and refuses.</summary>
public sealed class DatabaseBackupTests : IDisposable
{
    private const string Run = "run";

    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 10 };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-backup-").FullName;

    private string DatabaseFile => Path.Combine(folder, "lpzero.db");

    private string BackupFile => Path.Combine(folder, "kept", "backup.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_run_goes_on_from_a_backup_that_was_taken_while_it_was_worked_on_and_ends_with_the_same_events()
    {
        var request = new StartRequest(Run, Configuration, Synthetic.Benchmark);
        IReadOnlyList<string> expected;
        await using (var database = new Database(DatabaseFile))
        {
            await database.CreateTablesAsync();
            var devices = new FakeDevices(held: true);
            await using var engine = await LocalEngine.StartAsync(database, devices, Run);
            await engine.Service.StartAsync(request, CancellationToken.None);
            await devices.BegunAsync();
            await BackUpAsync();
            devices.Release(1_000_000);
            await LocalRun.EndAsync(engine.Service, Run);
            expected = await engine.Service.EventsAsync(Run, CancellationToken.None);
        }

        var other = Path.Combine(folder, "other.db");
        await using var restored = new Database(other);
        var findings = await new DatabaseRestore(restored).RunAsync(BackupFile, force: false, withProblems: false, CancellationToken.None);
        Assert.Empty(findings.Problems);
        await restored.CreateTablesAsync();
        await using (var engine = await LocalEngine.StartAsync(restored, new FakeDevices(), Run))
        {
            Assert.True((await engine.Service.EventsAsync(Run, CancellationToken.None)).Length < expected.Count);
            await engine.Service.ResumeAsync(Run, CancellationToken.None);
            await LocalRun.EndAsync(engine.Service, Run);
            Assert.Equal(expected, await engine.Service.EventsAsync(Run, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_nothing_is_left_beside_a_file_unless_it_is_forced()
    {
        await FinishAsync();
        await BackUpAsync();
        var before = await File.ReadAllBytesAsync(BackupFile);
        var there = await Assert.ThrowsAsync<DatabaseLocationException>(() => BackUpAsync());
        Assert.Contains("is there already", there.Message, StringComparison.Ordinal);
        await BackUpAsync(force: true);
        Assert.Equal([BackupFile], Directory.GetFiles(Path.GetDirectoryName(BackupFile)!));

        var refused = await Assert.ThrowsAsync<DatabaseLocationException>(() => RestoreAsync(BackupFile, force: false));
        Assert.Contains("--force", refused.Message, StringComparison.Ordinal);
        await ExecuteAsync(DatabaseFile, "delete from reports");
        Assert.Empty((await RestoreAsync(BackupFile, force: true)).Problems);
        Assert.Equal(1, await CountAsync("reports"));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder), entry => Path.GetFileName(entry).StartsWith('.'));
        Assert.Equal(before.Length, (await File.ReadAllBytesAsync(BackupFile)).Length);
    }

    [Fact]
    public async Task A_database_whose_run_is_worked_on_or_that_is_open_elsewhere_is_not_replaced()
    {
        await FinishAsync();
        await BackUpAsync();
        await using (var database = new Database(DatabaseFile))
        {
            await database.CreateTablesAsync();
            await using (await database.LockAsync(Run))
            {
                var owned = await Assert.ThrowsAsync<DatabaseLocationException>(() => RestoreAsync(BackupFile, force: true));
                Assert.Contains($"run '{Run}'", owned.Message, StringComparison.Ordinal);
                Assert.Contains("end that process", owned.Message, StringComparison.Ordinal);
            }

            await using var open = await database.OpenAsync();
            await open.ExecuteAsync("begin; select count(*) from runs");
            var used = await Assert.ThrowsAsync<DatabaseLocationException>(() => RestoreAsync(BackupFile, force: true));
            Assert.Contains("another process has", used.Message, StringComparison.Ordinal);
            await open.ExecuteAsync("rollback");
        }

        SqliteConnection.ClearAllPools();
        Assert.Empty((await RestoreAsync(BackupFile, force: true)).Problems);
    }

    [Fact]
    public async Task A_backup_with_problems_is_restored_where_they_are_wanted_and_what_is_none_never()
    {
        await FinishAsync();
        await BackUpAsync();
        var journal = await CountAsync("journal");
        await ExecuteAsync(BackupFile, "delete from journal where sequence_number = 3");
        File.Delete(DatabaseFile);
        File.Delete(DatabaseFile + "-wal");
        File.Delete(DatabaseFile + "-shm");
        var refused = await Assert.ThrowsAsync<DatabaseLocationException>(() => RestoreAsync(BackupFile, force: false));
        Assert.Contains($"run '{Run}', event 3: missing", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(DatabaseFile));
        Assert.Single((await RestoreAsync(BackupFile, force: true)).Problems);
        Assert.Equal(journal - 1, await CountAsync("journal"));

        var (text, empty, missing) = (Path.Combine(folder, "text"), Path.Combine(folder, "empty.db"), Path.Combine(folder, "missing"));
        await File.WriteAllTextAsync(text, new string('x', 5000));
        await ExecuteAsync(empty, "create table runs (name text)");
        foreach (var (file, reason) in new[] { (text, "cannot be read as a database"), (empty, "is no backup"), (missing, "no such file") })
        {
            var problem = await Assert.ThrowsAsync<DatabaseLocationException>(() => RestoreAsync(file, force: true));
            Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        }

        Assert.Equal(journal - 1, await CountAsync("journal"));
    }

    [Fact]
    public async Task A_file_that_is_damaged_beyond_reading_is_replaced()
    {
        await FinishAsync();
        await BackUpAsync();
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 9000));
        Assert.Empty((await RestoreAsync(BackupFile, force: true)).Problems);
        Assert.Equal(1, await CountAsync("runs"));
    }

    [Fact]
    public async Task A_server_has_tools_of_its_own()
    {
        await using var server = new Database("Host=localhost;Database=lpzero;Username=lpzero");
        var backup = await Assert.ThrowsAsync<DatabaseLocationException>(
            () => new DatabaseBackup(server).WriteAsync(BackupFile, overwrite: false));
        Assert.Contains("pg_dump", backup.Message, StringComparison.Ordinal);
        var restore = await Assert.ThrowsAsync<DatabaseLocationException>(
            () => new DatabaseRestore(server).RunAsync(BackupFile, force: true, withProblems: false, CancellationToken.None));
        Assert.Contains("pg_restore", restore.Message, StringComparison.Ordinal);
    }

    private async Task FinishAsync()
    {
        await LocalRun.ToEndAsync(DatabaseFile, new StartRequest(Run, Configuration, Synthetic.Benchmark), new FakeDevices());
        SqliteConnection.ClearAllPools();
    }

    private async Task BackUpAsync(bool force = false)
    {
        await using var database = new Database(DatabaseFile);
        await database.ReadAsync();
        await new DatabaseBackup(database).WriteAsync(BackupFile, force);
        SqliteConnection.ClearAllPools(); // as where the command's process ends
    }

    private async Task<StoreFindings> RestoreAsync(string from, bool force)
    {
        await using var database = new Database(DatabaseFile);
        return await new DatabaseRestore(database).RunAsync(from, force, withProblems: force, CancellationToken.None);
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        return await connection.QuerySingleAsync<long>($"select count(*) from {table}");
    }

    private static async Task ExecuteAsync(string file, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.ExecuteAsync(statement);
    }
}
