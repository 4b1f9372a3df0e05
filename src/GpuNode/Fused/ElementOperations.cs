using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// A unary operation that needs nothing but the element itself, in float32. The definitions are those of
/// <see cref="Messages.Proxies.UnaryOperation"/>. The native minimum and maximum return their second operand where one is NaN,
/// so the element comes second wherever NaN has to pass.
/// </summary>
internal interface IElementOperation
{
    /// <summary>The operation on eight elements.</summary>
    static abstract Vector256<float> Apply(Vector256<float> x);
}

internal readonly struct SameElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => x;
}

/// <summary>What log takes the logarithm of: the element, or 0 where it is negative, plus 1e-9 as published.</summary>
internal static class LogArgument
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x) => Vector256.MaxNative(Vector256<float>.Zero, x) + Vector256.Create(1e-9f);
}

internal readonly struct LogElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) =>
        Vector256.AndNot(VectorMath.LogOrSame(LogArgument.Of(x)), Vector256.LessThanOrEqual(x, Vector256<float>.Zero));
}

internal readonly struct AbsLogElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => VectorMath.LogOrSame(Vector256.Abs(x));
}

/// <summary>log where every element of the tile is known to be a normal number or zero.</summary>
internal readonly struct OrdinaryLogElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) =>
        Vector256.AndNot(VectorMath.LogOfOrdinary(LogArgument.Of(x)), Vector256.LessThanOrEqual(x, Vector256<float>.Zero));
}

/// <summary>abs_log where every element of the tile is known to be a normal number or zero.</summary>
internal readonly struct OrdinaryAbsLogElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) =>
        Vector256.AndNot(VectorMath.LogOfOrdinary(Vector256.Abs(x)), Vector256.Equals(x, Vector256<float>.Zero));
}

internal readonly struct AbsElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => Vector256.Abs(x);
}

internal readonly struct SquareElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => x * x;
}

internal readonly struct ExpElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => VectorMath.Exp(x);
}

/// <summary>exp where every element of the tile is known to be ordinary.</summary>
internal readonly struct OrdinaryExpElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => VectorMath.ExpOfOrdinary(x);
}

internal readonly struct ReluElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => Vector256.MaxNative(Vector256<float>.Zero, x);
}

internal readonly struct InvertElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => Vector256<float>.One / (x + Vector256.Create(1e-9f));
}

/// <summary>The sigmoid from e to the power of the element, which a tile already holds.</summary>
internal readonly struct SigmoidOfExp : IElementOperation
{
    // One over the largest float32.
    private const float LeastInverse = 2.938736e-39f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> exp)
    {
        // Above 1e30 the quotient is 1 anyway, and infinity over infinity is avoided. Where e to the power of the negated element is
        // infinite in float32 the published operator, which divides by that, gives 0.
        var bounded = Vector256.MinNative(Vector256.Create(1e30f), exp);
        return Vector256.AndNot(bounded / (Vector256<float>.One + bounded), Vector256.LessThan(exp, Vector256.Create(LeastInverse)));
    }
}

internal readonly struct SqrtElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => Vector256.Sqrt(Vector256.MaxNative(Vector256<float>.Zero, x));
}

internal readonly struct NegateElement : IElementOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> x) => -x;
}
