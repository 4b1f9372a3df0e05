using Dapper;
using DbUp;
using LPZero.Cluster.Tests.Devices;
using LPZero.Cluster.Tests.Processes;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Hosting;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Upgrade;

/// <summary>
/// Databases of each schema that there was, brought up to date with all that they hold. Those before 0004 were made of that one, by
/// taking back what its migration and those before it had added.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class SchemaTests(SharedPostgres shared) : IDisposable
{
    private const string Kind = "schema";
    private const string Ending = ".db.gz";
    private const string Finished = "finished";
    private const string Paused = "paused";

    // Of what the program's own migrations make; the journal's tables are of its own making on each kind of database.
    private static readonly string[] Tables = ["benchmarks", "runs", "reports", "terms", "exhaustive", "scores", "run_tags"];

    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 12 };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-schema-").FullName;

    public static TheoryData<string> Stored => [.. StoredForms.Names(Kind, Ending)];

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Each_migration_has_a_database_that_ends_with_it()
    {
        var scripts = Scripts().Count;
        if (StoredForms.IsWanted(Kind, StoredForms.Number(scripts) + Ending))
        {
            await StoreAsync(Path.Combine(folder, "lpzero.db"), StoredForms.Number(scripts) + Ending);
        }

        Assert.Equal(Enumerable.Range(1, scripts).Select(StoredForms.Number), StoredForms.Names(Kind, Ending));
        Assert.Equal(Enumerable.Range(1, scripts).Select(StoredForms.Number), Scripts().Select(script => script.Number));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task A_file_of_each_schema_is_brought_up_to_date_with_its_runs_which_go_on(string number)
    {
        await using var database = new Database(await UnpackAsync(number));
        if (number != Scripts()[^1].Number)
        {
            var reading = await Assert.ThrowsAsync<DatabaseLocationException>(database.ReadAsync);
            Assert.Contains("of an earlier version", reading.Message, StringComparison.Ordinal);
        }

        await database.CreateTablesAsync();

        await AssertCurrentAsync(database);
        var reader = new RunReader(database);
        Assert.Equal(
            [(Finished, "finished"), (Paused, "paused")],
            (await reader.ListAsync(default)).Select(run => (run.Name, run.State)).Order());
        Assert.NotEmpty((await reader.LeaderboardAsync(Finished, default)).Entries);
        Assert.NotEmpty(await reader.EventsAsync(Finished, default));
        Assert.NotEmpty(ReportData.FromJson((await reader.ResultAsync(Finished, default)).Report!).Proxies);
        Assert.Null((await new StoreVerification(database).RunAsync(default)).FindDamage());

        // Rules of another version are not carried out; those of this one are.
        var configuration = (await reader.DefinitionAsync(Paused, default)).Configuration;
        var isCarriedOut = configuration.FindProblemOfVersion() is null;
        Assert.True(
            isCarriedOut || number != Scripts()[^1].Number, "the newest form is to be stored anew, by the present rules");
        if (isCarriedOut)
        {
            Assert.Empty(configuration.Problems());
            await using (var engine = await LocalEngine.StartAsync(database, new FakeDevices(), Paused))
            {
                await engine.Service.ResumeAsync(Paused, default);
                await LocalRun.EndAsync(engine.Service, Paused);
            }

            Assert.Equal("finished", (await reader.StatusAsync(Paused, default)).State);
            Assert.Null((await new StoreVerification(database).RunAsync(default)).FindDamage());
        }
    }

    [PostgresTheory]
    [MemberData(nameof(Stored))]
    public async Task A_database_of_each_schema_on_PostgreSQL_is_brought_up_to_date_with_its_rows(string number)
    {
        var location = await shared.NewDatabaseAsync();
        var done = DeployChanges.To.PostgresqlDatabase(new Database(location).ConnectionString)
            .WithScriptsEmbeddedInAssembly(typeof(Database).Assembly, name =>
                Scripts().Any(script => script.Resource == name && string.CompareOrdinal(script.Number, number) <= 0))
            .WithVariable("binary", "bytea").WithTransactionPerScript().LogToNowhere().Build().PerformUpgrade();
        Assert.True(done.Successful, done.Error?.Message);
        await using var database = new Database(location);
        await using var file = new SqliteConnection($"Data Source={await UnpackAsync(number)}");
        var rows = await CopyAsync(file, database);

        await database.CreateTablesAsync();

        await AssertCurrentAsync(database);
        await using var connection = await database.OpenAsync();
        foreach (var (table, count) in rows)
        {
            Assert.Equal((table, count), (table, await connection.QuerySingleAsync<long>($"select count(*) from {table}")));
        }

        var run = (await new SqlRunDirectory(database).FindAsync(Finished))!;
        Assert.Equal(Configuration.Seed, run.Configuration.Seed);
        Assert.NotNull((await new RunReader(database).ResultAsync(Finished, default)).Report);
        Assert.Null((await new StoreVerification(database).RunAsync(default)).Problems.FirstOrDefault(problem => problem.Run is null));
    }

    private static async Task AssertCurrentAsync(Database database)
    {
        await using var connection = await database.OpenAsync();
        var (applied, known) = await Schema.VersionAsync(connection, database.IsPostgres);
        Assert.Equal(known, applied);
    }

    private static IReadOnlyList<(string Resource, string Number)> Scripts() =>
    [
        .. typeof(Database).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => (name, name.Split('.')[^2].Split('-')[0])).OrderBy(script => script.Item2, StringComparer.Ordinal),
    ];

    private async Task<string> UnpackAsync(string number)
    {
        var file = Path.Combine(folder, number + ".db");
        await StoredForms.UnpackAsync(Kind, number + Ending, file);
        return file;
    }

    /// <summary>Copies the rows of a file to a database of the same schema; returns how many there are of each table.</summary>
    private static async Task<Dictionary<string, long>> CopyAsync(SqliteConnection file, Database database)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var connection = await database.OpenAsync();
        var tables = (await file.QueryAsync<string>("select name from sqlite_master where type = 'table'")).ToHashSet();
        foreach (var table in Tables.Where(tables.Contains))
        {
            var rows = (await file.QueryAsync($"select * from {table}")).Cast<IDictionary<string, object?>>().ToList();
            counts.Add(table, rows.Count);
            foreach (var row in rows)
            {
                await connection.ExecuteAsync(
                    $"insert into {table} ({string.Join(", ", row.Keys)}) values ({string.Join(", ", row.Keys.Select(key => "@" + key))})",
                    new DynamicParameters(row));
            }
        }

        return counts;
    }

    /// <summary>Stores a database of the present schema: a run that has ended, and one that is paused.</summary>
    private static async Task StoreAsync(string file, string name)
    {
        await LocalRun.ToEndAsync(file, new StartRequest(Finished, Configuration, Synthetic.Benchmark), new FakeDevices());
        await using (var database = new Database(file))
        {
            var devices = new FakeDevices(held: true);
            await using (var engine = await LocalEngine.StartAsync(database, devices, Paused))
            {
                await engine.Service.StartAsync(
                    new StartRequest(Paused, Configuration with { BatchSeed = 7 }, Synthetic.Benchmark), default);
                await devices.BegunAsync();
                await engine.Service.PauseAsync(Paused, default);
                devices.Release(1_000_000);
            }

            await new SqlRunDirectory(database).TagAsync(Finished, ["nightly"]);
        }

        SqliteConnection.ClearAllPools();
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.ExecuteAsync("pragma wal_checkpoint(truncate)");
            await connection.ExecuteAsync("pragma journal_mode = delete");
            await connection.ExecuteAsync("vacuum");
        }

        await StoredForms.PackAsync(file, Kind, name);
    }
}
