using System.CommandLine;
using System.Text.RegularExpressions;

namespace LPZero.Seed.CommandLine;

/// <summary>What is wrong with a command line, in one line.</summary>
internal static partial class ParseErrors
{
    /// <summary>The error that says most.</summary>
    public static string First(ParseResult parsed) =>
        // A misspelt command makes two errors, of which the first only says that there is no command.
        Plain((parsed.Errors.FirstOrDefault(error => parsed.UnmatchedTokens.Any(error.Message.Contains)) ?? parsed.Errors[0]).Message);

    /// <summary>An error without the names of types.</summary>
    public static string Plain(string message) => ExpectedType().Replace(message.ReplaceLineEndings(" "), "as a number");

    [GeneratedRegex("as expected type '[^']*'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExpectedType();
}
