using System.Numerics.Tensors;

namespace LPZero.Coordinator.Ranking;

/// <summary>Spearman's rank correlation: Pearson's correlation of average ranks (C. Spearman, 1904).</summary>
public static class Spearman
{
    /// <summary>
    /// Rho of two vectors of the same length, NaN where one of them is constant, holds a NaN, or has fewer than two values.
    /// </summary>
    public static double Rho(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => new SpearmanAgainst(y).Rho(x);

    /// <summary>Rho from exact integer sums over centred ranks.</summary>
    internal static double FromSums(long products, long xSquares, long ySquares) =>
        xSquares == 0 || ySquares == 0 ? double.NaN : products / Math.Sqrt((double)xSquares * ySquares);
}

/// <summary>
/// Spearman's rho of many score vectors against one truth. Exact up to the last division, so its result depends neither on
/// the order of summation nor on the processor. Immutable; one instance serves all threads.
/// </summary>
public sealed class SpearmanAgainst
{
    private readonly long[] truth;
    private readonly long squares;
    private readonly long squaresWithoutTies;

    /// <summary>Ranks the truth once.</summary>
    /// <param name="truth">[n] ground truth; a constant one, or one with a NaN, makes every rho NaN.</param>
    public SpearmanAgainst(ReadOnlySpan<double> truth)
    {
        this.truth = new long[truth.Length];
        squares = Ranks.TryCentre(truth, this.truth) ? TensorPrimitives.SumOfSquares<long>(this.truth) : 0;
        long n = truth.Length;
        squaresWithoutTies = n * ((n * n) - 1) / 3;
    }

    /// <summary>Number of values in the truth.</summary>
    public int Length => truth.Length;

    /// <summary>Rho of the scores and the truth; NaN where either is constant or holds a NaN.</summary>
    /// <param name="scores">[n] scores in the truth's order. Nothing is allocated while n is at most 512.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public double Rho(ReadOnlySpan<double> scores) =>
        Rho(scores, scores.Length <= Ranks.CountingLimit ? stackalloc long[scores.Length] : new long[scores.Length]);

    /// <summary>Rho of the scores and the truth; NaN where either is constant or holds a NaN.</summary>
    /// <param name="scores">[n] scores in the truth's order.</param>
    /// <param name="ranks">[n] receives the scores' centred ranks, see <see cref="Ranks.TryCentre"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public double Rho(ReadOnlySpan<double> scores, Span<long> ranks)
    {
        if (scores.Length != truth.Length)
        {
            throw new ArgumentException($"{scores.Length} scores cannot be compared with {truth.Length} truths.", nameof(scores));
        }

        return Ranks.TryCentre(scores, ranks)
            ? Spearman.FromSums(TensorPrimitives.Dot<long>(ranks, truth), TensorPrimitives.SumOfSquares<long>(ranks), squares)
            : double.NaN;
    }

    /// <summary>
    /// The expectation of rho when equal scores are put in random order. A tied score's expected rank is its average rank,
    /// and ranks without ties always have the same sum of squares, so the mean over all orders needs no sampling.
    /// </summary>
    /// <param name="scores">[n] scores in the truth's order; constant ones give 0.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public double RhoWithTiesAtRandom(ReadOnlySpan<double> scores)
    {
        if (scores.Length != truth.Length)
        {
            throw new ArgumentException($"{scores.Length} scores cannot be compared with {truth.Length} truths.", nameof(scores));
        }

        var ranks = new long[scores.Length];
        return Ranks.TryCentre(scores, ranks)
            ? Spearman.FromSums(TensorPrimitives.Dot<long>(ranks, truth), squaresWithoutTies, squares)
            : double.NaN;
    }
}
