using System.Collections.Immutable;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>Networks that were scored, and what is known of their truth.</summary>
/// <param name="Networks">The networks, at least one.</param>
/// <param name="Scores">[n] their scores, higher is better; NaN is lowest.</param>
public sealed record SearchOutcome(ImmutableArray<SearchedNetwork> Networks, ImmutableArray<double> Scores)
{
    /// <summary>The index of the best by score; of equally good ones the first.</summary>
    public int Best => Enumerable.Range(0, Scores.Length).MaxBy(i => Lowest(Scores[i]));

    /// <summary>The Pareto front of score and size, smallest first.</summary>
    public ImmutableArray<int> Front(SizeMeasure measure) =>
        ParetoFront.Of([.. Networks.Select(network => SizeLimits.SizeOf(network.Structure, measure))], Scores);

    /// <summary>
    /// What is lost by training only the <paramref name="count"/> best by score: the best truth there is minus the best among them, in the
    /// truth's unit; the mean over all orders of equal scores.
    /// </summary>
    /// <param name="bestTruth">The best truth of all that might have been chosen.</param>
    /// <param name="count">How many are trained.</param>
    /// <returns>NaN where a truth is not known.</returns>
    public double Regret(double bestTruth, int count)
    {
        double[] truths = [.. Networks.Select(network => network.Truth ?? double.NaN)];
        return bestTruth - truths.Max() + Ranking.Regret.OfTop([.. Scores.Select(Lowest)], truths, count);
    }

    private static double Lowest(double score) => double.IsNaN(score) ? double.NegativeInfinity : score;
}
