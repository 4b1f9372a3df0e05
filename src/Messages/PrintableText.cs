using System.Globalization;
using System.Text;

namespace LPZero.Messages;

/// <summary>Texts that come from outside and are printed: names, ids and what error messages repeat of them.</summary>
public static class PrintableText
{
    /// <summary>Characters that a name or an id may have.</summary>
    public const int LongestName = 100;

    /// <summary>
    /// Why a text cannot be printed as it is, or null where it can: control characters reach the terminal, and XML has none.
    /// </summary>
    public static string? FindProblem(string text)
    {
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            position++;
            if (!IsPrintable(rune))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"holds the control character U+{rune.Value:X4} at position {position}; leave it out");
            }
        }

        return null;
    }

    /// <summary>Why a text cannot name something, or null where it can: a name is not empty, not too long, and printable.</summary>
    public static string? FindProblemOfName(string? name) => name switch
    {
        null or "" => "is empty; give a name",
        { Length: > LongestName } =>
            string.Create(CultureInfo.InvariantCulture, $"has {name.Length} characters; give at most {LongestName}"),
        _ => FindProblem(name),
    };

    /// <summary>The text with whatever cannot be printed as <c>\u{XX}</c>, for messages that repeat what somebody typed.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsPrintable(rune))
            {
                escaped.Append(rune);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }
        }

        return escaped.ToString();
    }

    /// <summary>The text, or where it is long its beginning and its end: for messages that repeat what a file holds.</summary>
    public static string Shorten(string text, int longest = 200)
    {
        const string Left = " ... ";
        var end = longest / 3;
        return text.Length <= longest
            ? text
            : string.Concat(text.AsSpan(0, longest - Left.Length - end), Left, text.AsSpan(text.Length - end));
    }

    // Format characters among them: one that turns the direction of writing makes a name look like another.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate);
}
