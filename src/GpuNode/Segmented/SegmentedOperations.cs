using LPZero.GpuNode.Chains;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Segmented;

/// <summary>
/// The unary operations on concatenated tensors, each of them on its own. Elements keep their type (float32); sums, means and standard
/// deviations are taken in double and stay on the device. No operation writes into its argument.
/// </summary>
internal static class SegmentedOperations
{
    /// <summary>The result of an operation that makes tensors of the same shapes; the caller disposes it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="x">Elements, blocks x block size.</param>
    /// <param name="pack">The tensors they belong to.</param>
    /// <exception cref="ArgumentException">The operation makes a number, or has no value.</exception>
    public static Tensor Apply(UnaryOperation operation, Tensor x, SegmentPack pack)
    {
        using var scope = NewDisposeScope();
        var made = operation switch
        {
            UnaryOperation.Normalize => Normalize(x, pack),
            UnaryOperation.MinMax => MinMax(x, pack),
            UnaryOperation.Softmax => ByShape(x, pack, tensors => nn.functional.softmax(tensors, 1)),
            UnaryOperation.LogSoftmax => ByShape(x, pack, tensors => nn.functional.log_softmax(tensors, 1)),
            _ => OpByOpOperations.Apply(operation, x),
        };
        return made.MoveToOuterDisposeScope();
    }

    /// <summary>The sum over each block, in double; the caller disposes it.</summary>
    public static Tensor Sums(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.to(ScalarType.Float64).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Sums over each block from which an operation's number follows; the caller disposes them.</summary>
    /// <param name="operation">An operation that makes a number of a tensor.</param>
    /// <param name="x">Elements, blocks x block size.</param>
    /// <param name="pack">The tensors they belong to.</param>
    /// <exception cref="ArgumentException">The operation makes a tensor, or has no value.</exception>
    public static Tensor SumsFor(UnaryOperation operation, Tensor x, SegmentPack pack)
    {
        using var scope = NewDisposeScope();
        var sums = operation switch
        {
            UnaryOperation.FrobeniusNorm => SquareSums(Wide(x)),
            UnaryOperation.L1Norm => Sums(x.abs()),
            UnaryOperation.NormalizedSum or UnaryOperation.Mean => Sums(x),
            UnaryOperation.Std => SquareSums(Deviations(x, pack).Deviations),
            _ => throw new ArgumentException($"Operation '{operation}' does not make a number of a tensor.", nameof(operation)),
        };
        return sums.MoveToOuterDisposeScope();
    }

    /// <summary>The operation's number for a tensor, from what <see cref="SumsFor"/> gives when its blocks are added up.</summary>
    /// <param name="operation">An operation that makes a number of a tensor.</param>
    /// <param name="sum">The sum over the tensor.</param>
    /// <param name="count">The tensor's number of elements.</param>
    public static double Number(UnaryOperation operation, double sum, long count) => operation switch
    {
        UnaryOperation.FrobeniusNorm => Math.Sqrt(sum),
        UnaryOperation.Std => Math.Sqrt(sum / (count - 1)),
        _ => sum / count,
    };

    private static Tensor Normalize(Tensor x, SegmentPack pack)
    {
        // The mean is subtracted in two parts: rounded to float32 once, it would shift every element by that rounding.
        var (mean, deviations) = Deviations(x, pack);
        var std = pack.StandardDeviation(pack.Sum(SquareSums(deviations)));
        var rounded = mean.to(x.dtype);
        var remainder = (mean - rounded.to(ScalarType.Float64)).to(x.dtype);
        var normalized = x - pack.Spread(rounded);
        normalized.sub_(pack.Spread(remainder)).div_(pack.Spread(std.to(x.dtype)));
        return normalized.masked_fill(normalized.isnan(), KeptScalar.Zero);
    }

    private static Tensor MinMax(Tensor x, SegmentPack pack)
    {
        var minimum = pack.Minimum(x.amin([1]));
        var range = (pack.Maximum(x.amax([1])) - minimum).Plus(ScalarOperations.Epsilon);
        return (x - pack.Spread(minimum)).div_(pack.Spread(range));
    }

    /// <summary>Softmax runs over dimension 0: tensors of one shape are stacked, tensors x rows x columns, for a single call.</summary>
    private static Tensor ByShape(Tensor x, SegmentPack pack, Func<Tensor, Tensor> operation)
    {
        var size = pack.Plan.BlockSize;
        var made = pack.Plan.Runs.Select(run =>
        {
            var tensors = x.narrow(0, run.FirstBlock, run.Tensors * run.Shape.Count / size)
                .view(run.Tensors, run.Shape.Rows, run.Shape.Count / run.Shape.Rows);
            return operation(tensors).view(-1, size);
        }).ToList();
        return made.Count == 1 ? made[0] : cat(made);
    }

    /// <summary>The mean of each tensor, and its elements less that, in double.</summary>
    private static (Tensor Mean, Tensor Deviations) Deviations(Tensor x, SegmentPack pack)
    {
        var wide = Wide(x);
        var mean = pack.Mean(pack.Sum(wide.sum(1)));
        return (mean, wide.sub_(pack.Spread(mean)));
    }

    /// <summary>Sums of squares over each block; the argument holds the squares afterwards.</summary>
    private static Tensor SquareSums(Tensor wide) => wide.mul_(wide).sum(1);

    private static Tensor Wide(Tensor x) => x.to(ScalarType.Float64, copy: true);
}
