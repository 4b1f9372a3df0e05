using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Ranks the sums of a proxy's centred ranks and fixed ones: whole numbers from a range four times as large as their number, so that
/// counting ranks them in one pass over it, exactly. Not for several threads at once: it keeps its scratch space.
/// </summary>
internal sealed class SummedRanking
{
    private readonly int architectures;
    private readonly long truthSquares;

    /// <summary>Per lane, of those that hold an architecture: lane, fixed rank less the lowest sum, and the truth's rank.</summary>
    private readonly (int Lane, int Added, long Truth)[] members;

    /// <summary>For each sum how many have it, and the sum of their truths' ranks.</summary>
    private readonly (int Count, long Truth)[] sums;

    public SummedRanking(RankedSet ranked)
    {
        architectures = ranked.Set.Architectures.Length;
        truthSquares = ranked.TruthSquares;
        Ranks = new int[ranked.Lanes];

        // A centred rank is from -(n - 1) to n - 1.
        var lowest = -2 * (architectures - 1);
        sums = new (int, long)[1 - (2 * lowest)];
        members =
        [
            .. Enumerable.Range(0, ranked.Lanes).Where(lane => ranked.ArchitectureOf[lane] >= 0).Select(lane =>
                (lane, (int)ranked.Added[ranked.ArchitectureOf[lane]] - lowest, ranked.Truth.Span[ranked.ArchitectureOf[lane]])),
        ];
    }

    /// <summary>Per lane the centred rank of the proxy's score; set before the sums are ranked.</summary>
    public int[] Ranks { get; }

    /// <summary>Rho of the sums with the truth; 0 where they are all the same.</summary>
    public double Rho()
    {
        foreach (var (lane, added, truth) in members)
        {
            ref var sum = ref sums[added + Ranks[lane]];
            sum.Count++;
            sum.Truth += truth;
        }

        return TakeRho();
    }

    /// <summary>The same with the proxy's ranking reversed.</summary>
    public double NegatedRho()
    {
        foreach (var (lane, added, truth) in members)
        {
            ref var sum = ref sums[added - Ranks[lane]];
            sum.Count++;
            sum.Truth += truth;
        }

        return TakeRho();
    }

    private double TakeRho()
    {
        long below = 0, products = 0, squares = 0;
        foreach (ref var sum in sums.AsSpan())
        {
            if (sum.Count == 0)
            {
                continue;
            }

            // Smaller ones less larger ones.
            var rank = (2 * below) + sum.Count - architectures;
            products += rank * sum.Truth;
            squares += rank * rank * sum.Count;
            below += sum.Count;
            sum = default;
        }

        return Criterion.OrNothing(Spearman.FromSums(products, squares, truthSquares));
    }
}
