namespace LPZero.Coordinator.Ranking;

/// <summary>A confidence interval; both ends NaN where it cannot be had.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>The middle 95% of a bootstrap distribution: Efron's percentile interval.</summary>
    /// <param name="distribution">One value for each resample; NaN values (a resample without an order) are left out.</param>
    public static ConfidenceInterval Percentile95(IEnumerable<double> distribution)
    {
        double[] sorted = [.. distribution.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0
            ? new ConfidenceInterval(double.NaN, double.NaN)
            : new ConfidenceInterval(Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996).</summary>
    private static double Quantile(double[] sorted, double probability)
    {
        var position = probability * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
