namespace LPZero.Coordinator.Ranking;

/// <summary>How many of the architectures that a score puts on top belong there.</summary>
public static class TopPrecision
{
    /// <summary>
    /// The share of the k best by score that are among the k best by truth, k = n/10 rounded up. Where equal values lie on both sides
    /// of the cut, the mean over all orders of equal values, so that ties neither help nor harm.
    /// </summary>
    /// <param name="scores">[n] scores, higher is better.</param>
    /// <param name="truth">[n] ground truth, higher is better.</param>
    /// <returns>From 0 to 1; NaN for no architectures, or where a value is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OfTenth(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth)
    {
        if (scores.Length != truth.Length)
        {
            throw new ArgumentException($"{scores.Length} scores cannot be compared with {truth.Length} truths.", nameof(scores));
        }

        if (scores.IsEmpty || Ranks.ContainsNaN(scores) || Ranks.ContainsNaN(truth))
        {
            return double.NaN;
        }

        // The orders of equal scores and of equal truths are independent, so the two chances of an architecture multiply.
        var count = (scores.Length + 9) / 10;
        var byScore = ChancesOnTop(scores, count);
        var byTruth = ChancesOnTop(truth, count);
        var both = 0.0;
        for (var i = 0; i < byScore.Length; i++)
        {
            both += byScore[i] * byTruth[i];
        }

        return both / count;
    }

    /// <summary>Of each value the chance to be among the largest where equal ones are put in random order.</summary>
    private static double[] ChancesOnTop(ReadOnlySpan<double> values, int count)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var cut = sorted[^count];
        int above = 0, at = 0;
        foreach (var value in values)
        {
            above += value > cut ? 1 : 0;
            at += value == cut ? 1 : 0;
        }

        var chances = new double[values.Length];
        for (var i = 0; i < chances.Length; i++)
        {
            chances[i] = values[i] > cut ? 1 : values[i] == cut ? (double)(count - above) / at : 0;
        }

        return chances;
    }
}
