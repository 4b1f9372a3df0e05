using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.Decoders;

/// <summary>What the texts of the decoders' genotypes have in common.</summary>
internal static class GenotypeText
{
    /// <summary>The number in the group of that name, of at most nine digits.</summary>
    public static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    /// <summary>All numbers of the group of that name.</summary>
    public static ImmutableArray<int> Numbers(Match match, string group) =>
        [.. match.Groups[group].Captures.Select(capture => int.Parse(capture.Value, CultureInfo.InvariantCulture))];

    /// <summary>That a text is no genotype of its space.</summary>
    public static FormatException Malformed(string text, string example) =>
        new($"'{PrintableText.Escape(PrintableText.Shorten(text))}' is no such genotype; write one as {example}");

    /// <summary>Why heads cannot share the hidden size, in one line, or null where they can.</summary>
    public static string? FindProblemOfHeads(int hidden, IEnumerable<int> heads)
    {
        foreach (var (index, count) in heads.Index())
        {
            if (NetworkBounds.Heads.FindProblem("heads", count) is { } problem)
            {
                return string.Create(CultureInfo.InvariantCulture, $"layer {index}: {problem}");
            }

            if (hidden % count != 0)
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"layer {index}: hidden size {hidden} is not divisible by {count} heads; choose a divisor");
            }
        }

        return null;
    }
}
