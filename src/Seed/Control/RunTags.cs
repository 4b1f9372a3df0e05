using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Control;

namespace LPZero.Seed.Control;

/// <summary>Words that an operator gives a run, to find it again.</summary>
public static class RunTags
{
    /// <summary>The most that a run may have.</summary>
    public const int Most = 50;

    /// <summary>Refuses what cannot be tags of a run: each follows the rule of a run's name.</summary>
    /// <exception cref="SearchServiceException">One cannot, or there are too many.</exception>
    public static void Check(ImmutableArray<string> tags)
    {
        if (tags.Length > Most)
        {
            throw new SearchServiceException(
                string.Create(CultureInfo.InvariantCulture, $"{tags.Length} tags are too many: give at most {Most}"),
                SearchFailure.Unfit, "tags");
        }

        foreach (var tag in tags.Where(tag => !RunName.IsValid(tag)))
        {
            throw new SearchServiceException(
                $"'{PrintableText.Escape(PrintableText.Shorten(tag))}' is no tag: use {RunName.Rule}", SearchFailure.Unfit, "tags");
        }
    }
}
