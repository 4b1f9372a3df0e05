using System.Data.Common;
using Dapper;
using LPZero.Coordinator.Actors;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Seed.Storage;

/// <summary>
/// The one database of runs, terms and results: PostgreSQL, or a SQLite file where all who use it are on one machine. Statements keep
/// to what both understand.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    // Any number: the name of the lock under which schemas are made.
    private const long SchemaLock = 4108_01;

    // The same beside a SQLite file: no run has a name like this.
    private const string SchemaLockFile = ".schema";

    // A commit survives a killed process without a flush for each of the many small events.
    private const string Settings = "pragma journal_mode = wal; pragma synchronous = normal;";

    /// <summary>How the folder of a file's locks ends, behind the file's name.</summary>
    internal const string LockFolderEnding = "-locks";

    // What SQLite says of a file in whose folder nothing can be made or written.
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;

    // Connections of a pool, unless the connection string says how many. A process has two pools, of the journal and of all else: seven
    // nodes stay below the 100 connections that a server allows by default.
    private const int PoolSize = 6;

    private static readonly TimeSpan TurnCheck = TimeSpan.FromMilliseconds(200);

    private readonly string file;
    private readonly SessionLocks locks;
    private DbDataSource source;
    private bool isReadOnly;

    /// <summary>Names a database; nothing is opened yet.</summary>
    /// <param name="location">
    /// A PostgreSQL URI or connection string, or a SQLite file, as <see cref="DatabaseLocation.Parse"/> understands them.
    /// </param>
    /// <exception cref="DatabaseLocationException">It is none of them.</exception>
    public Database(string location)
    {
        (IsPostgres, ConnectionString) = DatabaseLocation.Parse(location);
        ConnectionString = IsPostgres ? Bounded(ConnectionString) : ConnectionString;
        locks = new SessionLocks(this);
        file = IsPostgres ? "" : new SqliteConnectionStringBuilder(ConnectionString).DataSource;
        source = IsPostgres ? NpgsqlDataSource.Create(ConnectionString) : SqliteFactory.Instance.CreateDataSource(ConnectionString);
    }

    /// <summary>Whether it is PostgreSQL.</summary>
    public bool IsPostgres { get; }

    /// <summary>How a client connects; the pools that it makes are bounded.</summary>
    public string ConnectionString { get; }

    /// <summary>What linq2db calls this kind of database.</summary>
    public string ProviderName => IsPostgres ? LinqToDB.ProviderName.PostgreSQL15 : LinqToDB.ProviderName.SQLiteMS;

    /// <summary>
    /// How the journal connects: on SQLite with the settings of <see cref="OpenAsync"/>, or each event would wait for the disk.
    /// </summary>
    public DataOptions JournalOptions
    {
        get
        {
            var options = new DataOptions().UseConnectionString(ProviderName, ConnectionString);
            return IsPostgres ? options : options.UseAfterConnectionOpened(Settle, (connection, _) =>
            {
                Settle(connection);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>
    /// Tells databases apart; it was drawn when the tables were made. Empty before <see cref="CreateTablesAsync"/> or
    /// <see cref="ReadAsync"/>.
    /// </summary>
    public string Id { get; private set; } = "";

    /// <summary>The file, with its whole path; empty for PostgreSQL.</summary>
    public string FilePath => file;

    /// <summary>Where the locks of a file's runs are.</summary>
    internal string LockFolder => file + LockFolderEnding;

    /// <summary>An open connection; the caller disposes it.</summary>
    /// <exception cref="DatabaseLocationException">The file is no longer the one that this process began with.</exception>
    public async Task<DbConnection> OpenAsync()
    {
        var connection = await source.OpenConnectionAsync();
        if (!IsPostgres && !isReadOnly)
        {
            try
            {
                Settle(connection);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        return connection;
    }

    /// <summary>Makes the tables that are missing, and the folder of a file. Processes that start together wait for one another.</summary>
    /// <exception cref="DatabaseLocationException">
    /// It is a file where locks do not hold, or that cannot be used; or the database is of another version of the program.
    /// </exception>
    public async Task CreateTablesAsync()
    {
        if (!IsPostgres && NetworkFilesystem.Of(file) is { } kind)
        {
            throw new DatabaseLocationException(
                $"{file} is on a network filesystem ({kind}), where SQLite's locks do not hold: "
                + "give a file on a disk of this machine, or PostgreSQL (Host=...;Database=...;Username=...)");
        }

        await ConnectForWritingAsync();
        try
        {
            if (!IsPostgres)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            }

            if (!await IsCurrentAsync())
            {
                await using var turn = await TurnAsync(() => { }, CancellationToken.None);
                if (!await IsCurrentAsync())
                {
                    Schema.Update(ConnectionString, IsPostgres);
                }
            }

            await using var connection = await OpenAsync();
            if (!IsPostgres)
            {
                await connection.ExecuteAsync("begin immediate; rollback"); // fails where nothing can be written
            }

            Id = await IdAsync(connection) ?? await DrawIdAsync(connection);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException || IsOfNoUse(problem))
        {
            throw Unusable(problem);
        }
    }

    /// <summary>Prepares for reading alone: nothing is locked or written, so that a file that cannot be written to will do.</summary>
    /// <exception cref="DatabaseLocationException">
    /// There is no database, it cannot be read, or it is of another version of the program.
    /// </exception>
    public async Task ReadAsync()
    {
        if (IsPostgres)
        {
            await CheckAsync();
            return;
        }

        if (!File.Exists(file))
        {
            throw new DatabaseLocationException($"{file}: there is no such database; start a run with search start, or give its file");
        }

        isReadOnly = true;
        try
        {
            await ConnectForReadingAsync(file);
            try
            {
                await CheckAsync();
            }
            catch (SqliteException problem) when (problem.SqliteErrorCode is ReadOnly or CannotOpen && !File.Exists(file + "-wal"))
            {
                // The log's index cannot be made here; without a log the file is all there is, and stays as it is.
                await ConnectForReadingAsync($"file:{Uri.EscapeDataString(file)}?immutable=1");
                await CheckAsync();
            }
        }
        catch (SqliteException problem) when (IsOfNoUse(problem))
        {
            throw Unusable(problem);
        }
    }

    /// <summary>
    /// Lets one process at a time start its journal: two that make the journal's tables at the same moment disturb each
    /// other, and a journal that failed to start stays away. Dispose to let the next one in.
    /// </summary>
    /// <param name="waiting">Called where another process is at it, again and again as long as it is.</param>
    /// <param name="interrupt">Ends the wait.</param>
    public Task<IAsyncDisposable> JournalStartAsync(Action waiting, CancellationToken interrupt) => TurnAsync(waiting, interrupt);

    /// <summary>Whether the journal's tables are there.</summary>
    public async Task<bool> HasJournalAsync()
    {
        await using var connection = await OpenAsync();
        return await HasJournalAsync(connection);
    }

    /// <summary>The same by a connection at hand: whoever holds one and waits for another can wait for themselves.</summary>
    internal async Task<bool> HasJournalAsync(DbConnection connection) => await connection.QuerySingleAsync<long>(IsPostgres
        ? "select count(*) from (values (to_regclass('journal')), (to_regclass('snapshot'))) as tables (name) where name is not null"
        : "select count(*) from sqlite_master where type = 'table' and name in ('journal', 'snapshot')") == 2;

    /// <summary>Takes a run for this process: every owner of a run, on whatever machine, takes the same lock.</summary>
    /// <param name="run">The run's name.</param>
    /// <exception cref="RunOwnedException">Another owner has it.</exception>
    public async Task<IRunLock> LockAsync(string run) => IsPostgres
        ? await locks.AcquireAsync(run)
        : await FileRunLock.AcquireAsync(LockFolder, run);

    /// <summary>Whether a process owns a run.</summary>
    /// <param name="run">The run's name.</param>
    public async Task<bool> IsOwnedAsync(string run)
    {
        if (!IsPostgres)
        {
            return FileRunLock.IsHeld(LockFolder, run);
        }

        await using var connection = await OpenAsync();
        return await IsOwnedAsync(connection, run);
    }

    /// <summary>The same by a connection at hand.</summary>
    internal async Task<bool> IsOwnedAsync(DbConnection connection, string run) =>
        IsPostgres ? await locks.IsHeldAsync(connection, run) : FileRunLock.IsHeld(LockFolder, run);

    /// <summary>The runs of a SQLite file that processes own, whatever the file holds.</summary>
    public IEnumerable<string> OwnedRuns() => Directory.Exists(LockFolder)
        ? Directory.EnumerateFiles(LockFolder, "*" + FileRunLock.Ending).Select(Path.GetFileNameWithoutExtension).OfType<string>()
            .Where(run => run != SchemaLockFile && FileRunLock.IsHeld(LockFolder, run)).Order(StringComparer.Ordinal)
        : [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await locks.DisposeAsync();
        await source.DisposeAsync();
    }

    private static string Bounded(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        if (!builder.ShouldSerialize("Maximum Pool Size"))
        {
            builder.MaxPoolSize = PoolSize;
        }

        return builder.ConnectionString;
    }

    private static async Task<string?> IdAsync(DbConnection connection) =>
        await connection.QuerySingleOrDefaultAsync<string>("select id from identity");

    private static async Task<string> DrawIdAsync(DbConnection connection)
    {
        await connection.ExecuteAsync(
            "insert into identity (only_row, id) values (1, @id) on conflict do nothing", new { id = Guid.NewGuid().ToString("N") });
        return (await IdAsync(connection))!;
    }

    private void Settle(DbConnection connection)
    {
        if (FileControl.HasMoved((SqliteConnection)connection))
        {
            throw new DatabaseLocationException(
                $"{file} was moved, removed or replaced while this process worked with it: put the file back, and resume what was running");
        }

        connection.Execute(Settings);
    }

    private DatabaseLocationException Unusable(Exception problem) => new(
        problem is SqliteException { SqliteErrorCode: ReadOnly } && !isReadOnly
            ? $"{file} can be read but not written to: give another file"
            : $"{file} cannot be used as a database ({problem.Message.TrimEnd('.')}): give another file",
        problem);

    private static bool IsOfNoUse(Exception problem) => problem is SqliteException && DatabaseFailure.IsForGood(problem);

    private async Task CheckAsync()
    {
        await using var connection = await OpenAsync();
        if (await Schema.IsCurrentAsync(connection, IsPostgres))
        {
            Id = await IdAsync(connection) ?? throw NoRuns();
            return;
        }

        // Whoever only reads writes no tables: others of the earlier version may work with them.
        throw await Schema.VersionAsync(connection, IsPostgres) is { Applied: > 0 }
            ? new DatabaseLocationException(
                "the database is of an earlier version of the program: a command that writes brings it up to date, such as search resume " +
                "RUN or node; end the processes of the earlier version before")
            : NoRuns();

        static DatabaseLocationException NoRuns() => new("the database holds no runs: start one with search start, or give another");
    }

    /// <summary>Whoever has read what is there may go on to write.</summary>
    private async Task ConnectForWritingAsync()
    {
        if (isReadOnly)
        {
            isReadOnly = false;
            await source.DisposeAsync();
            source = SqliteFactory.Instance.CreateDataSource(ConnectionString);
        }
    }

    private async Task ConnectForReadingAsync(string path)
    {
        await source.DisposeAsync();
        source = SqliteFactory.Instance.CreateDataSource(
            new SqliteConnectionStringBuilder(ConnectionString) { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString());
    }

    private async Task<bool> IsCurrentAsync()
    {
        await using var connection = await OpenAsync();
        return await Schema.IsCurrentAsync(connection, IsPostgres);
    }

    private async Task<IAsyncDisposable> TurnAsync(Action waiting, CancellationToken interrupt)
    {
        while (true)
        {
            if (await TryTurnAsync() is { } turn)
            {
                return turn;
            }

            waiting();
            await Task.Delay(TurnCheck, interrupt);
        }
    }

    private async Task<IAsyncDisposable?> TryTurnAsync()
    {
        if (!IsPostgres)
        {
            try
            {
                return await FileRunLock.AcquireAsync(LockFolder, SchemaLockFile);
            }
            catch (RunOwnedException)
            {
                return null;
            }
        }

        var connection = await OpenAsync();
        try
        {
            if (await connection.QuerySingleAsync<bool>("select pg_try_advisory_lock(@SchemaLock)", new { SchemaLock }))
            {
                return new SessionTurn(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private sealed class SessionTurn(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@SchemaLock)", new { SchemaLock });
            await connection.DisposeAsync();
        }
    }
}
