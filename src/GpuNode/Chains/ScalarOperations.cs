using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Chains;

/// <summary>The unary operations on a single number, in double: what becomes of a tensor of no dimensions.</summary>
public static class ScalarOperations
{
    /// <summary>Added to a divisor, and to the argument of log, as in the published operators.</summary>
    public const double Epsilon = 1e-9;

    /// <summary>The operation's result on one number.</summary>
    /// <exception cref="ArgumentException">The operation is <see cref="UnaryOperation.Disconnect"/>.</exception>
    public static double Apply(UnaryOperation operation, double x) => operation switch
    {
        UnaryOperation.Log => x <= 0 ? 0 : Math.Log(x + Epsilon),
        UnaryOperation.AbsLog => x == 0 ? 0 : Math.Log(Math.Abs(x)),
        UnaryOperation.Abs or UnaryOperation.L1Norm or UnaryOperation.FrobeniusNorm => Math.Abs(x),
        UnaryOperation.Square => x * x,
        UnaryOperation.Exp => Math.Exp(x),

        // One element has no standard deviation, and a NaN after normalising becomes 0.
        UnaryOperation.Normalize => 0,
        UnaryOperation.Relu => x < 0 ? 0 : x,
        UnaryOperation.Invert => 1 / (x + Epsilon),

        // Not a constant: of infinities the softmax is NaN.
        UnaryOperation.Softmax => Math.Exp(x - x),
        UnaryOperation.LogSoftmax => x - x,
        UnaryOperation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryOperation.Sqrt => x <= 0 ? 0 : Math.Sqrt(x),
        UnaryOperation.Negate => -x,
        UnaryOperation.MinMax => (x - x) / (x - x + Epsilon),
        UnaryOperation.Std => double.NaN,
        UnaryOperation.NormalizedSum or UnaryOperation.Mean or UnaryOperation.NoOp => x,
        _ => throw new ArgumentException($"Operation '{operation}' has no value.", nameof(operation)),
    };
}
