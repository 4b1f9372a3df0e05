namespace LPZero.Messages;

/// <summary>Suggests the known names nearest to a mistyped one, by Levenshtein distance.</summary>
public static class NearestNames
{
    // So many fit on a line; a choice among few is best seen whole.
    private const int Few = 8, Nearest = 3;

    /// <summary>A phrase that names the nearest <paramref name="known"/> names first: all of up to eight, else three of them.</summary>
    public static string Suggest(string typed, IEnumerable<string> known)
    {
        var nearest = known.OrderBy(name => Distance(typed, name)).ThenBy(name => name, StringComparer.Ordinal).ToList();
        return "did you mean " + string.Join(", ", nearest.Take(nearest.Count <= Few ? Few : Nearest)) + "?";
    }

    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
