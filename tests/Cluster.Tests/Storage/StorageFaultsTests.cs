using System.Net.Sockets;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Cluster.Tests.Storage;

public sealed class StorageFaultsTests
{
    public static TheoryData<Exception> Hopeless =>
    [
        new MissingMethodException("packages that do not fit"),
        new TypeLoadException(),
        Postgres(PostgresErrorCodes.InsufficientPrivilege),
        Postgres(PostgresErrorCodes.UndefinedTable),
        Postgres(PostgresErrorCodes.InvalidPassword),
        new SqliteException("no such table: journal", 1),
        new InvalidOperationException("Failed to initialize", new AggregateException(Postgres(PostgresErrorCodes.InvalidCatalogName))),
    ];

    public static TheoryData<Exception> Passing =>
    [
        new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)),
        Postgres(PostgresErrorCodes.CannotConnectNow),
        Postgres(PostgresErrorCodes.DiskFull),
        // Two nodes that make their tables at the same moment.
        Postgres(PostgresErrorCodes.DuplicateTable),
        new SqliteException("database is locked", 5),
        new SqliteException("database or disk is full", 13),
        new SqliteException("attempt to write a readonly database", 8),
        new TimeoutException(),
        new InvalidOperationException("wrapped", new IOException("connection reset")),
    ];

    public static TheoryData<Exception> OfTheRun =>
        [new InvalidOperationException("no canonical form"), new FormatException("no number"), new InvalidDataException("damaged")];

    [Theory]
    [MemberData(nameof(Hopeless))]
    public void What_no_waiting_mends_is_hopeless(Exception failure) =>
        Assert.Equal((true, false), (StorageFaults.Hopeless(failure) is not null, StorageFaults.IsPassing(failure)));

    [Theory]
    [MemberData(nameof(Passing))]
    public void A_database_that_is_away_full_or_busy_comes_back(Exception failure) =>
        Assert.Equal((false, true), (StorageFaults.Hopeless(failure) is not null, StorageFaults.IsPassing(failure)));

    [Theory]
    [MemberData(nameof(OfTheRun))]
    public void Other_failures_say_nothing_of_the_database(Exception failure) =>
        Assert.Equal((false, false), (StorageFaults.Hopeless(failure) is not null, StorageFaults.IsPassing(failure)));

    private static PostgresException Postgres(string state) => new("refused", "ERROR", "ERROR", state);
}
