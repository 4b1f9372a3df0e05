using Npgsql;

namespace LPZero.Seed.Storage;

/// <summary>Commands that a message tells its reader to type: ready to be pasted where the message was seen.</summary>
internal static class CommandHint
{
    private const string Plain = "-_./:=@%+,~";

    /// <summary>How the program was called; the launcher says it.</summary>
    private static string Program =>
        Environment.GetEnvironmentVariable("LPZERO_COMMAND") is { Length: > 0 } given ? Quote(given) : "lpzero";

    /// <summary>A search verb on runs of a database.</summary>
    /// <param name="database">The database, as it was given; a password in it is left out.</param>
    /// <param name="words">The verb and its arguments.</param>
    public static string Local(string database, string words) =>
        $"{Program} search {words}{(database == DefaultDatabase.Location ? "" : $" --db {Quote(WithoutPassword(database))}")}";

    /// <summary>A search verb on a cluster.</summary>
    /// <param name="address">Host and port of a node's control API.</param>
    /// <param name="words">The verb and its arguments.</param>
    public static string Remote(string address, string words) => $"{Program} --connect {address} search {words}";

    /// <summary>The database as it may be shown.</summary>
    /// <exception cref="DatabaseLocationException">It is none.</exception>
    public static string WithoutPassword(string database)
    {
        var (isPostgres, connection) = DatabaseLocation.Parse(database);
        return isPostgres ? new NpgsqlConnectionStringBuilder(connection) { Password = null }.ConnectionString : database;
    }

    /// <summary>The text as one word of a shell.</summary>
    private static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
