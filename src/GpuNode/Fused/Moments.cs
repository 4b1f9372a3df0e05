namespace LPZero.GpuNode.Fused;

/// <summary>What a pass adds up of one tensor, in double.</summary>
/// <remarks>
/// Squares are taken of deviations from <see cref="Origin"/>, one of the tensor's own elements: the squared distance of an element
/// from the mean is at most n times the variance, so the subtraction that leaves the variance loses at most a factor of n
/// of double's precision, and a constant tensor has a variance of exactly 0.
/// </remarks>
internal struct Moments
{
    /// <summary>From where deviations are counted.</summary>
    public double Origin;

    /// <summary>The sum of x - origin.</summary>
    public double SumOfDeviations;

    /// <summary>The sum of (x - origin)².</summary>
    public double SumOfSquaredDeviations;

    /// <summary>The sum of max(x, 0); NaN if any element is.</summary>
    public double SumOfPositives;

    /// <summary>The least element, if none is NaN.</summary>
    public float Minimum;

    /// <summary>The largest element, if none is NaN.</summary>
    public float Maximum;

    /// <summary>Nothing added yet.</summary>
    public static Moments From(float firstElement) => new()
    {
        Origin = float.IsFinite(firstElement) ? firstElement : 0,
        Minimum = float.PositiveInfinity,
        Maximum = float.NegativeInfinity,
    };
}

/// <summary>The statistics of one tensor, in double.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="MeanOfAbsolutes">The mean of |x|.</param>
/// <param name="MeanOfPositives">The mean of max(x, 0).</param>
/// <param name="SumOfSquares">The sum of x².</param>
/// <param name="StandardDeviation">The unbiased standard deviation; NaN for one element.</param>
/// <param name="Minimum">The least element; NaN if any is.</param>
/// <param name="Maximum">The largest element; NaN if any is.</param>
internal readonly record struct Statistics(
    double Mean, double MeanOfAbsolutes, double MeanOfPositives, double SumOfSquares, double StandardDeviation, float Minimum,
    float Maximum)
{
    /// <summary>The statistics of <paramref name="count"/> elements that were added up.</summary>
    public static Statistics Of(in Moments moments, long count)
    {
        double n = count;
        var positives = moments.SumOfPositives;
        if (double.IsNaN(positives))
        {
            return new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, float.NaN, float.NaN);
        }

        var negative = float.IsNegativeInfinity(moments.Minimum);
        var positive = float.IsPositiveInfinity(moments.Maximum);
        if (negative || positive)
        {
            var mean = negative && positive ? double.NaN : positive ? double.PositiveInfinity : double.NegativeInfinity;
            return new(mean, double.PositiveInfinity, positives / n, double.PositiveInfinity, double.NaN, moments.Minimum, moments.Maximum);
        }

        var deviation = moments.SumOfDeviations / n;
        var sum = moments.SumOfDeviations + (n * moments.Origin);
        var absolutes = moments.Minimum >= 0 ? sum : moments.Maximum <= 0 ? -sum : (2 * positives) - sum;
        var variance = Math.Max(0, moments.SumOfSquaredDeviations - (deviation * moments.SumOfDeviations)) / (n - 1);
        var squares = moments.SumOfSquaredDeviations + (moments.Origin * ((2 * moments.SumOfDeviations) + (n * moments.Origin)));
        return new(
            moments.Origin + deviation, absolutes / n, positives / n, Math.Max(0, squares),
            count == 1 ? double.NaN : Math.Sqrt(variance), moments.Minimum, moments.Maximum);
    }
}
