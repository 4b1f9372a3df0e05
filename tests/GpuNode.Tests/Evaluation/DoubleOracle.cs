using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>A tensor in double, or a number (0 rows).</summary>
public sealed record OracleValue(double[] Elements, int Rows)
{
    /// <summary>Of equal elements exactly their value: a rounding there would be all that a standard deviation sees.</summary>
    public double Mean => Elements.All(e => e.Equals(Elements[0])) ? Elements[0] : Elements.Sum() / Elements.Length;

    public double MeanAbsolute => Elements.Sum(Math.Abs) / Elements.Length;

    public static OracleValue Of(IReadOnlyList<float> elements, IReadOnlyList<long> shape) =>
        new([.. elements.Select(e => (double)e)], shape.Count == 0 ? 0 : (int)shape[0]);
}

/// <summary>
/// The unary operations in double throughout, written plainly on arrays: what the evaluators are compared with, and the
/// truth where float32 values are noise.
/// </summary>
public static class DoubleOracle
{
    public static OracleValue Apply(IEnumerable<UnaryOperation> chain, OracleValue input) =>
        chain.Aggregate(input, (value, operation) => Apply(operation, value));

    /// <summary>
    /// Whether somewhere in the chain nearly equal elements are normalized: the digits that tell them apart are few in double too.
    /// </summary>
    public static bool NormalizesNoise(IReadOnlyList<UnaryOperation> chain, OracleValue input) =>
        chain.Index().Any(step => step.Item == UnaryOperation.Normalize
            && Apply(chain.Take(step.Index), input) is var value && Std(value) <= 1e-5 * value.MeanAbsolute);

    public static OracleValue Apply(UnaryOperation operation, OracleValue value)
    {
        var x = value.Elements;
        var (mean, std) = operation == UnaryOperation.Normalize ? (value.Mean, Std(value)) : default;
        return operation switch
        {
            UnaryOperation.FrobeniusNorm => Number(Math.Sqrt(x.Sum(e => e * e))),
            UnaryOperation.NormalizedSum or UnaryOperation.Mean => Number(value.Mean),
            UnaryOperation.L1Norm => Number(value.MeanAbsolute),
            UnaryOperation.Std => Number(Std(value)),
            UnaryOperation.Normalize => Each(e => Zero((e - mean) / std)),
            UnaryOperation.MinMax => MinMax(),
            UnaryOperation.Softmax => Columns((e, maximum, sum) => Math.Exp(e - maximum) / sum),
            UnaryOperation.LogSoftmax => Columns((e, maximum, sum) => e - maximum - Math.Log(sum)),
            UnaryOperation.Log => Each(e => e <= 0 ? 0 : Math.Log(e + 1e-9)),
            UnaryOperation.AbsLog => Each(e => e == 0 ? 0 : Math.Log(Math.Abs(e))),
            UnaryOperation.Abs => Each(Math.Abs),
            UnaryOperation.Square => Each(e => e * e),
            UnaryOperation.Exp => Each(Math.Exp),
            UnaryOperation.Relu => Each(e => e < 0 ? 0 : e),
            UnaryOperation.Invert => Each(e => 1 / (e + 1e-9)),
            UnaryOperation.Sigmoid => Each(e => 1 / (1 + Math.Exp(-e))),
            UnaryOperation.Sqrt => Each(e => e <= 0 ? 0 : Math.Sqrt(e)),
            UnaryOperation.Negate => Each(e => -e),
            UnaryOperation.NoOp => value,
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
        };

        OracleValue MinMax()
        {
            var (minimum, maximum) = (Minimum(x), Maximum(x));
            return Each(e => (e - minimum) / (maximum - minimum + 1e-9));
        }

        OracleValue Each(Func<double, double> function) => value with { Elements = [.. x.Select(function)] };

        // Dimension 0 runs down a column; a number is a column of its own.
        OracleValue Columns(Func<double, double, double, double> function)
        {
            var width = x.Length / Math.Max(value.Rows, 1);
            var columns = Enumerable.Range(0, width).Select(c => x.Where((_, i) => i % width == c).ToArray());
            var statistics = columns.Select(column => (Maximum: Maximum(column), column))
                .Select(c => (c.Maximum, Sum: c.column.Sum(e => Math.Exp(e - c.Maximum)))).ToList();
            return value with { Elements = [.. x.Select((e, i) => function(e, statistics[i % width].Maximum, statistics[i % width].Sum))] };
        }
    }

    private static OracleValue Number(double x) => new([x], 0);

    private static double Zero(double x) => double.IsNaN(x) ? 0 : x;

    private static double Std(OracleValue value)
    {
        var mean = value.Mean;
        return Math.Sqrt(value.Elements.Sum(e => (e - mean) * (e - mean)) / (value.Elements.Length - 1));
    }

    private static double Minimum(double[] x) => x.Aggregate(Math.Min);

    private static double Maximum(double[] x) => x.Aggregate(Math.Max);
}
