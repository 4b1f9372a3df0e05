using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LPZero.Seed.CommandLine;

/// <summary>A command whose help ends with an example.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">What it does.</param>
/// <param name="example">What to type after <c>./lpzero</c>.</param>
internal sealed class DescribedCommand(string name, string description, string example) : Command(name, description)
{
    /// <summary>Makes the help of a root command show the example of the command that it is about.</summary>
    public static void ShowExamples(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((SynchronousCommandLineAction)help.Action!);
    }

    /// <summary>Whether the command can be sent to a cluster with <c>--connect</c>.</summary>
    public bool WorksOnCluster { get; init; }

    private string Example => example;

    private sealed class HelpWithExample(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is DescribedCommand command)
            {
                parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  ./lpzero {command.Example}");
            }

            return code;
        }
    }
}
