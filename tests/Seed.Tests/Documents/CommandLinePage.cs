using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.Documents;

/// <summary>docs/cli.md, made of the tree of commands.</summary>
internal static partial class CommandLinePage
{
    // Where a default depends on the machine, and the option that only a build with closed packages has.
    private static readonly Dictionary<string, string> OfTheMachine = new(StringComparer.Ordinal)
    {
        ["--threads"] = "all processors", ["--memory"] = "half of the machine's", ["--db"] = "`.lpzero/lpzero.db`",
    };
    private const string OfClosedPackages = "--pbm";

    public static string Text(RootCommand root)
    {
        var page = new StringBuilder("""
            # Command line

            Every command of the program, made of the commands themselves (a test compares). Behind a command, `--help` says the same.
            What is left out on the command line may stand in a file or in the environment ([configuration.md](configuration.md));
            `--json` and the exit codes are in [json.md](json.md). The launcher `./lpzero` also knows `test`, `setup` and `publish`.

            These options may stand behind every command:

            | option | meaning | default |
            | --- | --- | --- |

            """);
        AddOptions(page, root.Options.Where(option => option.Recursive && option.Description is not null && !option.Hidden));
        var leaves = Leaves(root, "").ToList();
        var start = leaves.Single(leaf => leaf.Path == "search start").Command.Options;
        foreach (var (path, command) in leaves)
        {
            Add(page, path, command, path == "search start" ? [] : start);
        }

        return page.ToString();
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.Where(part => !part.Hidden).SelectMany(part => Leaves(part, $"{path} {part.Name}".Trim()));

    private static void Add(StringBuilder page, string path, Command command, IEnumerable<Option> knownFromStart)
    {
        var alias = command.Aliases.Count > 0 ? $" Also `{string.Join("`, `", command.Aliases)}`." : "";
        page.Append(CultureInfo.InvariantCulture, $"\n## {path}\n\n{command.Description}{alias}\n\n    ./lpzero ");
        page.Append(CultureInfo.InvariantCulture, $"{((DescribedCommand)command).Example}\n");
        // Most commands share most options with a search.
        var known = command.Options.Where(option => knownFromStart.Any(other => other.Name == option.Name
            && other.Description == option.Description && other.Required == option.Required)).ToList();
        var own = command.Options.Except(known).Where(option => !option.Hidden && option.Name != OfClosedPackages).ToList();
        if (own.Count + command.Arguments.Count > 0)
        {
            page.Append("\n| argument or option | meaning | default |\n| --- | --- | --- |\n");
            foreach (var argument in command.Arguments)
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{argument.Name.ToUpperInvariant()}` | {Cell(argument.Description)} | |\n");
            }

            AddOptions(page, own);
        }

        if (known.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"\nAs of `search start`: {string.Join(", ", known.Select(option => $"`{option.Name}`"))}.\n");
        }
    }

    private static void AddOptions(StringBuilder page, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            var value = option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" {Cell(option.HelpName)}";
            var (meaning, standard) = Parts(option);
            page.Append(CultureInfo.InvariantCulture, $"| `{option.Name}{value}` | {Cell(meaning)} | {standard} |\n");
        }
    }

    private static (string Meaning, string Default) Parts(Option option)
    {
        var description = option.Description ?? "";
        var said = DefaultPattern().Match(description);
        var standard = option.Required ? "must be given"
            : OfTheMachine.GetValueOrDefault(option.Name) is { } ofMachine ? ofMachine
            : said.Success ? Cell(said.Groups["default"].Value)
            : option.HasDefaultValue && option.ValueType != typeof(bool)
                ? $"`{Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture)}`"
                : "";
        return (said.Success ? description[..said.Index].TrimEnd() : description, standard);
    }

    private static string Cell(string? text) =>
        (text ?? "").ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"[\[(]default: (?<default>[^\])]*)[\])]$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DefaultPattern();
}
