using System.Diagnostics;
using System.Globalization;
using Dapper;
using LPZero.Cluster.Tests.Devices;
using LPZero.Cluster.Tests.Upgrade;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Integrity;

/// <summary>
/// Processes that are killed while they back up, restore or bring a database up to date, a random moment after they have begun to. Part of
/// <c>./lpzero test --all</c> with many more of them.
/// </summary>
public sealed class KilledCommandsTests : IDisposable
{
    private const int Few = 2;
    private const int Many = 50;
    private const int Killed = 137;
    private const string Run = "run";

    // What is done after the sign that it has begun, on a large database, takes about so long.
    private const int LongestMoment = 250;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 10 };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-killed-").FullName;
    private readonly Random random = new(42);

    // Of the commands so far.
    private bool wasAnyKilled;

    private string DatabaseFile => Path.Combine(folder, "lpzero.db");

    private string BackupFile => Path.Combine(folder, "kept", "backup.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task A_backup_that_is_killed_is_whole_or_not_there() => BackUpAsync(Few);

    [Fact]
    [Trait("Category", "All")]
    public Task Fifty_backups_that_are_killed_are_whole_or_not_there() => BackUpAsync(Many);

    [Fact]
    public Task A_restore_that_is_killed_leaves_the_old_database_or_the_new_one() => RestoreAsync(Few);

    [Fact]
    [Trait("Category", "All")]
    public Task Fifty_restores_that_are_killed_leave_the_old_database_or_the_new_one() => RestoreAsync(Many);

    [Fact]
    public Task A_migration_that_is_killed_is_done_by_the_next_command() => MigrateAsync(Few);

    [Fact]
    [Trait("Category", "All")]
    public Task Fifty_migrations_that_are_killed_are_done_by_the_next_command() => MigrateAsync(Many);

    private async Task BackUpAsync(int kills)
    {
        await MakeAsync(DatabaseFile);
        Directory.CreateDirectory(Path.GetDirectoryName(BackupFile)!);
        for (var i = 0; i < kills; i++)
        {
            await KillAsync(Path.GetDirectoryName(BackupFile)!, ".backup.db.*", "backup", BackupFile, "--db", DatabaseFile, "--force");
            await AssertWholeAsync(DatabaseFile);
            if (File.Exists(BackupFile))
            {
                await AssertWholeAsync(BackupFile);
            }
        }

        AssertAnyKilled();
        File.Delete(BackupFile);
        await using var database = new Database(DatabaseFile);
        await database.ReadAsync();
        await new DatabaseBackup(database).WriteAsync(BackupFile, overwrite: false);
        await AssertWholeAsync(BackupFile);
    }

    private async Task RestoreAsync(int kills)
    {
        await MakeAsync(DatabaseFile);
        Directory.CreateDirectory(Path.GetDirectoryName(BackupFile)!);
        File.Copy(DatabaseFile, BackupFile);
        for (var i = 0; i < kills; i++)
        {
            // Which of the two it is afterwards shows in what both need not have.
            await ExecuteAsync(DatabaseFile, "delete from exhaustive");
            await KillAsync(folder, ".lpzero.db.*", "restore", BackupFile, "--db", DatabaseFile, "--force");
            await AssertWholeAsync(DatabaseFile);
        }

        AssertAnyKilled();
        await using (var database = new Database(DatabaseFile))
        {
            var findings = await new DatabaseRestore(database).RunAsync(BackupFile, force: true, withProblems: false, default);
            Assert.Empty(findings.Problems);
        }

        await AssertWholeAsync(DatabaseFile);
    }

    private async Task MigrateAsync(int kills)
    {
        for (var i = 0; i < kills; i++)
        {
            var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"old-{i}.db"));
            await StoredForms.UnpackAsync("schema", "0001.db.gz", file);
            Directory.CreateDirectory(file + Database.LockFolderEnding);
            await KillAsync(file + Database.LockFolderEnding, ".schema*", "search", "tag", "finished", "kept", "--db", file);

            await using var database = new Database(file);
            await database.CreateTablesAsync();
            await using var connection = await database.OpenAsync();
            var (applied, known) = await Schema.VersionAsync(connection, isPostgres: false);
            Assert.Equal(known, applied);
            var findings = await new StoreVerification(database).RunAsync(default);
            Assert.Null(findings.FindDamage());
            Assert.Equal(2, findings.Runs);
        }

        AssertAnyKilled();
    }

    private void AssertAnyKilled() => Assert.True(wasAnyKilled, "each of the commands had ended before it was killed");

    /// <summary>A database with a run, and so large that to copy it takes a while.</summary>
    private static async Task MakeAsync(string file)
    {
        await LocalRun.ToEndAsync(file, new StartRequest(Run, Configuration, Synthetic.Benchmark), new FakeDevices());
        SqliteConnection.ClearAllPools();
        await ExecuteAsync(file, """
            with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 20)
            insert into exhaustive (content_key, result) select 'filling ' || n, hex(zeroblob(500000)) from numbers
            """);
        await ExecuteAsync(file, "pragma wal_checkpoint(truncate)");
        await ExecuteAsync(file, "pragma journal_mode = delete");
    }

    private static async Task AssertWholeAsync(string file)
    {
        await using (var database = new Database(file))
        {
            await database.CreateTablesAsync();
            var findings = await new StoreVerification(database).RunAsync(default);
            Assert.Empty(findings.Problems);
            Assert.Equal(1, findings.Runs);
        }

        SqliteConnection.ClearAllPools();
    }

    /// <summary>Runs a command, and kills it a random moment after a file has appeared that shows that it is at it.</summary>
    private async Task KillAsync(string place, string sign, params string[] arguments)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(place, sign);
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await begun.Task.WaitAsync(Patience);
            // The moment of the kill is the random variable of this test, not a wait for something to happen.
            await Task.Delay(random.Next(LongestMoment));
        }
        finally
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        await output;
        Assert.True(process.ExitCode is 0 or Killed, await error);
        wasAnyKilled |= process.ExitCode == Killed;
    }

    private static async Task ExecuteAsync(string file, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.ExecuteAsync(statement);
    }
}
