using Dapper;
using LPZero.Cluster.Tests.Processes;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class DatabaseTests(SharedPostgres shared) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-database-").FullName;

    private string SqliteFile => Path.Combine(folder, "sub", "lpzero.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public Task Processes_that_start_at_once_make_one_schema_on_SQLite() => AssertOneSchemaAsync(SqliteFile);

    [PostgresFact]
    public async Task Processes_that_start_at_once_make_one_schema_on_PostgreSQL()
    {
        var postgres = await shared.NewDatabaseAsync();
        await AssertOneSchemaAsync(postgres);
    }

    [Theory]
    [InlineData("create table cluster_runs (name text)")]
    [InlineData("create table events (run text); create table leases (run text)")]
    public async Task A_database_of_the_former_format_is_refused_and_left_as_it_is(string former)
    {
        await using var database = new Database(SqliteFile);
        Directory.CreateDirectory(Path.GetDirectoryName(SqliteFile)!);
        await using (var connection = await database.OpenAsync())
        {
            await connection.ExecuteAsync(former);
        }

        var refused = await Assert.ThrowsAsync<DatabaseLocationException>(database.CreateTablesAsync);
        Assert.Equal(
            "--db: the database is of a former version of the program, from which nothing is taken over: give a new one", refused.Message);
        await using var after = await database.OpenAsync();
        Assert.DoesNotContain("runs", await after.QueryAsync<string>("select name from sqlite_master"));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using var database = new Database(SqliteFile);
        await database.CreateTablesAsync();
        await using (var connection = await database.OpenAsync())
        {
            await connection.ExecuteAsync("insert into schemaversions (scriptname, applied) values ('9999-later.sql', '2099-01-01')");
        }

        await AssertRefusedAsync(database.CreateTablesAsync, "--db: the database is of a newer version");
        await AssertRefusedAsync(database.ReadAsync, "--db: the database is of a newer version");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_its_name()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SqliteFile)!);
        await File.WriteAllTextAsync(SqliteFile, new string('x', 5000));
        await using var database = new Database(SqliteFile);
        await AssertRefusedAsync(database.CreateTablesAsync, $"--db: {SqliteFile} cannot be used as a database (");
        await using var reader = new Database(SqliteFile);
        await AssertRefusedAsync(reader.ReadAsync, $"--db: {SqliteFile} cannot be used as a database (");
    }

    [Theory]
    [InlineData("Host=db", 6)]
    [InlineData("Host=db;Maximum Pool Size=100", 100)]
    [InlineData("postgres://db/lpzero?Maximum%20Pool%20Size=20", 20)]
    public async Task A_pool_of_connections_is_bounded_unless_its_size_is_given(string location, int size)
    {
        await using var database = new Database(location);
        Assert.Equal(size, new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize);
    }

    [Fact]
    public async Task Reading_makes_no_database()
    {
        await using var database = new Database(SqliteFile);
        await AssertRefusedAsync(database.ReadAsync, $"--db: {SqliteFile}: there is no such database");
        Assert.False(Directory.Exists(Path.GetDirectoryName(SqliteFile)));
    }

    [Fact]
    public async Task What_reads_cannot_write()
    {
        await using (var database = new Database(SqliteFile))
        {
            await database.CreateTablesAsync();
        }

        await using var reader = new Database(SqliteFile);
        await reader.ReadAsync();
        Assert.NotEmpty(reader.Id);
        await using var connection = await reader.OpenAsync();
        await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("delete from runs"));
    }

    [Fact]
    public async Task What_was_opened_to_read_can_be_opened_to_write()
    {
        await using (var made = new Database(SqliteFile))
        {
            await made.CreateTablesAsync();
        }

        await using var database = new Database(SqliteFile);
        await database.ReadAsync();
        await database.CreateTablesAsync();
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync("insert into nodes (address, seen) values ('a', 1)");
    }

    [Fact]
    public async Task A_file_that_was_moved_under_a_process_is_noticed_at_the_next_use_by_the_journal_too()
    {
        await using var database = new Database(SqliteFile);
        await database.CreateTablesAsync();
        await using var journal = new LinqToDB.Data.DataConnection(database.JournalOptions);
        File.Move(SqliteFile, SqliteFile + ".moved");
        await AssertRefusedAsync(database.OpenAsync, $"--db: {SqliteFile} was moved, removed or replaced");
        await AssertRefusedAsync(
            () => journal.OpenDbConnectionAsync(CancellationToken.None), $"--db: {SqliteFile} was moved, removed or replaced");
    }

    private static async Task AssertRefusedAsync(Func<Task> use, string beginning) =>
        Assert.StartsWith(beginning, (await Assert.ThrowsAsync<DatabaseLocationException>(use)).Message, StringComparison.Ordinal);

    private static async Task AssertOneSchemaAsync(string location)
    {
        var databases = Enumerable.Range(0, 4).Select(_ => new Database(location)).ToList();
        await Task.WhenAll(databases.Select(database => Task.Run(database.CreateTablesAsync)));
        Assert.NotEmpty(databases[0].Id);
        Assert.All(databases, database => Assert.Equal(databases[0].Id, database.Id));
        await using (var connection = await databases[0].OpenAsync())
        {
            var scripts = (await connection.QueryAsync<string>("select scriptname from schemaversions")).ToList();
            Assert.NotEmpty(scripts);
            Assert.Equal(scripts.Distinct(StringComparer.Ordinal), scripts);
        }

        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }
}
