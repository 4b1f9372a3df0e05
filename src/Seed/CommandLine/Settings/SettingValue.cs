namespace LPZero.Seed.CommandLine.Settings;

/// <summary>What somewhere outside the command line says of a setting.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Text">The value, as it is typed behind the option.</param>
/// <param name="Origin">Where it is said: an environment variable, or a file with a line.</param>
internal sealed record SettingValue(string Key, string Text, string Origin);
