using LPZero.Coordinator.Ranking;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>Where scores stand on an axis.</summary>
internal static class ScorePositions
{
    /// <summary>
    /// Scores as they are; where a few extreme ones would press nearly all the others together, their ranks, which are
    /// what rho sees anyway.
    /// </summary>
    /// <param name="scores">[n] the scores, none NaN; at least one.</param>
    /// <returns>[n] positions, and what the axis is called.</returns>
    public static (double[] Positions, string Label) Of(double[] scores)
    {
        double[] sorted = [.. scores.Order()];
        var bulk = sorted[(int)(0.95 * (sorted.Length - 1))] - sorted[(int)(0.05 * (sorted.Length - 1))];
        var range = sorted[^1] - sorted[0];
        if (double.IsFinite(range) && bulk >= 0.2 * range)
        {
            return (scores, "score");
        }

        var ranks = new double[scores.Length];
        Ranks.Average(scores, ranks);
        return (ranks, "rank of the score (1 = lowest)");
    }
}
