// The one place that makes Scalars: it keeps each until the operation has returned.
#pragma warning disable RS0030

namespace LPZero.GpuNode;

/// <summary>
/// Tensor operations with a number that stays alive until they return. TorchSharp's Scalar owns native memory that its finalizer frees,
/// and a number that it makes of a literal, or of the 1 in front of an added tensor, may be collected while libtorch still reads it: the
/// operation then fails or, worse, uses another number.
/// </summary>
internal static class KeptScalar
{
    /// <summary>0, for masks.</summary>
    public static readonly Scalar Zero = 0;

    private static readonly Scalar One = 1;

    /// <summary>The sum of two tensors, broadcast to one shape.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Each element plus a number.</summary>
    public static Tensor Plus(this Tensor left, double right) => left.Minus(-right);

    /// <summary>Each element minus a number.</summary>
    public static Tensor Minus(this Tensor left, double right) => Use(right, number => left.sub(number));

    /// <summary>Each element divided by a number.</summary>
    public static Tensor Over(this Tensor left, double right) => Use(right, number => left.div(number));

    /// <summary>Each element times itself: TorchSharp's square is a power with a literal 2.</summary>
    public static Tensor Squared(this Tensor x) => x.mul(x);

    /// <summary>What an operation makes of a number.</summary>
    public static Tensor Use(double value, Func<Scalar, Tensor> operation)
    {
        Scalar number = value;
        var result = operation(number);
        GC.KeepAlive(number);
        return result;
    }
}
