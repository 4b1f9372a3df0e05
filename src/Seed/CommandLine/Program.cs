using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using LPZero.Messages;
using LPZero.Seed.CommandLine.Cluster;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>The entry point.</summary>
public static partial class Program
{
    /// <summary>Columns of tables that are not shown on a terminal.</summary>
    internal const int WidthOfFiles = 240;

    /// <summary>Runs one command and returns its exit code.</summary>
    public static async Task<int> Main(string[] arguments)
    {
        ConsoleStream.Install();
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfFiles;
        }

        using var interruption = new Interruption(Console.IsErrorRedirected ? null : Console.Error);
        interruption.Listen();
        return await RunAsync(arguments, interruption.Token);
    }

    /// <summary>Runs one command in this process, on its standard streams, and returns its exit code.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="interrupt">Ends the command as the first signal would.</param>
    internal static async Task<int> RunAsync(string[] arguments, CancellationToken interrupt)
    {
        var parsed = Commands.Root().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            await Console.Error.WriteLineAsync(
                $"lpzero: {PrintableText.Escape(Misunderstood(parsed))} (see lpzero {CommandPath(parsed)}--help)");
            return ExitCode.Usage;
        }

        try
        {
            var command = parsed.CommandResult.Command;
            if (parsed.Action == command.Action && command.Subcommands.Count == 0
                && command is not DescribedCommand { WorksOnCluster: true } && parsed.GetValue(HttpSearchService.Connect) is not null)
            {
                throw new UsageException($"{CommandPath(parsed)}works on this machine alone: leave out --connect");
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt);
        }
        catch (Exception failure) when (ExitCode.Of(failure) is { } code)
        {
            var reason = code == ExitCode.Interrupted
                ? "interrupted"
                : PrintableText.Escape(ExitCode.Message(failure).ReplaceLineEndings(" "));
            await Console.Error.WriteLineAsync($"lpzero: {reason}");
            return code;
        }
    }

    private static string Misunderstood(ParseResult parsed)
    {
        // A misspelt command makes two errors, of which the first only says that there is no command.
        var error = parsed.Errors.FirstOrDefault(error => parsed.UnmatchedTokens.Any(error.Message.Contains)) ?? parsed.Errors[0];
        return ExpectedType().Replace(error.Message.ReplaceLineEndings(" "), "as a number");
    }

    [GeneratedRegex("as expected type '[^']*'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExpectedType();

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            names.Insert(0, result.Command.Name);
        }

        return string.Concat(names.Select(name => name + " "));
    }
}
