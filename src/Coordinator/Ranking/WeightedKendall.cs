namespace LPZero.Coordinator.Ranking;

/// <summary>
/// Kendall's tau-a and tau-b of a sample in which each architecture occurs a given number of times. A pair is of two different
/// architectures: that one was drawn twice says nothing about an order, and would pull tau-a towards 0. Sorted once; a resample then
/// costs n log n steps over a Fenwick tree (1994). Not for several threads at once: it keeps its scratch space.
/// </summary>
public sealed class WeightedKendall
{
    private readonly bool hasNaN;
    private readonly int[] order;
    private readonly int[] ends;
    private readonly int[] truthLevels;
    private readonly long[] tree;
    private readonly long[] levelWeights;
    private readonly long[] levelSquares;

    /// <summary>Sorts both vectors.</summary>
    /// <param name="scores">[n] scores.</param>
    /// <param name="truth">[n] ground truth.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public WeightedKendall(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth)
    {
        if (scores.Length != truth.Length)
        {
            throw new ArgumentException($"{scores.Length} scores cannot be compared with {truth.Length} truths.", nameof(scores));
        }

        hasNaN = !scores.IsEmpty && (Ranks.ContainsNaN(scores) || Ranks.ContainsNaN(truth));
        var sorted = scores.ToArray();
        order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        ends = [.. Enumerable.Range(1, sorted.Length).Where(end => end == sorted.Length || sorted[end] != sorted[end - 1])];

        // -0 and 0 are one level, as they are one rank.
        double[] levels = [.. truth.ToArray().Select(value => value + 0.0).Distinct().Order()];
        truthLevels = new int[truth.Length];
        for (var i = 0; i < truth.Length; i++)
        {
            truthLevels[i] = hasNaN ? 0 : Array.BinarySearch(levels, truth[i] + 0.0);
        }

        tree = new long[levels.Length + 1];
        levelWeights = new long[levels.Length];
        levelSquares = new long[levels.Length];
    }

    /// <summary>Tau-a of the sample; NaN where it holds fewer than two architectures or a value is NaN.</summary>
    /// <param name="weights">[n] how often each architecture occurs, 0 or more.</param>
    public double TauA(ReadOnlySpan<int> weights)
    {
        var pairs = Count(weights);
        return pairs is { All: > 0 } ? (double)pairs.Balance / pairs.All : double.NaN;
    }

    /// <summary>Tau-b of the sample; NaN where scores or truths are constant in it, or a value is NaN.</summary>
    /// <param name="weights">[n] how often each architecture occurs, 0 or more.</param>
    public double TauB(ReadOnlySpan<int> weights)
    {
        var pairs = Count(weights);
        return pairs is { UntiedScores: > 0, UntiedTruths: > 0 }
            ? pairs.Balance / Math.Sqrt((double)pairs.UntiedScores * pairs.UntiedTruths)
            : double.NaN;
    }

    private PairCounts Count(ReadOnlySpan<int> weights)
    {
        if (hasNaN)
        {
            return default;
        }

        Array.Clear(tree);
        Array.Clear(levelWeights);
        Array.Clear(levelSquares);
        long balance = 0, entered = 0, squares = 0, tiedScores = 0, tiedTruths = 0;
        var start = 0;
        foreach (var end in ends)
        {
            var group = order.AsSpan(start..end);
            long groupWeight = 0, groupSquares = 0;
            foreach (var index in group)
            {
                long weight = weights[index];
                var level = truthLevels[index];
                if (weight > 0)
                {
                    // Everything entered so far has a lower score.
                    var upTo = Entered(level);
                    balance += weight * (upTo - levelWeights[level] - (entered - upTo));
                }

                groupWeight += weight;
                groupSquares += weight * weight;
            }

            foreach (var index in group)
            {
                Enter(truthLevels[index], weights[index]);
            }

            entered += groupWeight;
            squares += groupSquares;
            tiedScores += (groupWeight * groupWeight) - groupSquares;
            start = end;
        }

        for (var level = 0; level < levelWeights.Length; level++)
        {
            tiedTruths += (levelWeights[level] * levelWeights[level]) - levelSquares[level];
        }

        var all = (entered * entered) - squares;
        return new PairCounts(all / 2, balance, (all - tiedScores) / 2, (all - tiedTruths) / 2);
    }

    private void Enter(int level, long weight)
    {
        levelWeights[level] += weight;
        levelSquares[level] += weight * weight;
        for (var node = level + 1; node < tree.Length; node += node & -node)
        {
            tree[node] += weight;
        }
    }

    /// <summary>The weight entered at this level of truth and below it.</summary>
    private long Entered(int level)
    {
        long sum = 0;
        for (var node = level + 1; node > 0; node -= node & -node)
        {
            sum += tree[node];
        }

        return sum;
    }

    private readonly record struct PairCounts(long All, long Balance, long UntiedScores, long UntiedTruths);
}
