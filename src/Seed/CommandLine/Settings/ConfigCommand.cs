using System.CommandLine;
using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Search;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Settings;

/// <summary><c>lpzero config show</c>: what is in force where the command line says nothing, and where it is said.</summary>
internal static class ConfigCommand
{
    private const string Default = "default";

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var show = new DescribedCommand(
            "show", "Show every setting with its value and where that is said.", "config show --config run.yaml") { json };
        show.SetAction(parsed => Show(parsed, parsed.GetValue(json)));
        return new DescribedCommand(
            "config", "Look at what files and environment say in place of the command line (docs/configuration.md).", "config show")
        {
            show,
        };
    }

    private static int Show(ParseResult parsed, bool json)
    {
        var settings = Setting.All(parsed.RootCommandResult.Command);
        var values = SettingsInForce.Read(settings, parsed.GetValue(ConfiguredCommand.Config)).Values;
        var preset = values.GetValueOrDefault("preset")?.Text ?? "default";
        if (!SearchConfiguration.Presets.ContainsKey(preset))
        {
            throw new UsageException(
                $"{values["preset"].Origin}: --preset {preset}: {NearestNames.Suggest(preset, SearchConfiguration.Presets.Keys)}");
        }

        var prefix = values.GetValueOrDefault("prefix");
        var rows = settings.Select(setting => values.TryGetValue(setting.Key, out var value)
            ? new { setting.Key, Value = (string?)Shown(value), value.Origin }
            : prefix is not null && SearchVerbs.Configuration.SetByPrefix(setting.Option.Name, preset) is { } set
                ? new { setting.Key, Value = (string?)set, Origin = $"prefix, {prefix.Origin}" }
                : new { setting.Key, Value = DefaultOf(setting.Option, preset), Origin = Default }).ToList();
        if (json)
        {
            CommonOptions.PrintJson(new { SchemaVersion = 1, Settings = rows });
            return ExitCode.Done;
        }

        var table = new FittedTable("setting", "value", "from");
        foreach (var row in rows)
        {
            table.Add(row.Key, row.Value ?? "", row.Origin);
        }

        table.Write(AnsiConsole.Console);
        return ExitCode.Done;
    }

    private static string Shown(SettingValue value)
    {
        try
        {
            return value.Key == Setting.Database ? CommandHint.WithoutPassword(value.Text) : value.Text;
        }
        catch (DatabaseLocationException problem)
        {
            throw new DatabaseLocationException($"{value.Origin}: {problem.Message}");
        }
    }

    private static string? DefaultOf(Option option, string preset) =>
        SearchVerbs.Configuration.DefaultOf(option.Name, preset)
            ?? (option.HasDefaultValue ? Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture) : null);
}
