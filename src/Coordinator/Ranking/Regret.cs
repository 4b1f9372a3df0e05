namespace LPZero.Coordinator.Ranking;

/// <summary>What is lost by training only what a score puts on top.</summary>
public static class Regret
{
    /// <summary>
    /// The best truth of all minus the best truth among the <paramref name="count"/> best by score, in the truth's unit. Where equal scores
    /// lie on both sides of the cut, the mean over all of their orders.
    /// </summary>
    /// <param name="scores">[n] scores, higher is better.</param>
    /// <param name="truth">[n] ground truth, higher is better.</param>
    /// <param name="count">How many are trained, at least 1; all where there are no more.</param>
    /// <returns>0 or more; NaN for no architectures, or where a value is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OfTop(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (scores.Length != truth.Length)
        {
            throw new ArgumentException($"{scores.Length} scores cannot be compared with {truth.Length} truths.", nameof(scores));
        }

        if (scores.IsEmpty || Ranks.ContainsNaN(scores) || Ranks.ContainsNaN(truth))
        {
            return double.NaN;
        }

        var sorted = scores.ToArray();
        Array.Sort(sorted);
        var cut = sorted[^Math.Min(count, sorted.Length)];
        var best = double.NegativeInfinity;
        var trained = double.NegativeInfinity;
        var above = 0;
        var tied = new List<double>();
        for (var i = 0; i < scores.Length; i++)
        {
            best = Math.Max(best, truth[i]);
            if (scores[i] > cut)
            {
                above++;
                trained = Math.Max(trained, truth[i]);
            }
            else if (scores[i] == cut)
            {
                tied.Add(truth[i]);
            }
        }

        return ExpectedLoss(best, tied, Math.Min(count, scores.Length) - above, trained);
    }

    /// <summary>The best of all minus the expected maximum of what is certain and a random part of what is tied.</summary>
    private static double ExpectedLoss(double best, List<double> tied, int drawn, double certain)
    {
        // A mean of losses, not what is left of a mean of truths: the chances add up to 1 but for rounding, and no loss is below 0.
        tied.Sort((a, b) => b.CompareTo(a));
        var expected = 0.0;
        var noneSoFar = 1.0;
        for (var i = 0; i < tied.Count; i++)
        {
            // Of the m drawn of t, the i best are all missed with chance C(t-i, m)/C(t, m); the next is then drawn with chance m/(t-i).
            var next = (double)drawn / (tied.Count - i);
            expected += noneSoFar * next * (best - Math.Max(tied[i], certain));
            noneSoFar *= 1 - next;
            if (next >= 1)
            {
                break;
            }
        }

        return expected;
    }
}
