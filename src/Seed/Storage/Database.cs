using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace LPZero.Seed.Storage;

/// <summary>The SQLite file that holds runs, events, snapshots, terms, commands, leases and exhaustive results.</summary>
public sealed class Database
{
    // One entry per schema version; an existing file is brought up to date step by step, each step in a transaction.
    private static readonly string[] Migrations =
    [
        """
        create table runs (
            name text primary key,
            created text not null,
            configuration text not null,
            benchmark text not null,
            benchmark_digest text not null,
            output text not null,
            numeric_profile text,
            phase text not null,
            seconds real not null default 0,
            term_hits integer not null default 0,
            term_misses integer not null default 0,
            report text
        ) without rowid;
        create table events (
            run text not null references runs(name),
            sequence integer not null,
            is_lifecycle integer not null,
            payload text not null,
            primary key (run, sequence)
        ) without rowid;
        create table snapshots (
            run text primary key references runs(name),
            sequence integer not null,
            payload text not null
        ) without rowid;
        create table terms (
            content_key text not null,
            input integer not null,
            segment integer not null,
            block blob not null,
            primary key (content_key, input, segment)
        );
        create table commands (
            id integer primary key autoincrement,
            run text not null references runs(name),
            command text not null
        );
        create table leases (
            run text primary key references runs(name),
            host text not null,
            process integer not null,
            process_started text not null
        ) without rowid;
        """,
        """
        create table exhaustive (
            content_key text primary key,
            result text not null
        ) without rowid;
        """,
        // Out of the way of whoever lists runs.
        """
        create table benchmarks (
            digest text primary key,
            name text not null,
            metric text not null,
            architectures integer not null,
            content text not null
        ) without rowid;
        insert into benchmarks
            select benchmark_digest, benchmark ->> '$.name', benchmark ->> '$.metric', json_array_length(benchmark, '$.architectures'), benchmark
            from runs group by benchmark_digest;
        alter table runs drop column benchmark;
        create table reports (
            run text primary key references runs(name),
            content text not null
        ) without rowid;
        insert into reports select name, report from runs where report is not null;
        alter table runs drop column report;
        """,
    ];

    // SQLite's names for what it says of a file that cannot be written to.
    private const int ReadOnlyFile = 8, CannotOpen = 14;

    private readonly string connectionString;
    private readonly string name;
    private readonly bool isReadOnly;

    /// <summary>Opens the file, and makes or migrates it. One that cannot be written to is opened for reading.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <exception cref="StorageException">The file is no database of ours, or of a newer version.</exception>
    public Database(string path)
    {
        name = path;
        Path = System.IO.Path.GetFullPath(path);
        connectionString = new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = 60 }.ToString();
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            isReadOnly = !TryMigrate();
            if (isReadOnly)
            {
                connectionString = ForReading(Path);
                CheckSchema();
            }
        }
        catch (Exception problem) when (problem is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} cannot be used as a database ({problem.Message.TrimEnd('.')}): give another file with --db", problem);
        }
    }

    /// <summary>The file where none is named.</summary>
    public static string DefaultPath => Environment.GetEnvironmentVariable("LPZERO_DB") is { Length: > 0 } given ? given : ".lpzero/lpzero.db";

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>A search verb on this file, to be pasted.</summary>
    /// <param name="words">The verb and its arguments.</param>
    public string Hint(string words) => CommandHint.Local(name, words);

    /// <summary>An open connection; the caller disposes it.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        if (isReadOnly)
        {
            return connection;
        }

        if (FileControl.HasMoved(connection))
        {
            connection.Dispose();
            throw new StorageException($"{Path} was moved, removed or replaced while this process worked with it: put the file back, then {Hint("resume RUN")}");
        }

        // A commit is durable against a killed process without a flush for each of the many small events.
        connection.Execute("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;");
        return connection;
    }

    /// <summary>What is in the log beside the file needs the log's index; without a log the file is all there is, and stays as it is.</summary>
    private static string ForReading(string path)
    {
        var log = new FileInfo(path + "-wal");
        var source = log is { Exists: true, Length: > 0 } ? path : $"file:{Uri.EscapeDataString(path)}?immutable=1";
        return new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    private void CheckSchema()
    {
        using var connection = Open();
        var version = connection.ExecuteScalar<int>("pragma user_version");
        if (version != Migrations.Length)
        {
            throw new StorageException($"{Path} cannot be written to and has schema version {version.ToString(CultureInfo.InvariantCulture)}, not this program's {Migrations.Length}: copy it to where it can be brought up to date");
        }
    }

    private bool TryMigrate()
    {
        try
        {
            Migrate();
            return true;
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is ReadOnlyFile or CannotOpen && File.Exists(Path))
        {
            return false;
        }
    }

    private void Migrate()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var version = connection.ExecuteScalar<int>("pragma user_version", transaction: transaction);
        if (version > Migrations.Length)
        {
            throw new StorageException($"{Path} has schema version {version.ToString(CultureInfo.InvariantCulture)}, newer than this program's {Migrations.Length}: use the newer program");
        }

        if (version == 0 && connection.ExecuteScalar<bool>("select exists (select 1 from sqlite_master where name = 'SchemaVersions')", transaction: transaction))
        {
            throw new StorageException($"{Path} is the database of a node: ask the node with --connect, or give another file with --db");
        }

        for (; version < Migrations.Length; version++)
        {
            connection.Execute(Migrations[version], transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {version + 1}"), transaction: transaction);
        }

        transaction.Commit();
    }
}

/// <summary>Something in the database is not as it must be; the message says what and how to mend it.</summary>
public sealed class StorageException : Exception
{
    /// <summary>A problem of ours.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>A problem with a cause.</summary>
    public StorageException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
