using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.CommandLine;

/// <summary>A command whose help ends with an example.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">What it does.</param>
/// <param name="example">What to type after <c>./lpzero</c>.</param>
internal sealed class DescribedCommand(string name, string description, string example) : Command(name, description)
{
    /// <summary>
    /// Makes the help of a root command show the example of the command that it is about, and what the letters of
    /// proxies stand for where they can be typed; a command that is only a group of others shows its help.
    /// </summary>
    /// <param name="root">The root command.</param>
    /// <param name="beginning">What a newcomer types first after <c>./lpzero</c>.</param>
    public static void ShowExamples(RootCommand root, string beginning)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        var shown = new HelpWithExample((SynchronousCommandLineAction)help.Action!, beginning);
        help.Action = shown;
        ShowHelpOfGroups(root, shown);
    }

    /// <summary>Whether the command can be sent to a cluster with <c>--connect</c>.</summary>
    public bool WorksOnCluster { get; set; }

    /// <summary>What to type after <c>./lpzero</c>.</summary>
    public string Example => example;

    private bool TakesInputs =>
        Options.Any(option => option.Name == "--inputs") || Arguments.Any(argument => argument.Name == "expression");

    private static void ShowHelpOfGroups(Command command, HelpWithExample help)
    {
        if (command.Subcommands.Count > 0)
        {
            command.SetAction(parsed => help.Invoke(parsed));
        }

        foreach (var part in command.Subcommands)
        {
            ShowHelpOfGroups(part, help);
        }
    }

    private sealed class HelpWithExample(SynchronousCommandLineAction help, string beginning) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var output = parseResult.InvocationConfiguration.Output;
            var code = help.Invoke(parseResult);
            var command = parseResult.CommandResult.Command as DescribedCommand;
            if (command is { TakesInputs: true })
            {
                output.WriteLine("Inputs of a proxy, what an untrained network shows in each layer on one mini-batch:");
                foreach (var input in InputMeaning.All)
                {
                    output.WriteLine($"  {input.Input}  {input.Name}: {input.Meaning}");
                }

                output.WriteLine();
            }

            if (command is not null)
            {
                output.WriteLine($"Example:\n  ./lpzero {command.Example}");
            }
            else if (parseResult.CommandResult.Command is RootCommand)
            {
                output.WriteLine($"Begin with:\n  ./lpzero {beginning}");
            }

            return code;
        }
    }
}
