using System.CommandLine;
using System.CommandLine.Invocation;
using LPZero.Messages;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.CommandLine.Settings;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>The entry point.</summary>
public static class Program
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
        ConfiguredCommand? configured = null;
        try
        {
            configured = ConfiguredCommand.Of(arguments, Commands.Root().Parse(arguments));
            var parsed = configured.Parsed;
            if (parsed.Action is ParseErrorAction)
            {
                await Console.Error.WriteLineAsync(
                    $"lpzero: {PrintableText.Escape(ParseErrors.First(parsed))} (see lpzero {CommandPath(parsed)}--help)");
                return ExitCode.Usage;
            }

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
            var message = ExitCode.Message(failure);
            var reason = code == ExitCode.Interrupted
                ? "interrupted"
                : PrintableText.Escape((configured?.Locate(message) ?? message).ReplaceLineEndings(" "));
            await Console.Error.WriteLineAsync($"lpzero: {reason}");
            return code;
        }
    }

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
