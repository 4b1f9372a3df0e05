using System.Collections.Immutable;
using System.CommandLine;
using LPZero.Seed.CommandLine.Cluster;

namespace LPZero.Seed.CommandLine.Settings;

/// <summary>Something that a file or the environment may say in place of the command line, for every command that has the option.</summary>
/// <param name="Option">The option, as one of its commands has it.</param>
internal sealed record Setting(Option Option)
{
    /// <summary>The database's key, which alone may hold a password.</summary>
    public const string Database = "db";

    /// <summary>The key of the cluster that commands go to, with the token.</summary>
    public const string Connect = "connect";

    // What names one run or one answer is no setting.
    private static readonly ImmutableHashSet<string> OfOneCommand = ["--name", "--out", "--detach", "--json"];

    // What says how this process works means nothing where a cluster does.
    private static readonly ImmutableHashSet<string> OfThisProcess =
        [Database, "devices", "threads", "memory", "evaluator", "time-limit"];

    /// <summary>How files call it: the option's name without its dashes.</summary>
    public string Key => Option.Name.TrimStart('-');

    /// <summary>The environment variable that says it.</summary>
    public string Variable => $"LPZERO_{Key.Replace('-', '_').ToUpperInvariant()}";

    /// <summary>Whether it is left out with <c>--connect</c>.</summary>
    public bool IsOfThisProcess => OfThisProcess.Contains(Key);

    /// <summary>All settings: what configures a search, a node, and how a cluster is reached.</summary>
    public static ImmutableArray<Setting> All(Command root) =>
    [
        .. Part(Part(root, "search"), "start").Options.Concat(Part(root, "node").Options).Append(HttpSearchService.Connect)
            .Where(option => !OfOneCommand.Contains(option.Name)).DistinctBy(option => option.Name).Select(option => new Setting(option)),
    ];

    private static Command Part(Command command, string name) => command.Subcommands.Single(part => part.Name == name);
}
