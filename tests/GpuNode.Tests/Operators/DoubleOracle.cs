using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Operators;

/// <summary>A tensor in double, or a number (0 rows).</summary>
public sealed record OracleValue(double[] Elements, int Rows)
{
    public double Mean => Elements.Sum() / Elements.Length;

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

    public static OracleValue Apply(UnaryOperation operation, OracleValue value)
    {
        var x = value.Elements;
        return operation switch
        {
            UnaryOperation.FrobeniusNorm => Number(Math.Sqrt(x.Sum(e => e * e))),
            UnaryOperation.NormalizedSum or UnaryOperation.Mean => Number(value.Mean),
            UnaryOperation.L1Norm => Number(value.MeanAbsolute),
            UnaryOperation.Std => Number(Std(x)),
            UnaryOperation.Normalize => Each(e => Zero((e - value.Mean) / Std(x))),
            UnaryOperation.MinMax => Each(e => (e - Minimum(x)) / (Maximum(x) - Minimum(x) + 1e-9)),
            UnaryOperation.Softmax => Columns((column, e) => Math.Exp(e - Maximum(column)) / column.Sum(c => Math.Exp(c - Maximum(column)))),
            UnaryOperation.LogSoftmax => Columns((column, e) => e - Maximum(column) - Math.Log(column.Sum(c => Math.Exp(c - Maximum(column))))),
            UnaryOperation.Log => Each(e => e <= 0 ? 0 : Math.Log(e)),
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

        OracleValue Each(Func<double, double> function) => value with { Elements = [.. x.Select(function)] };

        // Dimension 0 runs down a column; a number is a column of its own.
        OracleValue Columns(Func<double[], double, double> function)
        {
            var width = x.Length / Math.Max(value.Rows, 1);
            var columns = Enumerable.Range(0, width).Select(c => x.Where((_, i) => i % width == c).ToArray()).ToList();
            return value with { Elements = [.. x.Select((e, i) => function(columns[i % width], e))] };
        }
    }

    private static OracleValue Number(double x) => new([x], 0);

    private static double Zero(double x) => double.IsNaN(x) ? 0 : x;

    private static double Std(double[] x)
    {
        var mean = x.Sum() / x.Length;
        return Math.Sqrt(x.Sum(e => (e - mean) * (e - mean)) / (x.Length - 1));
    }

    private static double Minimum(double[] x) => x.Aggregate(Math.Min);

    private static double Maximum(double[] x) => x.Aggregate(Math.Max);
}
