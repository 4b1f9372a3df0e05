using System.Collections.Immutable;

namespace LPZero.Seed.CommandLine.Settings;

/// <summary>
/// What is said outside the command line. The environment goes before the file that <c>--config</c> names, that before
/// <c>lpzero.yaml</c> in the working folder, and that before the user's own file.
/// </summary>
/// <param name="Values">The value of each setting that has one.</param>
internal sealed record SettingsInForce(ImmutableDictionary<string, SettingValue> Values)
{
    /// <summary>The file of the working folder, which is a project's.</summary>
    public const string ProjectFile = "lpzero.yaml";

    /// <summary>The user's file, whether there is one or not.</summary>
    public static string UserFile => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "lpzero", "config.yaml");

    /// <summary>Reads the environment and the files.</summary>
    /// <param name="settings">All settings.</param>
    /// <param name="named">The file that <c>--config</c> names, if any; the others need not be there.</param>
    /// <exception cref="UsageException">A file cannot be meant.</exception>
    public static SettingsInForce Read(ImmutableArray<Setting> settings, string? named)
    {
        string[] keys = [.. settings.Select(setting => setting.Key)];
        IEnumerable<ImmutableArray<SettingValue>> sources =
        [
            FromEnvironment(settings),
            named is null ? [] : SettingsFile.Read(named, keys),
            File.Exists(ProjectFile) ? Trusted(SettingsFile.Read(ProjectFile, keys)) : [],
            File.Exists(UserFile) ? SettingsFile.Read(UserFile, keys) : [],
        ];
        return new SettingsInForce(sources.SelectMany(values => values).DistinctBy(value => value.Key)
            .ToImmutableDictionary(value => value.Key, StringComparer.Ordinal));
    }

    /// <summary>
    /// A project's file comes with a project, of which one need not trust that it names who gets the token of LPZERO_TOKEN.
    /// </summary>
    private static ImmutableArray<SettingValue> Trusted(ImmutableArray<SettingValue> values) =>
        values.FirstOrDefault(value => value.Key == Setting.Connect) is { } connect
            ? throw new UsageException(
                $"{connect.Origin}: connect: a project does not say where your token is sent: " +
                $"say it in {UserFile}, in the environment or with --connect")
            : values;

    private static ImmutableArray<SettingValue> FromEnvironment(ImmutableArray<Setting> settings) =>
    [
        .. settings
            .Select(setting => (setting.Key, setting.Variable, Text: Environment.GetEnvironmentVariable(setting.Variable)))
            .Where(given => given.Text is { Length: > 0 }).Select(given => new SettingValue(given.Key, given.Text!, given.Variable)),
    ];
}
