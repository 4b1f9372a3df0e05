using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Chains;

/// <summary>
/// The unary operations on tensors, one library call after another. Elements keep the tensor's type (float32); sums, means
/// and standard deviations are taken in double over the elements. No operation writes into its argument.
/// </summary>
public static class OpByOpOperations
{
    /// <summary>Bytes that an operation needs at most beside its argument, as a multiple of it: normalize makes four and a mask.</summary>
    public const int WorkingFactor = 5;

    /// <summary>
    /// Raised with every change of bits on CUDA alone; one on the CPU, too, raises the evaluators' own versions. Since 2, normalize divides
    /// by the deviation, where 1 multiplied with its reciprocal.
    /// </summary>
    public const string VersionOnCuda = "2";

    /// <summary>The result of an operation that makes a tensor of the same shape; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">The operation makes a number, or has no value.</exception>
    public static Tensor Apply(UnaryOperation operation, Tensor x)
    {
        using var scope = NewDisposeScope();
        return Make(operation, x).MoveToOuterDisposeScope();
    }

    /// <summary>The result of an operation that makes a number.</summary>
    /// <exception cref="ArgumentException">The operation makes a tensor, or has no value.</exception>
    public static double Reduce(UnaryOperation operation, Tensor x)
    {
        using var scope = NewDisposeScope();
        return operation switch
        {
            UnaryOperation.FrobeniusNorm => Math.Sqrt(x.to(ScalarType.Float64).Squared().sum().item<double>()),
            UnaryOperation.L1Norm => Mean(x.abs()),
            UnaryOperation.NormalizedSum or UnaryOperation.Mean => Mean(x),
            UnaryOperation.Std => MeanAndStd(x).Std,
            _ => throw new ArgumentException($"Operation '{operation}' does not make a number of a tensor.", nameof(operation)),
        };
    }

    /// <summary>The mean of the elements, in double.</summary>
    public static double Mean(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.sum(ScalarType.Float64).item<double>() / x.numel();
    }

    /// <summary>The number that a tensor of no dimensions holds.</summary>
    public static double Number(Tensor x)
    {
        using var number = x.to(ScalarType.Float64, copy: true);
        return number.item<double>();
    }

    private static Tensor Make(UnaryOperation operation, Tensor x) => operation switch
    {
        // Masks are of what is to become 0, so that NaN, which no comparison holds for, stays NaN.
        UnaryOperation.Log => x.Plus(ScalarOperations.Epsilon).log().masked_fill(x.le(KeptScalar.Zero), KeptScalar.Zero),
        UnaryOperation.AbsLog => x.abs().log().masked_fill(x.eq(KeptScalar.Zero), KeptScalar.Zero),
        UnaryOperation.Sqrt => x.sqrt().masked_fill(x.le(KeptScalar.Zero), KeptScalar.Zero),
        UnaryOperation.Abs => x.abs(),
        UnaryOperation.Square => x.Squared(),
        UnaryOperation.Exp => x.exp(),
        UnaryOperation.Normalize => Normalize(x),
        UnaryOperation.Relu => x.relu(),
        UnaryOperation.Invert => x.Plus(ScalarOperations.Epsilon).reciprocal(),
        UnaryOperation.Softmax => nn.functional.softmax(x, 0),
        UnaryOperation.LogSoftmax => nn.functional.log_softmax(x, 0),
        UnaryOperation.Sigmoid => x.sigmoid(),
        UnaryOperation.Negate => x.neg(),
        UnaryOperation.MinMax => MinMax(x),
        UnaryOperation.NoOp => x.clone(),
        _ => throw new ArgumentException($"Operation '{operation}' does not make a tensor.", nameof(operation)),
    };

    private static Tensor Normalize(Tensor x)
    {
        // The mean is subtracted in two parts: rounded to float32 once, it would shift every element by that rounding.
        var (mean, std) = MeanAndStd(x);
        var rounded = (double)(float)mean;

        // By a number CUDA multiplies with its reciprocal, which is infinite where the deviation is subnormal; by a tensor it divides.
        var normalized = x.Minus(rounded).Minus(mean - rounded).div(tensor(std, dtype: x.dtype, device: x.device));
        return normalized.masked_fill(normalized.isnan(), KeptScalar.Zero);
    }

    private static Tensor MinMax(Tensor x)
    {
        var minimum = x.min();
        return (x - minimum) / (x.max() - minimum).Plus(ScalarOperations.Epsilon);
    }

    private static (double Mean, double Std) MeanAndStd(Tensor x)
    {
        using var scope = NewDisposeScope();
        var elements = x.to(ScalarType.Float64);
        var count = x.numel();
        return (elements.sum().item<double>() / count, count == 1 ? double.NaN : elements.std().item<double>());
    }
}
