namespace LPZero.Coordinator.Tests.Randomness;

/// <summary>Pearson's chi-squared test of equal frequencies.</summary>
internal static class ChiSquared
{
    public static double Statistic(IReadOnlyCollection<int> counts)
    {
        var expected = counts.Average();
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }

    /// <summary>
    /// A bound that true uniformity exceeds about once in a million: mean plus five standard deviations, and some for the tail.
    /// </summary>
    public static double Bound(int degreesOfFreedom) => degreesOfFreedom + (5 * Math.Sqrt(2.0 * degreesOfFreedom)) + 16;
}
