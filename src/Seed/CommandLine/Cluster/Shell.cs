using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using LPZero.Messages;
using LPZero.Messages.Control;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>
/// A prompt over the tables of verbs. A line is what would be typed after <c>lpzero</c>; the word <c>search</c> may be left out. What is
/// wrong with a line is one line, and the next one is read.
/// </summary>
/// <param name="service">The cluster.</param>
/// <param name="output">Where lines go.</param>
/// <param name="error">Where what is wrong goes.</param>
/// <param name="console">Where tables go.</param>
internal sealed class Shell(ISearchService service, TextWriter output, TextWriter error, IAnsiConsole console)
{
    private const string Search = "search";
    private const string Cluster = "cluster";

    // What is typed here needs nothing before its verb.
    private static readonly RunPlace Place = new("shell", words => words);

    /// <summary>Whether somebody sits there and wants to be asked.</summary>
    public bool IsPrompting { get; init; }

    /// <summary>Reads and carries out lines until there are no more, or one says exit.</summary>
    /// <returns>Whether all of them could be carried out, as an exit code.</returns>
    public async Task<int> RunAsync(TextReader input, CancellationToken interrupt)
    {
        var code = ExitCode.Done;
        while (true)
        {
            if (IsPrompting)
            {
                await output.WriteAsync("lpzero> ");
            }

            // The console's reader looks at its token only before it waits for a line.
            var line = await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(interrupt);
            if (line is null || line.Trim() is "exit" or "quit")
            {
                return IsPrompting ? ExitCode.Done : code;
            }

            try
            {
                await CarryOutAsync([.. CommandLineParser.SplitCommandLine(line)], interrupt);
            }
            catch (Exception problem) when (ExitCode.Of(problem) is { } failed && !interrupt.IsCancellationRequested)
            {
                code = failed;
                await error.WriteLineAsync($"lpzero: {PrintableText.Escape(ExitCode.Message(problem).ReplaceLineEndings(" "))}");
            }
        }
    }

    private async Task CarryOutAsync(string[] words, CancellationToken interrupt)
    {
        switch (words)
        {
            case []:
                return;
            case ["help" or "?"]:
                WriteHelp();
                return;
            case [Search or Cluster, ..]:
                break;
            default:
                words = [Search, .. words];
                break;
        }

        var parsed = Commands.Root().Parse(words);
        if (parsed.Action is ParseErrorAction)
        {
            throw new UsageException($"{parsed.Errors[0].Message} (help lists the verbs)");
        }

        var verbs = words[0] == Search ? SearchVerbs.All : ClusterVerbs.All;
        if (verbs.FirstOrDefault(verb => verb.Name == NameOf(parsed)) is not { } found
            || parsed.Action != parsed.CommandResult.Command.Action)
        {
            // A group of verbs, or what was asked for help; all else works where it is typed.
            if (parsed.Action is SynchronousCommandLineAction help)
            {
                parsed.InvocationConfiguration.Output = output;
                help.Invoke(parsed);
                return;
            }

            throw new UsageException($"{string.Join(' ', words)}: this is not for a cluster (help lists the verbs)");
        }

        SearchCommands.CheckForCluster(found, parsed);
        await (words[0] == Search
            ? new ServiceVerbs(service, Place, output, console).RunAsync(service, found.Name, parsed, interrupt)
            : ClusterVerbs.RunAsync(service, found.Name, parsed, output, console, interrupt));
    }

    /// <summary>The verb as its table names it: the commands below the group.</summary>
    private static string NameOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result.Parent is CommandResult { Parent: CommandResult } parent; result = parent)
        {
            names.Push(result.Command.Name);
        }

        return string.Join(' ', names);
    }

    private void WriteHelp()
    {
        var verbs = SearchVerbs.All.Select(verb => (verb.Name, verb.Help))
            .Concat(ClusterVerbs.All.Select(verb => (Name: $"{Cluster} {verb.Name}", verb.Help)))
            .Append((Name: "exit", Help: "Leave.")).ToList();
        var width = verbs.Max(verb => verb.Name.Length) + 2;
        foreach (var (name, help) in verbs)
        {
            output.WriteLine($"{name.PadRight(width)}{help}");
        }

        output.WriteLine("VERB --help says what a verb takes.");
    }
}
