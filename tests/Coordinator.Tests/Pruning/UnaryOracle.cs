using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>
/// The 21 unary operations in double, written from the definitions in <see cref="UnaryOperation"/>, with a bound on the
/// rounding error of every element.
/// </summary>
internal static class UnaryOracle
{
    private const double LogOffset = 1e-9;
    private const double InvertOffset = 1e-9;
    private const double MinMaxOffset = 1e-9;

    /// <summary>The result of a chain; null where the branch is disconnected.</summary>
    public static OracleTensor? Apply(Chain chain, OracleTensor tensor)
    {
        if (chain.Operations.Contains(UnaryOperation.Disconnect))
        {
            return null;
        }

        return chain.Aggregate(tensor, (x, operation) => Apply(operation, x));
    }

    public static OracleTensor Apply(UnaryOperation operation, OracleTensor x) => operation switch
    {
        UnaryOperation.Log => Each(x, e => Log(e, LogOffset)),
        UnaryOperation.AbsLog => Each(x, e => Log(e.Value < 0 ? -e : e, 0)),
        UnaryOperation.Abs => Each(x, Abs),
        UnaryOperation.Square => Each(x, e => Abs(e).Monotone(v => v < 0 ? 0 : v * v)),
        UnaryOperation.Exp => Each(x, e => e.Monotone(Math.Exp)),
        UnaryOperation.Normalize => Normalize(x),
        UnaryOperation.Relu => Each(x, e => e.Monotone(v => v < 0 ? 0 : v)),
        UnaryOperation.Invert => Each(x, Invert),
        UnaryOperation.FrobeniusNorm => Number(x, OracleStatistics.Frobenius(x.Elements)),
        UnaryOperation.NormalizedSum or UnaryOperation.Mean => Number(x, OracleStatistics.Mean(x.Elements)),
        UnaryOperation.L1Norm => Number(x, OracleStatistics.Mean([.. x.Elements.Select(Abs)])),
        UnaryOperation.Softmax => Columns(x, Softmax),
        UnaryOperation.Sigmoid => Each(x, e => e.Monotone(v => 1 / (1 + Math.Exp(-v)))),
        UnaryOperation.LogSoftmax => Columns(x, LogSoftmax),
        UnaryOperation.Sqrt => Each(x, e => e.Monotone(v => v <= 0 ? 0 : Math.Sqrt(v))),
        UnaryOperation.Negate => Each(x, e => -e),
        UnaryOperation.MinMax => x with { Elements = MinMax(x.Elements) },
        UnaryOperation.Std => Number(x, OracleStatistics.Std(x.Elements)),
        UnaryOperation.NoOp => x,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    private static OracleTensor Each(OracleTensor x, Func<Approximate, Approximate> function) =>
        x with { Elements = [.. x.Elements.Select(function)] };

    private static OracleTensor Number(OracleTensor x, Approximate value) => new(1, [value], IsNumber: true, x.MetConstant);

    private static Approximate Abs(Approximate x) => x with { Value = Math.Abs(x.Value) };

    private static Approximate Log(Approximate x, double offset)
    {
        // The jump from ln of a small number to 0 lies at 0: within the error on either side nothing is certain.
        var jumps = x.Value > 0 ? x.Value - x.Error <= 0 : x.Value + x.Error > 0;
        return jumps ? Approximate.Undecided(0) : x.Monotone(v => v <= 0 ? 0 : Math.Log(v + offset));
    }

    private static Approximate Invert(Approximate x)
    {
        var shifted = x + Approximate.Exact(InvertOffset);
        return Math.Abs(shifted.Value) <= shifted.Error ? Approximate.Undecided(0) : shifted.Monotone(v => 1 / v);
    }

    private static OracleTensor Normalize(OracleTensor x)
    {
        var elements = x.Elements;
        var std = OracleStatistics.Std(elements);
        if (std.Value == 0 || double.IsNaN(std.Value))
        {
            var normalized = std.IsUndecided ? Approximate.Undecided(0) : Approximate.Zero;
            return x with { Elements = [.. elements.Select(_ => normalized)], MetConstant = x.MetConstant || elements.Length > 1 };
        }

        if (std.Value <= 16 * std.Error)
        {
            return x with { Elements = [.. elements.Select(_ => Approximate.Undecided(0))] };
        }

        return x with { Elements = [.. OracleStatistics.Deviations(elements).Select(d => Quotient(d, std))] };
    }

    private static Approximate[] MinMax(Approximate[] x)
    {
        if (OracleStatistics.AnyUndecided(x))
        {
            return [.. x.Select(_ => Approximate.Undecided(0))];
        }

        if (x.Any(e => double.IsNaN(e.Value)))
        {
            return [.. x.Select(_ => Approximate.Exact(double.NaN))];
        }

        var least = x.MinBy(e => e.Value);
        var greatest = x.MaxBy(e => e.Value);
        var range = greatest - least + Approximate.Exact(MinMaxOffset);
        if (!least.IsFinite || !greatest.IsFinite)
        {
            return [.. x.Select(e => Approximate.Exact((e.Value - least.Value) / range.Value))];
        }

        return [.. x.Select(e => e.Value == least.Value ? Approximate.Zero : Quotient(e - least, range))];
    }

    /// <summary>A quotient by something positive.</summary>
    private static Approximate Quotient(Approximate x, Approximate y)
    {
        var quotient = x.Value / y.Value;
        return double.IsFinite(x.Value) && double.IsFinite(y.Value) && y.Error < y.Value
            ? Approximate.Rounded(quotient, (x.Error + (Math.Abs(quotient) * y.Error)) / (y.Value - y.Error))
            : Approximate.Undecided(quotient);
    }

    private static OracleTensor Columns(OracleTensor x, Func<Approximate[], Approximate[]> function)
    {
        var columns = x.Elements.Length / x.Rows;
        var result = new Approximate[x.Elements.Length];
        for (var column = 0; column < columns; column++)
        {
            var made = function([.. Enumerable.Range(0, x.Rows).Select(row => x.Elements[(row * columns) + column])]);
            for (var row = 0; row < x.Rows; row++)
            {
                result[(row * columns) + column] = made[row];
            }
        }

        return x with { Elements = result };
    }

    private static Approximate[] Softmax(Approximate[] column)
    {
        if (column.Length == 1)
        {
            return [Alone(column[0], 1)];
        }

        // Relative to the probability, the error is the error of its logarithm.
        return [.. LogSoftmax(column).Select(e => e.Monotone(Math.Exp))];
    }

    private static Approximate[] LogSoftmax(Approximate[] column)
    {
        if (column.Length == 1)
        {
            return [Alone(column[0], 0)];
        }

        var greatest = column.MaxBy(e => e.Value);
        if (column.Any(e => e.IsUndecided))
        {
            return [.. column.Select(_ => Approximate.Undecided(0))];
        }

        if (column.Any(e => double.IsNaN(e.Value)) || !greatest.IsFinite)
        {
            return [.. column.Select(_ => Approximate.Exact(double.NaN))];
        }

        var below = column.Select(e => e.Value == double.NegativeInfinity ? e : e - greatest).ToArray();
        var error = below.Max(e => e.Error);
        var logarithm = Approximate.Rounded(
            Math.Log(below.Sum(e => Math.Exp(e.Value))), error + Approximate.Rounded(1, 0, column.Length).Error);
        return [.. below.Select(e => e.IsFinite ? e - logarithm : e)];
    }

    /// <summary>Softmax or log_softmax of one element, which is a known number unless it is not finite.</summary>
    private static Approximate Alone(Approximate x, double value) =>
        x.IsUndecided ? Approximate.Undecided(value) : Approximate.Exact(x.IsFinite ? value : double.NaN);
}
