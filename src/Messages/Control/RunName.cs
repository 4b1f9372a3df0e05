using System.Globalization;

namespace LPZero.Messages.Control;

/// <summary>What a run may be called: its name is a folder's and a part of addresses, too.</summary>
public static class RunName
{
    /// <summary>The rule, as help and messages say it.</summary>
    public static string Rule { get; } = string.Create(CultureInfo.InvariantCulture,
        $"1 to {PrintableText.LongestName} letters, digits, '-', '_' and '.', not first '-' or '.'");

    /// <summary>Whether a run may have the name.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= PrintableText.LongestName } && name[0] is not ('-' or '.')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
