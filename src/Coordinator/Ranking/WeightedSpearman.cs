namespace LPZero.Coordinator.Ranking;

/// <summary>
/// Spearman's rho of a sample in which each architecture occurs a given number of times. Sorted once, so that a bootstrap
/// resample costs one pass. Not for several threads at once: it keeps its scratch space.
/// </summary>
public sealed class WeightedSpearman
{
    private readonly TieGroups scores;
    private readonly TieGroups truth;
    private readonly long[] scoreRanks;
    private readonly long[] truthRanks;

    /// <summary>Sorts both vectors.</summary>
    /// <param name="scores">[n] scores.</param>
    /// <param name="truth">[n] ground truth.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public WeightedSpearman(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth)
    {
        if (scores.Length != truth.Length)
        {
            throw new ArgumentException($"{scores.Length} scores cannot be compared with {truth.Length} truths.", nameof(scores));
        }

        this.scores = new TieGroups(scores);
        this.truth = new TieGroups(truth);
        scoreRanks = new long[scores.Length];
        truthRanks = new long[truth.Length];
    }

    /// <summary>Rho of the sample; NaN where scores or truths are constant in it, or one is NaN.</summary>
    /// <param name="weights">[n] how often each architecture occurs, 0 or more.</param>
    public double Rho(ReadOnlySpan<int> weights)
    {
        if (scores.HasNaN || truth.HasNaN)
        {
            return double.NaN;
        }

        scores.Centre(weights, scoreRanks);
        truth.Centre(weights, truthRanks);
        long products = 0, scoreSquares = 0, truthSquares = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            products += weights[i] * scoreRanks[i] * truthRanks[i];
            scoreSquares += weights[i] * scoreRanks[i] * scoreRanks[i];
            truthSquares += weights[i] * truthRanks[i] * truthRanks[i];
        }

        return Spearman.FromSums(products, scoreSquares, truthSquares);
    }

    /// <summary>Indices in ascending order of their values, cut where the value changes.</summary>
    private sealed class TieGroups
    {
        private readonly int[] order;
        private readonly int[] ends;

        public TieGroups(ReadOnlySpan<double> values)
        {
            HasNaN = !values.IsEmpty && Ranks.ContainsNaN(values);
            var sorted = values.ToArray();
            order = [.. Enumerable.Range(0, sorted.Length)];
            Array.Sort(sorted, order);
            ends = [.. Enumerable.Range(1, sorted.Length).Where(end => end == sorted.Length || sorted[end] != sorted[end - 1])];
        }

        public bool HasNaN { get; }

        /// <summary>Writes for each index the weight of smaller values minus the weight of larger ones.</summary>
        public void Centre(ReadOnlySpan<int> weights, long[] centred)
        {
            long total = 0;
            foreach (var weight in weights)
            {
                total += weight;
            }

            long before = 0;
            var start = 0;
            foreach (var end in ends)
            {
                long own = 0;
                foreach (var index in order.AsSpan(start..end))
                {
                    own += weights[index];
                }

                var rank = before - (total - before - own);
                foreach (var index in order.AsSpan(start..end))
                {
                    centred[index] = rank;
                }

                before += own;
                start = end;
            }
        }
    }
}
