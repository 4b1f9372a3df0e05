using System.Collections.Immutable;

namespace LPZero.Coordinator.Ablation;

/// <summary>A way to rank that others are compared with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rhos">[sets][splits] Spearman's rho on networks that it was not made on.</param>
public sealed record ComparedRanking(string Name, ImmutableArray<ImmutableArray<double>> Rhos)
{
    // A mean of rho is 1 where a set is ranked perfectly, and the z of that beyond all others.
    private const double LargestRho = 1 - 1e-6;

    /// <summary>
    /// The mean over the sets of Fisher's z = atanh(rho) of the mean rho there, so that 0.98 to 0.99 counts as much as 0.62 to 0.79.
    /// </summary>
    public double MeanZ => Rhos.Average(set => Math.Atanh(Math.Clamp(set.Average(), -LargestRho, LargestRho)));
}

/// <summary>The best of several ways to rank, over several sets.</summary>
/// <param name="Rankings">The ways.</param>
/// <param name="Chosen">The index of the best.</param>
public sealed record Choice(ImmutableArray<ComparedRanking> Rankings, int Chosen)
{
    /// <summary>Chooses the highest mean z; of equal ones the first.</summary>
    /// <param name="rankings">Between what is chosen, at least one; all on the same sets and splits.</param>
    public static Choice Among(ImmutableArray<ComparedRanking> rankings) =>
        new(rankings, rankings.IndexOf(rankings.MaxBy(ranking => ranking.MeanZ)!));

    /// <summary>By how much a way is better on one set than the chosen, over the splits; below 0 where it is worse.</summary>
    /// <param name="ranking">The index of the way.</param>
    /// <param name="set">The index of the set.</param>
    public Spread MinusChosen(int ranking, int set) => MinusChosen(Rankings[ranking].Rhos[set], set);

    /// <summary>The same of a way that was not to be chosen.</summary>
    /// <param name="rhos">[splits] its rho.</param>
    /// <param name="set">The index of the set.</param>
    public Spread MinusChosen(ImmutableArray<double> rhos, int set) =>
        Spread.Of([.. rhos.Zip(Rankings[Chosen].Rhos[set], (own, other) => own - other)]);
}
