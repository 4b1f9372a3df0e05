using System.IO.Compression;
using Dapper;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Hosting;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Integrity;

/// <summary>Runs that are carried from one database to another, and old ones that are deleted.</summary>
public sealed class RunArchiveTests : IDisposable
{
    private const string Run = "run";

    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 10 };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-archive-").FullName;

    private string From => Path.Combine(folder, "from.db");

    private string To => Path.Combine(folder, "to.db");

    private string Archive => Path.Combine(folder, "run.zip");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_run_that_has_ended_is_the_same_in_another_database_with_its_terms_and_its_report()
    {
        var (events, report) = await LocalRun.ToEndAsync(
            From, new StartRequest(Run, Configuration, Synthetic.Benchmark) { Priority = 4 }, new FakeDevices());
        await ExportAsync();
        Assert.Equal("carried", await ImportAsync("carried"));

        await using var database = new Database(To);
        await database.ReadAsync();
        var reader = new RunReader(database);
        Assert.Equal(events, await reader.EventsAsync("carried", CancellationToken.None));
        Assert.Equal(report, (await reader.ResultAsync("carried", CancellationToken.None)).Report);
        var status = await reader.StatusAsync("carried", CancellationToken.None);
        Assert.Equal(("finished", 4), (status.State, status.Priority));
        var findings = await new StoreVerification(database).RunAsync(CancellationToken.None);
        Assert.Empty(findings.Problems);
        Assert.Equal(events.Count, findings.Events);
        Assert.Equal(await CountAsync(From, "terms"), findings.TermBlocks);

        // Once more, under the name that it had: what is there already is not stored again.
        Assert.Equal(Run, await ImportAsync(name: null));
        Assert.Equal(findings.TermBlocks, await CountAsync(To, "terms"));
        var taken = await Assert.ThrowsAsync<StorageException>(() => ImportAsync(name: null));
        Assert.Contains("give --name", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_not_ended_waits_to_be_resumed_and_goes_on_elsewhere_to_the_same_end()
    {
        IReadOnlyList<string> expected;
        await using (var database = new Database(From))
        {
            await database.CreateTablesAsync();
            var devices = new FakeDevices(held: true);
            await using var engine = await LocalEngine.StartAsync(database, devices, Run);
            await engine.Service.StartAsync(new StartRequest(Run, Configuration, Synthetic.Benchmark), CancellationToken.None);
            await devices.BegunAsync();
            await ExportAsync();
            devices.Release(1_000_000);
            await LocalRun.EndAsync(engine.Service, Run);
            expected = await engine.Service.EventsAsync(Run, CancellationToken.None);
        }

        await ImportAsync(name: null);
        await using var other = new Database(To);
        await other.CreateTablesAsync();
        Assert.Equal("paused", (await new RunReader(other).StatusAsync(Run, CancellationToken.None)).State);
        await using (var engine = await LocalEngine.StartAsync(other, new FakeDevices(), Run))
        {
            // Whoever only asks how it stands does not begin it.
            var status = await engine.Service.StatusAsync(Run, CancellationToken.None);
            Assert.Equal(("paused", "it was imported before its end: resume it to go on"), (status.State, status.Problem));
            await engine.Service.ResumeAsync(Run, CancellationToken.None);
            await LocalRun.EndAsync(engine.Service, Run);
            Assert.Equal(expected, await engine.Service.EventsAsync(Run, CancellationToken.None));
        }
    }

    [Fact]
    public async Task An_archive_that_was_altered_is_refused_and_leaves_nothing()
    {
        await LocalRun.ToEndAsync(From, new StartRequest(Run, Configuration, Synthetic.Benchmark), new FakeDevices());
        await ExportAsync();
        var whole = await File.ReadAllBytesAsync(Archive);
        foreach (var (entry, alter, reason) in new (string, Func<string, string>, string)[]
        {
            ("events.jsonl", text => string.Join('\n', text.Split('\n').Where((_, line) => line != 2)), "event 3: missing"),
            ("terms.jsonl", text => text.Replace("\"block\":\"A", "\"block\":\"B", StringComparison.Ordinal), "a block of terms"),
            ("run.json", text => text.Replace("\\\"seed\\\":42", "\\\"seed\\\":43", StringComparison.Ordinal), "event 1: altered"),
            ("run.json", text => text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), "form 2"),
            ("run.json", _ => "{}", "form 0"),
            ("run.json", text => text.Replace("\"priority\": 1", "\"priority\": 0", StringComparison.Ordinal), "its priority 0 is out of"),
            ("benchmark.json", text => text.Replace("a1", "a2", StringComparison.Ordinal), "benchmark"),
        })
        {
            await File.WriteAllBytesAsync(Archive, whole);
            await AlterAsync(entry, alter);
            var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync(name: null));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }

        await File.WriteAllTextAsync(Archive, "no zip");
        await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync(name: null));
        await File.WriteAllBytesAsync(Archive, whole);
        await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync("../away"));
        Assert.Equal((0L, 0L), (await CountAsync(To, "runs"), await CountAsync(To, "terms")));
    }

    [Fact]
    public async Task Runs_that_have_ended_long_ago_are_deleted_and_no_others()
    {
        await LocalRun.ToEndAsync(From, new StartRequest(Run, Configuration, Synthetic.Benchmark), new FakeDevices());
        await using var database = new Database(From);
        await database.CreateTablesAsync();
        var now = DateTime.UtcNow;
        var runs = new SqlRunDirectory(database);
        foreach (var (name, phase) in new[] { ("unfinished", "Paused"), ("owned", "Stopped"), ("old", "Stopped") })
        {
            await runs.CreateAsync(new StartRequest(name, Configuration, Synthetic.Benchmark), now.AddDays(-40));
            await ExecuteAsync($"update runs set phase = '{phase}' where name = '{name}'");
        }

        await using var owner = await database.LockAsync("owned");
        var pruning = new RunPruning(database);
        Assert.Equal(["old"], (await pruning.FindAsync(now.AddDays(-30))).Select(run => run.Name));
        Assert.Equal(["old", Run], (await pruning.FindAsync(now.AddDays(1))).Select(run => run.Name));
        Assert.Equal(["old"], (await pruning.DeleteAsync(["old", "owned", "never was"])).AsEnumerable());
        Assert.Equal(3, await CountAsync(From, "runs"));

        async Task ExecuteAsync(string statement)
        {
            await using var connection = await database.OpenAsync();
            await connection.ExecuteAsync(statement);
        }
    }

    private async Task ExportAsync()
    {
        await using var database = new Database(From);
        await database.ReadAsync();
        await new RunExport(database).WriteAsync(Run, Archive, overwrite: false, CancellationToken.None);
        await Assert.ThrowsAsync<DatabaseLocationException>(
            () => new RunExport(database).WriteAsync(Run, Archive, overwrite: false, CancellationToken.None));
    }

    private async Task<string> ImportAsync(string? name)
    {
        await using var database = new Database(To);
        await database.CreateTablesAsync();
        return await new RunImport(database).RunAsync(Archive, name, CancellationToken.None);
    }

    private async Task AlterAsync(string name, Func<string, string> alter)
    {
        using var zip = ZipFile.Open(Archive, ZipArchiveMode.Update);
        var entry = zip.GetEntry(name)!;
        string text;
        using (var reader = new StreamReader(entry.Open()))
        {
            text = await reader.ReadToEndAsync();
        }

        Assert.NotEqual(text, alter(text));
        entry.Delete();
        await using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        await writer.WriteAsync(alter(text));
    }

    private static async Task<long> CountAsync(string file, string table)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        return await connection.QuerySingleAsync<long>($"select count(*) from {table}");
    }
}
