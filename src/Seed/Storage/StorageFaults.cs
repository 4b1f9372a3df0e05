using System.Data.Common;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Pattern;
using Akka.Persistence;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Seed.Storage;

/// <summary>What a failure says about the database: whether it comes back, or can never work.</summary>
internal static class StorageFaults
{
    // https://www.sqlite.org/rescode.html: error (as of a missing table), perm, corrupt, auth.
    private static readonly int[] HopelessInSqlite = [1, 3, 11, 23];

    // Readonly: a file that was written to may be so again, as when a disk with errors was made read-only and is mended.
    private const int ReadOnlyInSqlite = 8;

    /// <summary>
    /// Why the database can never work for this process, be it that packages do not fit or that it lacks tables or rights;
    /// null where waiting or another run may help.
    /// </summary>
    public static string? Hopeless(Exception failure) =>
        Chain(failure).FirstOrDefault(IsHopeless) is { } cause ? DatabaseFailure.Reason(cause) : null;

    /// <summary>Whether the failure is one of a database that is away, full, read-only or busy: waiting helps.</summary>
    public static bool IsPassing(Exception failure) => Hopeless(failure) is null && Chain(failure).Any(cause => cause
        is DbException or SocketException or IOException or TimeoutException or OperationCanceledException
        or OpenCircuitException or AskTimeoutException or RecoveryTimedOutException);

    private static bool IsHopeless(Exception cause) => cause switch
    {
        MissingMemberException or TypeLoadException or BadImageFormatException => true,
        PostgresException
        {
            SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction,
        } => true,
        DatabaseLocationException => true,
        SqliteException { SqliteErrorCode: var code } when HopelessInSqlite.Contains(code) => true,
        SqliteException { SqliteErrorCode: ReadOnlyInSqlite } => false,
        _ => DatabaseFailure.IsForGood(cause),
    };

    private static IEnumerable<Exception> Chain(Exception failure) => failure is AggregateException many
        ? many.InnerExceptions.SelectMany(Chain)
        : failure.InnerException is { } inner ? Chain(inner).Prepend(failure) : [failure];
}
