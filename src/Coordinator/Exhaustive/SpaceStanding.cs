namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Where a proxy of a space stands among all its valid ones. How many are better is known exactly down to the last of the best that were
/// kept, and below that to the proxies of one bin of rho.
/// </summary>
/// <param name="Proxies">Canonical proxies of the space.</param>
/// <param name="Valid">Those with a fitness.</param>
/// <param name="BetterAtLeast">So many of these are better at least.</param>
/// <param name="BetterAtMost">And so many at most.</param>
/// <param name="Optimum">The best of all.</param>
public sealed record SpaceStanding(long Proxies, long Valid, long BetterAtLeast, long BetterAtMost, ExhaustiveEntry Optimum)
{
    /// <summary>The share of the valid proxies that are not better, at least; 1 for the optimum.</summary>
    public double QuantileAtLeast => 1 - ((double)BetterAtMost / Valid);

    /// <summary>The share of the valid proxies that are not better, at most.</summary>
    public double QuantileAtMost => 1 - ((double)BetterAtLeast / Valid);
}
