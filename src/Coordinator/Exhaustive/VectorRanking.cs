using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Identifies a ranking: two sums of its centred ranks with random whole factors, computed exactly, so that equal rankings have
/// equal keys and the reversed ranking has the negated one. Two different rankings share a key with a probability below 2^-60.
/// </summary>
/// <param name="First">The first sum.</param>
/// <param name="Second">The second sum.</param>
public readonly record struct RankingKey(long First, long Second);

/// <summary>What ranking one score vector gave.</summary>
/// <param name="Rho">Spearman's rho, of the sum of rankings where the set has one; without meaning where the scores are invalid.</param>
/// <param name="NegatedRho">The same of minus the scores.</param>
/// <param name="Key">The ranking.</param>
/// <param name="Invalid">Why the scores are invalid, if they are.</param>
internal readonly record struct RankedScores(double Rho, double NegatedRho, RankingKey Key, InvalidReason? Invalid);

/// <summary>
/// Ranks score vectors against one truth at the speed of vector instructions, with exactly the result of
/// <see cref="SpearmanAgainst"/> and <see cref="Scoring.FitnessFunction"/>. Scores less the first one, rounded to float, rank as the
/// scores do unless two different ones become equal; whether that happened shows in the number of smaller values, counted anyway,
/// and then the scores themselves are ranked. Not for several threads at once: it keeps its scratch space. What is called for every
/// vector is compiled to the best code at once: in what the compiler makes first, vectors go through memory, and it is
/// replaced only when much of a space has been ranked.
/// </summary>
internal sealed class VectorRanking
{
    private const ulong KeySeed = 0x6C70_7A65_726F;

    private readonly RankedSet ranked;
    private readonly double minDistinct;

    /// <summary>Per lane: the centred rank of the lowest value, where only genotypes of the same network tie.</summary>
    private readonly int[] lowest;

    /// <summary>Per lane: 0, or minus infinity for padding, which is then smaller than nothing.</summary>
    private readonly float[] padding;

    /// <summary>Per lane: the truth's centred rank.</summary>
    private readonly double[] truth;

    private readonly double[] firstFactors;
    private readonly double[] secondFactors;

    /// <summary>The ranking of sums with the one that is added; null where none is.</summary>
    private readonly SummedRanking? summed;

    /// <summary>Comparisons that find a smaller value where only genotypes of the same network tie.</summary>
    private readonly int expectedSmaller;

    private readonly double norm;

    /// <summary>
    /// The part of the sum of products that the order of the strata gives, and minus the scores does not change; 0 for a single stratum.
    /// </summary>
    private readonly long productsOfStrata;

    private readonly float[] keys;
    private readonly double[] gathered;
    private readonly bool[] taken;
    private readonly long[] centred;

    public VectorRanking(RankedSet ranked, double minDistinct)
    {
        this.ranked = ranked;
        this.minDistinct = minDistinct;
        var set = ranked.Set;
        var n = set.Architectures.Length;
        lowest = new int[ranked.Lanes];
        padding = new float[ranked.Lanes];
        truth = new double[ranked.Lanes];
        firstFactors = new double[ranked.Lanes];
        secondFactors = new double[ranked.Lanes];
        summed = ranked.Added.IsEmpty ? null : new SummedRanking(ranked);
        keys = new float[ranked.Lanes];
        gathered = new double[n];
        taken = new bool[2 * n];
        centred = new long[n];
        Array.Fill(padding, float.NegativeInfinity);

        // Sums of n ranks below n with factors so small stay below 2^53, where doubles are exact whole numbers.
        var factorBits = 53 - (2 * (BitOperations.Log2((uint)n) + 1));
        var random = new SplittableRandom(KeySeed);
        var factors = Enumerable.Range(0, n).Select(_ => (First: Factor(ref random, factorBits), Second: Factor(ref random, factorBits)))
            .ToList();
        var squares = 0L;
        foreach (var stratum in ranked.Strata)
        {
            var sizes = Enumerable.Range(stratum.Start, stratum.Count)
                .GroupBy(lane => set.NetworkOf[ranked.ArchitectureOf[lane]])
                .ToDictionary(network => network.Key, network => network.Count());
            var tied = sizes.Values.Sum(size => size * (size - 1) / 2);
            expectedSmaller += (stratum.Count * (stratum.Count - 1) / 2) - tied;
            squares += Cubic(stratum.Count) - sizes.Values.Sum(Cubic) + ((long)stratum.Count * stratum.Offset * stratum.Offset);
            for (var lane = stratum.Start; lane < stratum.Start + stratum.Count; lane++)
            {
                var architecture = ranked.ArchitectureOf[lane];
                padding[lane] = 0;
                lowest[lane] = sizes[set.NetworkOf[architecture]] - stratum.Count + stratum.Offset;
                truth[lane] = ranked.Truth.Span[architecture];
                productsOfStrata += ranked.Truth.Span[architecture] * stratum.Offset;
                (firstFactors[lane], secondFactors[lane]) = factors[architecture];
            }
        }

        norm = Math.Sqrt((double)squares * ranked.TruthSquares);
    }

    /// <summary>Ranks one score vector.</summary>
    /// <param name="scores">A score for each lane; padding holds finite numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RankedScores Rank(ReadOnlySpan<double> scores)
    {
        if (!TryMakeKeys(scores))
        {
            return RankExactly(scores);
        }

        var smaller = Vector256<int>.Zero;
        var products = Vector256<double>.Zero;
        var first = Vector256<double>.Zero;
        var second = Vector256<double>.Zero;
        foreach (var block in ranked.Blocks)
        {
            ref var others = ref keys[block.Stratum.Start];
            ref var x = ref keys[block.Start];
            var x0 = Vector256.LoadUnsafe(ref x);
            var x1 = Vector256.LoadUnsafe(ref x, 8);
            var x2 = Vector256.LoadUnsafe(ref x, 16);
            Vector256<int> n0 = default, n1 = default, n2 = default;
            if (block.HasFourth)
            {
                var x3 = Vector256.LoadUnsafe(ref x, 24);
                Vector256<int> n3 = default;
                for (var j = 0; j < block.Stratum.Count; j++)
                {
                    // A lane is -1 where the other value is smaller.
                    var other = Vector256.Create(Unsafe.Add(ref others, j));
                    n0 -= Vector256.LessThan(other, x0).AsInt32();
                    n1 -= Vector256.LessThan(other, x1).AsInt32();
                    n2 -= Vector256.LessThan(other, x2).AsInt32();
                    n3 -= Vector256.LessThan(other, x3).AsInt32();
                }

                smaller += n3;
                Add(n3, block.Start + 24, ref products, ref first, ref second);
            }
            else
            {
                for (var j = 0; j < block.Stratum.Count; j++)
                {
                    var other = Vector256.Create(Unsafe.Add(ref others, j));
                    n0 -= Vector256.LessThan(other, x0).AsInt32();
                    n1 -= Vector256.LessThan(other, x1).AsInt32();
                    n2 -= Vector256.LessThan(other, x2).AsInt32();
                }
            }

            smaller += n0 + n1 + n2;
            Add(n0, block.Start, ref products, ref first, ref second);
            Add(n1, block.Start + 8, ref products, ref first, ref second);
            Add(n2, block.Start + 16, ref products, ref first, ref second);
        }

        if (Vector256.Sum(smaller) != expectedSmaller)
        {
            return RankExactly(scores);
        }

        var key = new RankingKey((long)Vector256.Sum(first), (long)Vector256.Sum(second));
        if (summed is not null)
        {
            return new RankedScores(summed.Rho(), summed.NegatedRho(), key, Invalid: null);
        }

        var sum = Vector256.Sum(products);
        return new RankedScores(sum / norm, ((2 * productsOfStrata) - sum) / norm, key, Invalid: null);
    }

    /// <summary>
    /// Adds the products of eight ranks with the truth and the factors; all are whole numbers below 2^53, so no order of summation differs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(
        Vector256<int> smaller, int lane, ref Vector256<double> products, ref Vector256<double> first, ref Vector256<double> second)
    {
        var whole = smaller + smaller + Vector256.LoadUnsafe(ref lowest[lane]);
        if (summed is not null)
        {
            whole.StoreUnsafe(ref summed.Ranks[lane]);
        }

        var ranks = Vector256.ConvertToSingle(whole);
        var lower = Vector256.WidenLower(ranks);
        var upper = Vector256.WidenUpper(ranks);
        products += (lower * Vector256.LoadUnsafe(ref truth[lane])) + (upper * Vector256.LoadUnsafe(ref truth[lane + 4]));
        first += (lower * Vector256.LoadUnsafe(ref firstFactors[lane])) + (upper * Vector256.LoadUnsafe(ref firstFactors[lane + 4]));
        second += (lower * Vector256.LoadUnsafe(ref secondFactors[lane])) + (upper * Vector256.LoadUnsafe(ref secondFactors[lane + 4]));
    }

    /// <summary>Rounds the scores, less the first of their stratum, to float; false where one is not finite then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryMakeKeys(ReadOnlySpan<double> scores)
    {
        ref var score = ref MemoryMarshal.GetReference(scores[..keys.Length]);
        ref var key = ref MemoryMarshal.GetArrayDataReference(keys);
        ref var pad = ref MemoryMarshal.GetArrayDataReference(padding);
        var zero = Vector256<float>.Zero;
        for (var s = 0; s < ranked.Strata.Length; s++)
        {
            var start = ranked.Strata[s].Start;
            var end = s + 1 < ranked.Strata.Length ? ranked.Strata[s + 1].Start : keys.Length;
            var origin = Vector256.Create(scores[start]);
            for (var lane = (nuint)start; lane < (nuint)end; lane += RankedSet.VectorLanes)
            {
                var rounded = Vector256.Narrow(
                    Vector256.LoadUnsafe(ref score, lane) - origin, Vector256.LoadUnsafe(ref score, lane + 4) - origin);
                // 0 for what is finite, else NaN
                zero += rounded * Vector256<float>.Zero;
                (rounded + Vector256.LoadUnsafe(ref pad, lane)).StoreUnsafe(ref key, lane);
            }
        }

        return Vector256.EqualsAll(zero, Vector256<float>.Zero);
    }

    /// <summary>Ranks with the scores themselves, and finds out what is wrong with them if something is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RankedScores RankExactly(ReadOnlySpan<double> scores)
    {
        var distinct = 0;
        long products = 0, squares = 0, first = 0, second = 0;
        foreach (var stratum in ranked.Strata)
        {
            var own = gathered.AsSpan(0, stratum.Count);
            scores.Slice(stratum.Start, stratum.Count).CopyTo(own);
            foreach (var score in own)
            {
                if (!double.IsFinite(score))
                {
                    return new RankedScores(double.NaN, double.NaN, default, InvalidReason.NonFinite);
                }
            }

            var ranks = centred.AsSpan(0, stratum.Count);
            Ranks.TryCentre(own, ranks);
            for (var i = 0; i < stratum.Count; i++)
            {
                var lane = stratum.Start + i;
                var rank = ranks[i] + stratum.Offset;
                products += rank * (long)truth[lane];
                squares += rank * rank;
                first += rank * (long)firstFactors[lane];
                second += rank * (long)secondFactors[lane];
                if (summed is not null)
                {
                    summed.Ranks[lane] = (int)rank;
                }
            }

            distinct += CountDistinct(ranks);
        }

        if (distinct == 1)
        {
            return new RankedScores(double.NaN, double.NaN, default, InvalidReason.Constant);
        }

        if (distinct < minDistinct * ranked.Networks)
        {
            return new RankedScores(double.NaN, double.NaN, default, InvalidReason.TooFewDistinct);
        }

        return summed is not null
            ? new RankedScores(summed.Rho(), summed.NegatedRho(), new RankingKey(first, second), Invalid: null)
            : new RankedScores(
                Spearman.FromSums(products, squares, ranked.TruthSquares),
                Spearman.FromSums((2 * productsOfStrata) - products, squares, ranked.TruthSquares),
                new RankingKey(first, second), Invalid: null);
    }

    /// <summary>How many different values have these centred ranks, which lie between minus and plus their number.</summary>
    private int CountDistinct(ReadOnlySpan<long> ranks)
    {
        Array.Clear(taken);
        var distinct = 0;
        foreach (var rank in ranks)
        {
            ref var isTaken = ref taken[rank + ranks.Length];
            distinct += isTaken ? 0 : 1;
            isTaken = true;
        }

        return distinct;
    }

    /// <summary>Sum of the squares of n centred ranks without ties: n(n² - 1)/3. Ties of m take away as much for m.</summary>
    private static long Cubic(int n) => n * (((long)n * n) - 1) / 3;

    private static double Factor(ref SplittableRandom random, int bits) => random.NextBits() >> (64 - bits);
}
