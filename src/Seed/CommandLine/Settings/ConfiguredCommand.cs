using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Invocation;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine.Settings;

/// <summary>A command line together with what files and environment say of the options that it leaves out.</summary>
/// <param name="Arguments">Both together: what came from elsewhere reads as if it had been typed.</param>
/// <param name="Parsed">The same, understood.</param>
/// <param name="Added">What came from elsewhere.</param>
internal sealed record ConfiguredCommand(ImmutableArray<string> Arguments, ParseResult Parsed, ImmutableArray<SettingValue> Added)
{
    /// <summary>Names a file of settings.</summary>
    public static Option<string?> Config { get; } = new("--config")
    {
        Description = $"YAML file of settings, which go before those of {SettingsInForce.ProjectFile} (docs/configuration.md)",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Adds to a command line what the settings say of its command's options.</summary>
    /// <param name="typed">The command line.</param>
    /// <param name="parsed">The same, understood. One that asks for help alone is left as it is.</param>
    /// <exception cref="UsageException">A file cannot be meant, or a value that it gives; the message says where it stands.</exception>
    public static ConfiguredCommand Of(IEnumerable<string> typed, ParseResult parsed)
    {
        var (command, root) = (parsed.CommandResult.Command, parsed.RootCommandResult.Command);
        var whole = new ConfiguredCommand([.. typed], parsed, []);
        if (command.Subcommands.Count > 0 || (parsed.Action != command.Action && parsed.Action is not ParseErrorAction))
        {
            return whole;
        }

        var settings = Setting.All(root);
        var options = command.Options.ToDictionary(option => option.Name, StringComparer.Ordinal);
        if (command is DescribedCommand { WorksOnCluster: true })
        {
            options.Add(HttpSearchService.Connect.Name, HttpSearchService.Connect);
        }

        if (!settings.Any(setting => options.ContainsKey(setting.Option.Name)))
        {
            return whole;
        }

        var values = SettingsInForce.Read(settings, Typed(parsed, Config)).Values;
        var isOnCluster = Typed(parsed, HttpSearchService.Connect) is not null
            || (options.ContainsKey(HttpSearchService.Connect.Name) && values.ContainsKey(Setting.Connect));
        foreach (var setting in settings)
        {
            if (values.TryGetValue(setting.Key, out var value) && options.TryGetValue(setting.Option.Name, out var option)
                && parsed.GetResult(option) is not { Implicit: false } && !(isOnCluster && setting.IsOfThisProcess))
            {
                whole = setting.Key == Setting.Database ? whole.WithDatabase(root, value) : whole.With(root, option, value);
            }
        }

        return whole;
    }

    /// <summary>What is wrong, with the place of the value that it is about, if that was not typed.</summary>
    public string Locate(string problem) =>
        Added.FirstOrDefault(value => problem.StartsWith($"--{value.Key} ", StringComparison.Ordinal)) is { } about
            ? $"{about.Origin}: {problem}"
            : problem;

    // The database is no argument, as it may hold a password and what was typed is shown in reports; it is what commands take where none
    // is typed.
    private ConfiguredCommand WithDatabase(Command root, SettingValue value)
    {
        DefaultDatabase.Configure(value.Text);
        return this with { Parsed = root.Parse(Arguments), Added = Added.Add(value) };
    }

    private ConfiguredCommand With(Command root, Option option, SettingValue value)
    {
        var before = Parsed.Errors.Select(error => error.Message).ToHashSet(StringComparer.Ordinal);
        // What follows -- is no option.
        var end = Arguments.IndexOf("--");
        var arguments = Arguments.Insert(end < 0 ? Arguments.Length : end, $"{option.Name}={value.Text}");
        var parsed = root.Parse(arguments);
        return parsed.Errors.FirstOrDefault(error => !before.Contains(error.Message)) is { } problem
            ? throw new UsageException($"{value.Origin}: {ParseErrors.Plain(problem.Message)}")
            : new ConfiguredCommand(arguments, parsed, Added.Add(value));
    }

    private static string? Typed(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Tokens: [var token] } ? token.Value : null;
}
