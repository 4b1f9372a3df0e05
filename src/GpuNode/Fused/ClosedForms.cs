using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Fused;

/// <summary>What follows from the statistics of a tensor without another look at its elements.</summary>
internal static class ClosedForms
{
    // Below this the squares of float32 may be subnormal or zero, and their mean is not the mean of the exact squares.
    private const double LeastMeanSquare = 1e-30;

    // Above this a mean minus a mean of logarithms, both as large, may keep too little of a log_softmax that is small.
    private const float LargestForLogSoftmax = 2e9f;

    /// <summary>The divisor of min_max in float32.</summary>
    public static float Range(in Statistics x) => x.Maximum - x.Minimum + 1e-9f;

    /// <summary>
    /// A mean as float32 and what that rounding leaves: subtracted in two parts, so that the rounding does not shift every
    /// normalized element by the same amount.
    /// </summary>
    public static (float Rounded, float Remainder) Split(double mean) => ((float)mean, (float)(mean - (float)mean));

    /// <summary>The number to which an operation reduces the tensor.</summary>
    public static double Scalar(UnaryOperation operation, in Statistics x) => operation switch
    {
        UnaryOperation.FrobeniusNorm => Math.Sqrt(x.SumOfSquares),
        UnaryOperation.NormalizedSum or UnaryOperation.Mean => x.Mean,
        UnaryOperation.L1Norm => x.MeanOfAbsolutes,
        UnaryOperation.Std => x.StandardDeviation,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "does not give a number"),
    };

    /// <summary>The mean of an element operation's result; nothing where the elements have to be looked at.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="x">The statistics of the operation's argument.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="rows">The size of dimension 0.</param>
    /// <param name="logarithmsOfColumns">For log_softmax: the sum over the columns of log(sum(exp(x))).</param>
    public static double? Mean(UnaryOperation operation, in Statistics x, long count, int rows, double logarithmsOfColumns)
    {
        switch (operation)
        {
            case UnaryOperation.Abs:
                return x.MeanOfAbsolutes;
            case UnaryOperation.Relu:
                return x.MeanOfPositives;
            case UnaryOperation.Negate:
                return -x.Mean;
            case UnaryOperation.Square:
                return MeanSquare(x, count);
            case UnaryOperation.Normalize:
                return MeanNormalized(x);
            case UnaryOperation.MinMax:
                // An infinite range is met by the largest element as infinity over infinity.
                return float.IsFinite(Range(x)) ? (x.Mean - x.Minimum) / Range(x) : double.NaN;
            case UnaryOperation.Softmax:
                // A column's softmax adds up to 1, unless it holds a NaN, a positive infinity, or nothing but negative ones.
                return float.IsNaN(x.Minimum) || float.IsPositiveInfinity(x.Maximum) ? double.NaN
                    : float.IsNegativeInfinity(x.Minimum) ? null
                    : 1.0 / rows;
            case UnaryOperation.LogSoftmax:
                return float.IsNaN(x.Minimum) || float.IsPositiveInfinity(x.Maximum) ? double.NaN
                    : Math.Max(x.Maximum, -x.Minimum) <= LargestForLogSoftmax ? x.Mean - (logarithmsOfColumns * rows / count)
                    : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "has no closed form");
        }
    }

    private static double? MeanSquare(in Statistics x, long count)
    {
        var largest = Math.Max(Math.Abs(x.Minimum), Math.Abs(x.Maximum));
        if (!float.IsFinite(largest * largest))
        {
            return largest * largest;
        }

        var mean = x.SumOfSquares / count;
        return mean >= LeastMeanSquare || largest == 0 ? mean : null;
    }

    private static double? MeanNormalized(in Statistics x)
    {
        var deviation = (float)x.StandardDeviation;
        if (float.IsNaN(deviation) || x.Minimum == x.Maximum)
        {
            return 0;
        }

        // What is left of the mean after both of its parts are subtracted.
        var (rounded, remainder) = Split(x.Mean);
        return deviation > 0 && float.IsFinite(x.Maximum - x.Minimum) ? (x.Mean - rounded - remainder) / deviation : null;
    }
}
