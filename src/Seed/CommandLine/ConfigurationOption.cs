using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>An option that sets a value of a <see cref="SearchConfiguration"/>.</summary>
internal sealed record ConfigurationOption
{
    private readonly Option option;
    private readonly Func<ParseResult, SearchConfiguration, SearchConfiguration> apply;
    private readonly Func<SearchConfiguration, string?> text;

    private ConfigurationOption(
        Option option, string none, Func<ParseResult, SearchConfiguration, SearchConfiguration> apply,
        Func<SearchConfiguration, string?> text)
    {
        this.option = option;
        this.apply = apply;
        this.text = text;
        option.Description += $" [default: {Default(none)}]";
    }

    /// <summary>The option of a command.</summary>
    public Option Option => option;

    /// <summary>
    /// The fields of the configuration that it sets, by their names in JSON, each with what to call it besides the option's name.
    /// </summary>
    public required ImmutableArray<(string Field, string Part)> Fields { get; init; }

    /// <summary>A number.</summary>
    public static ConfigurationOption Number<T>(
        string name, string description, string field, Func<SearchConfiguration, T?> get,
        Func<SearchConfiguration, T, SearchConfiguration> set)
        where T : struct, IFormattable
    {
        var typed = new Option<T?>(name) { Description = description, HelpName = "N" };
        return new(typed, "none", (parsed, to) => set(to, parsed.GetValue(typed)!.Value),
            of => get(of)?.ToString(null, CultureInfo.InvariantCulture))
        { Fields = [(field, "")] };
    }

    /// <summary>One of a fixed set of values, each named as its member of the enumeration but in small letters.</summary>
    public static ConfigurationOption Choice<T>(
        string name, string description, string field, Func<SearchConfiguration, T> get,
        Func<SearchConfiguration, T, SearchConfiguration> set)
        where T : struct, Enum
    {
        var typed = CommonOptions.OneOf(
            name, description, [.. Enum.GetNames<T>().Select(value => value.ToLowerInvariant())], standard: null);
        return new(typed, "none", (parsed, to) => set(to, Enum.Parse<T>(parsed.GetValue(typed)!, ignoreCase: true)),
            of => get(of).ToString().ToLowerInvariant())
        { Fields = [(field, "")] };
    }

    /// <summary>A value that is read from a text of its own form.</summary>
    /// <param name="option">The option.</param>
    /// <param name="none">What help calls a value that is not set.</param>
    /// <param name="get">The value as it is typed; null where it is not set.</param>
    /// <param name="set">Reads what was typed.</param>
    /// <param name="fields">See <see cref="Fields"/>.</param>
    public static ConfigurationOption Text(
        Option<string> option, string none, Func<SearchConfiguration, string?> get,
        Func<SearchConfiguration, string, SearchConfiguration> set, params ImmutableArray<(string Field, string Part)> fields) =>
        new(option, none, (parsed, to) => set(to, parsed.GetValue(option)!), get) { Fields = fields };

    /// <summary>The configuration with the option's value, if it was given.</summary>
    public SearchConfiguration Apply(ParseResult parsed, SearchConfiguration to) =>
        parsed.GetResult(option) is null ? to : apply(parsed, to);

    /// <summary>The configuration's value as it is typed behind the option; null where it is not set.</summary>
    public string? ValueIn(SearchConfiguration configuration) => text(configuration);

    /// <summary>The value of the default preset, and those of the other presets that differ from it.</summary>
    private string Default(string none)
    {
        var standard = SearchConfiguration.Presets["default"];
        return string.Join("; ", SearchConfiguration.Presets.Values
            .Where(preset => preset != standard && text(preset) != text(standard))
            .Select(preset => $"{preset.Preset}: {text(preset) ?? none}")
            .Prepend(text(standard) ?? none));
    }
}
