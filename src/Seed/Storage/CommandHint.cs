namespace LPZero.Seed.Storage;

/// <summary>Commands that a message tells its reader to type: ready to be pasted where the message was seen.</summary>
internal static class CommandHint
{
    private const string Plain = "-_./:=@%+,~";

    /// <summary>How the program was called; the launcher says it.</summary>
    private static string Program => Environment.GetEnvironmentVariable("LPZERO_COMMAND") is { Length: > 0 } given ? Quote(given) : "lpzero";

    /// <summary>A search verb on runs of a database file.</summary>
    /// <param name="database">The file.</param>
    /// <param name="words">The verb and its arguments.</param>
    public static string Local(string database, string words) =>
        $"{Program} search {words}{(Path.GetFullPath(database) == Path.GetFullPath(Database.DefaultPath) ? "" : $" --db {Quote(database)}")}";

    /// <summary>A search verb on a cluster.</summary>
    /// <param name="address">Host and port of a node's control API.</param>
    /// <param name="words">The verb and its arguments.</param>
    public static string Remote(string address, string words) => $"{Program} --connect {address} search {words}";

    /// <summary>The text as one word of a shell.</summary>
    private static string Quote(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
