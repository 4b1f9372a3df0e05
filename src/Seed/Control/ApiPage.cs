using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Control;

namespace LPZero.Seed.Control;

/// <summary>A part of a list.</summary>
/// <param name="Items">What it holds.</param>
/// <param name="Next">What <c>after</c> is to be for the next part; null where this is the last one.</param>
public sealed record ApiPage<T>(ImmutableArray<T> Items, string? Next = null);

/// <summary>Parts of lists.</summary>
internal static class ApiPage
{
    /// <summary>Items of a page where no number is given.</summary>
    public const int Usual = 100;

    /// <summary>The most items of a page.</summary>
    public const int Most = 1000;

    /// <summary>The part of a list that a request asks for; what comes and goes meanwhile shifts nothing else.</summary>
    /// <param name="items">The whole list.</param>
    /// <param name="key">What tells an item from all others and orders them.</param>
    /// <param name="limit">How many are wanted.</param>
    /// <param name="after">The key behind which they begin; null for those from the beginning.</param>
    /// <exception cref="SearchServiceException">So many cannot be had.</exception>
    public static ApiPage<T> Of<T>(IEnumerable<T> items, Func<T, string> key, string? limit, string? after)
    {
        var most = Limit(limit);
        var found = items.OrderBy(key, StringComparer.Ordinal)
            .Where(item => after is null || StringComparer.Ordinal.Compare(key(item), after) > 0).Take(most + 1).ToImmutableArray();
        return found.Length > most ? new ApiPage<T>(found[..most], key(found[most - 1])) : new ApiPage<T>(found);
    }

    /// <summary>How many items are wanted.</summary>
    /// <exception cref="SearchServiceException">So many cannot be had.</exception>
    public static int Limit(string? text) => (int)Number(text, "limit", 1, Most, Usual);

    /// <summary>A whole number of the address.</summary>
    /// <exception cref="SearchServiceException">It is none within the bounds.</exception>
    public static long Number(string? text, string field, long low, long high, long usual) =>
        text is null ? usual
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high ? number
        : throw new SearchServiceException(
            string.Create(CultureInfo.InvariantCulture,
                $"{field} {PrintableText.Escape(PrintableText.Shorten(text))}: give a number from {low} to {high}"),
            SearchFailure.Malformed, field);
}
