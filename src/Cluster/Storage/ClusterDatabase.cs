using System.Data.Common;
using Dapper;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Cluster.Storage;

/// <summary>
/// The database that nodes share: PostgreSQL, or a SQLite file where all of them are on one machine. Statements keep to
/// what both understand.
/// </summary>
public sealed class ClusterDatabase : IAsyncDisposable
{
    // Any number: the name of the lock under which schemas are made.
    private const long SchemaLock = 4108_01;

    // A commit survives a killed process without a flush for each of the many small events.
    private const string Settings = "pragma journal_mode = wal; pragma synchronous = normal;";

    private static readonly TimeSpan TurnCheck = TimeSpan.FromMilliseconds(200);

    private readonly DbDataSource source;
    private readonly string file;

    /// <summary>Names a database; nothing is opened yet.</summary>
    /// <param name="location">A PostgreSQL URI or connection string, or a SQLite file, as <see cref="DatabaseLocation.Parse"/> understands them.</param>
    /// <exception cref="DatabaseLocationException">It is none of them.</exception>
    public ClusterDatabase(string location)
    {
        (IsPostgres, ConnectionString) = DatabaseLocation.Parse(location);
        file = IsPostgres ? "" : new SqliteConnectionStringBuilder(ConnectionString).DataSource;
        source = IsPostgres ? NpgsqlDataSource.Create(ConnectionString) : SqliteFactory.Instance.CreateDataSource(ConnectionString);
    }

    /// <summary>Whether it is PostgreSQL.</summary>
    public bool IsPostgres { get; }

    /// <summary>How a client connects.</summary>
    public string ConnectionString { get; }

    /// <summary>What linq2db calls this kind of database.</summary>
    public string ProviderName => IsPostgres ? LinqToDB.ProviderName.PostgreSQL15 : LinqToDB.ProviderName.SQLiteMS;

    /// <summary>How the journal connects: on SQLite with the settings of <see cref="OpenAsync"/>, or each event would wait for the disk.</summary>
    public DataOptions JournalOptions
    {
        get
        {
            var options = new DataOptions().UseConnectionString(ProviderName, ConnectionString);
            return IsPostgres ? options : options.UseAfterConnectionOpened(
                connection => connection.Execute(Settings), (connection, _) => connection.ExecuteAsync(Settings));
        }
    }

    private string LockFolder => file + "-locks";

    /// <summary>Tells databases apart; it was drawn when the tables were made. Empty before <see cref="CreateTablesAsync"/>.</summary>
    public string Id { get; private set; } = "";

    /// <summary>An open connection; the caller disposes it.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        var connection = await source.OpenConnectionAsync();
        if (!IsPostgres)
        {
            await connection.ExecuteAsync(Settings);
        }

        return connection;
    }

    /// <summary>Makes the tables that are missing. Nodes that start together wait for one another.</summary>
    /// <exception cref="DatabaseLocationException">It is a file where locks do not hold.</exception>
    public async Task CreateTablesAsync()
    {
        if (!IsPostgres && NetworkFilesystem.Of(file) is { } kind)
        {
            throw new DatabaseLocationException(
                $"{file} is on a network filesystem ({kind}), where SQLite's locks do not hold: give a file on a disk of this machine, or PostgreSQL (Host=...;Database=...;Username=...)");
        }

        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (IsPostgres)
        {
            await connection.ExecuteAsync("select pg_advisory_xact_lock(@SchemaLock)", new { SchemaLock }, transaction);
        }

        await connection.ExecuteAsync($"""
            create table if not exists terms (
                content_key text not null,
                input integer not null,
                segment integer not null,
                block {(IsPostgres ? "bytea" : "blob")} not null,
                primary key (content_key, input, segment)
            );
            create table if not exists cluster_runs (
                name text primary key,
                created text not null,
                configuration text not null,
                benchmark text not null,
                benchmark_digest text not null,
                numeric_profile text,
                phase text not null,
                problem text
            );
            create table if not exists cluster_results (
                name text primary key,
                seconds double precision not null,
                term_hits bigint not null,
                term_misses bigint not null,
                report text
            );
            create table if not exists cluster_nodes (
                address text primary key,
                seen double precision not null
            );
            create table if not exists cluster_identity (
                only_row integer primary key,
                id text not null
            );
            create table if not exists attempts (
                content_key text not null,
                wanted text not null,
                machine text not null,
                process text not null,
                primary key (content_key, wanted, process)
            );
            """, transaction: transaction);
        await connection.ExecuteAsync("insert into cluster_identity (only_row, id) values (1, @id) on conflict do nothing", new { id = Guid.NewGuid().ToString("N") }, transaction);
        Id = await connection.QuerySingleAsync<string>("select id from cluster_identity", transaction: transaction);
        await transaction.CommitAsync();
    }

    /// <summary>
    /// Lets one node at a time start its journal: two that make the journal's tables at the same moment disturb each
    /// other, and a journal that failed to start stays away. Dispose to let the next one in.
    /// </summary>
    /// <param name="waiting">Called where another node is at it, again and again as long as it is.</param>
    /// <param name="interrupt">Ends the wait.</param>
    public async Task<IAsyncDisposable> JournalStartAsync(Action waiting, CancellationToken interrupt)
    {
        var connection = await OpenAsync();
        try
        {
            while (IsPostgres && !await connection.QuerySingleAsync<bool>("select pg_try_advisory_lock(@SchemaLock)", new { SchemaLock }))
            {
                waiting();
                await Task.Delay(TurnCheck, interrupt);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        return new StartLock(this, connection);
    }

    /// <summary>Whether the journal's tables are there.</summary>
    public async Task<bool> HasJournalAsync()
    {
        await using var connection = await OpenAsync();
        try
        {
            await connection.QueryAsync("select 1 from journal, snapshot limit 0");
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    /// <summary>Takes a run for this process: every owner of a run, on whatever machine, takes the same lock.</summary>
    /// <param name="run">The run's name.</param>
    /// <exception cref="RunOwnedException">Another owner has it.</exception>
    public async Task<IRunLock> LockAsync(string run) => IsPostgres
        ? await SessionRunLock.AcquireAsync(this, run)
        : await FileRunLock.AcquireAsync(LockFolder, run);

    /// <summary>Whether a process owns a run.</summary>
    /// <param name="run">The run's name.</param>
    public async Task<bool> IsOwnedAsync(string run) => IsPostgres ? await SessionRunLock.IsHeldAsync(this, run) : FileRunLock.IsHeld(LockFolder, run);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    private sealed class StartLock(ClusterDatabase database, DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (database.IsPostgres)
            {
                await connection.ExecuteAsync("select pg_advisory_unlock(@SchemaLock)", new { SchemaLock });
            }

            await connection.DisposeAsync();
        }
    }
}
