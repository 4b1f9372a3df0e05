namespace LPZero.Coordinator.Ablation;

/// <summary>What several seeds gave.</summary>
/// <param name="Mean">Their mean; NaN where one is NaN, or there are none.</param>
/// <param name="Deviation">Their sample standard deviation; NaN for fewer than two.</param>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
public readonly record struct Spread(double Mean, double Deviation, double Lowest, double Highest)
{
    /// <summary>The spread of some values.</summary>
    public static Spread Of(params IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return new Spread(double.NaN, double.NaN, double.NaN, double.NaN);
        }

        // Equal values have no spread, and their sum may be rounded.
        var mean = values.Distinct().Count() == 1 ? values.First() : values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new Spread(
            mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1)) : double.NaN, values.Min(), values.Max());
    }
}
