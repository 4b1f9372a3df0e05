namespace LPZero.Coordinator.Ranking;

/// <summary>
/// Kendall's rank correlation (M. G. Kendall, 1938 and 1945). Every pair is looked at, so the counts are exact; n² is
/// well under a millisecond for the few hundred architectures of a benchmark.
/// </summary>
public static class Kendall
{
    /// <summary>
    /// Tau-a: (concordant - discordant) over all pairs. A tie earns nothing, so few distinct scores do not flatter it, and
    /// putting ties in random order leaves its expectation as it is.
    /// </summary>
    /// <returns>NaN for fewer than two values or where one is NaN.</returns>
    public static double TauA(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var pairs = Count(x, y);
        return pairs is { All: > 0 } ? (double)pairs.Balance / pairs.All : double.NaN;
    }

    /// <summary>Tau-b: (concordant - discordant) over the geometric mean of the pairs that x, and that y, does not tie.</summary>
    /// <returns>NaN for fewer than two values, where one is NaN, or where x or y is constant.</returns>
    public static double TauB(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var pairs = Count(x, y);
        return pairs is { UntiedX: > 0, UntiedY: > 0 } ? pairs.Balance / Math.Sqrt((double)pairs.UntiedX * pairs.UntiedY) : double.NaN;
    }

    private static PairCounts Count(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"{x.Length} values cannot be compared with {y.Length}.", nameof(y));
        }

        if (x.IsEmpty || Ranks.ContainsNaN(x) || Ranks.ContainsNaN(y))
        {
            return default;
        }

        long balance = 0, untiedX = 0, untiedY = 0;
        for (var i = 1; i < x.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var signX = x[i].CompareTo(x[j]);
                var signY = y[i].CompareTo(y[j]);
                balance += signX * signY;
                untiedX += signX * signX;
                untiedY += signY * signY;
            }
        }

        return new PairCounts((long)x.Length * (x.Length - 1) / 2, balance, untiedX, untiedY);
    }

    private readonly record struct PairCounts(long All, long Balance, long UntiedX, long UntiedY);
}
