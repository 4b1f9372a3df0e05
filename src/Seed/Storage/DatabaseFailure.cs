using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Seed.Storage;

/// <summary>Tells a database that is away from one that will never be there.</summary>
internal static class DatabaseFailure
{
    // Classes and codes of SQLSTATE: refused authorization, no such database, no such schema, no such right.
    private static readonly string[] ForGood = ["28", "3D", "3F", "42501"];

    // What SQLite says of a file that cannot be opened, is read-only, or is no database.
    private const int CannotOpen = 14;
    private const int ReadOnly = 8;
    private const int NoDatabase = 26;
    private const int Corrupt = 11;

    /// <summary>Whether it is the database, or the way to it, that failed.</summary>
    public static bool Is(Exception failure) => failure is DbException or SocketException or TimeoutException;

    /// <summary>Whether asking again is of no use until somebody changes the command or the database's settings.</summary>
    public static bool IsForGood(Exception failure) => failure switch
    {
        PostgresException refused => ForGood.Any(code => refused.SqlState.StartsWith(code, StringComparison.Ordinal)),
        // What Npgsql itself objects to, as a password that the server wants and nobody gave: what the network does to it has an
        // inner exception.
        NpgsqlException { InnerException: null, IsTransient: false } => true,
        SqliteException file => file.SqliteErrorCode is CannotOpen or ReadOnly or NoDatabase,
        _ => false,
    };

    /// <summary>Whether SQLite says that a file is no database, or none any more.</summary>
    public static bool IsNoDatabase(SqliteException failure) => failure.SqliteErrorCode is NoDatabase or Corrupt;

    /// <summary>The reason in one line.</summary>
    public static string Reason(Exception failure) =>
        failure is PostgresException refused ? refused.MessageText : failure.Message.ReplaceLineEndings(" ");
}
