using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// Exponential and logarithm of eight float32 at a time, within 2 units in the last place, with the values of IEEE 754
/// functions at infinities, NaN, overflow and underflow. The width is always 256 bits, whatever the processor has: wider registers
/// would change the order of summation and so the last bits of a result.
/// </summary>
/// <remarks>
/// Ranges are reduced as in the Cephes library's expf and logf (S. Moshier); the polynomials are fitted for the least maximum
/// relative error: (exp(r) - 1 - r) / r² for |r| up to log(2) / 2 to 4e-9, and (log(1 + f) - f + f² / 2) / f³ for 1 + f from sqrt(1/2) to
/// sqrt(2) to 4e-8, relative to the function. For ordinary arguments both forms of a function give the same bits.
/// </remarks>
internal static class VectorMath
{
    /// <summary>Up to this absolute value e to the power of an argument is a normal number.</summary>
    public const float OrdinaryExponent = 87;

    private const float LogOf2High = 0.693359375f;
    private const float LogOf2Low = -2.12194440e-4f;
    private const float SmallestNormal = 1.17549435e-38f;

    // Adding 1.5 * 2^23 rounds to an integer, which is then found in the low bits.
    private const float Rounding = 12582912f;

    /// <summary>e to the power of each element, none of which is NaN or beyond <see cref="OrdinaryExponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ExpOfOrdinary(Vector256<float> x)
    {
        var (mantissa, shifted) = ExpParts(x);

        // The power of two goes straight into the exponent's bits.
        return (mantissa.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
    }

    /// <summary>e to the power of each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // Outside of these bounds the result is infinity or zero. A NaN passes: the native minimum and maximum return
        // their second operand where one is NaN.
        var (mantissa, shifted) = ExpParts(Vector256.MaxNative(Vector256.Create(-104f), Vector256.MinNative(Vector256.Create(89f), x)));

        // In two steps, so that powers beyond the range of normal numbers overflow or become subnormal as they should.
        var power = shifted.AsInt32() - Vector256.Create(Rounding).AsInt32();
        var half = power >> 1;
        var bias = Vector256.Create(127);
        var first = ((half + bias) << 23).AsSingle();
        var second = ((power - half + bias) << 23).AsSingle();
        return mantissa * first * second;
    }

    /// <summary>
    /// The natural logarithm of each element, which is a positive normal number; of zero any finite number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LogOfOrdinary(Vector256<float> x) => LogOfNormal(x, Vector256<float>.Zero);

    /// <summary>The natural logarithm of each element, which is not negative; zero, infinity and NaN are returned as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LogOrSame(Vector256<float> x)
    {
        var subnormal = Vector256.LessThan(x, Vector256.Create(SmallestNormal));
        var scaled = Vector256.ConditionalSelect(subnormal, x * Vector256.Create(8388608f), x);
        var logarithm = LogOfNormal(scaled, subnormal & Vector256.Create(23f));
        var ordinary = Vector256.GreaterThan(x, Vector256<float>.Zero) & Vector256.LessThan(x, Vector256.Create(float.PositiveInfinity));
        return Vector256.ConditionalSelect(ordinary, logarithm, x);
    }

    /// <summary>e to the power of x as a mantissa near 1 and the rounded power of 2, which is still shifted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Mantissa, Vector256<float> Shifted) ExpParts(Vector256<float> x)
    {
        var rounding = Vector256.Create(Rounding);
        var shifted = Vector256.MultiplyAddEstimate(x, Vector256.Create(1.44269504f), rounding);
        var power = shifted - rounding;
        var r = Vector256.MultiplyAddEstimate(power, Vector256.Create(-LogOf2High), x);
        r = Vector256.MultiplyAddEstimate(power, Vector256.Create(-LogOf2Low), r);

        // By Estrin's scheme: the chain of dependent steps, not their number, is what takes time.
        var r2 = r * r;
        var high = Vector256.MultiplyAddEstimate(Vector256.Create(0.0083687808f), r, Vector256.Create(0.041668393f));
        var low = Vector256.MultiplyAddEstimate(Vector256.Create(0.16666520f), r, Vector256.Create(0.49999994f));
        high = Vector256.MultiplyAddEstimate(Vector256.Create(0.0013814467f), r2, high);
        var p = Vector256.MultiplyAddEstimate(high, r2, low);
        return (Vector256.MultiplyAddEstimate(p, r2, r + Vector256<float>.One), shifted);
    }

    /// <summary>The natural logarithm of x over 2 to the power of <paramref name="scale"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LogOfNormal(Vector256<float> x, Vector256<float> scale)
    {
        // Split into 2^exponent and a mantissa in [sqrt(1/2), sqrt(2)).
        var bits = x.AsInt32();
        var exponent = (bits - Vector256.Create(0x3f3504f3)) >> 23;
        var f = (bits - (exponent << 23)).AsSingle() - Vector256<float>.One;
        var e = Vector256.ConvertToSingle(exponent) - scale;

        var f2 = f * f;
        var a = Vector256.MultiplyAddEstimate(Vector256.Create(-0.25001338f), f, Vector256.Create(0.33333910f));
        var b = Vector256.MultiplyAddEstimate(Vector256.Create(-0.16577584f), f, Vector256.Create(0.19963063f));
        var c = Vector256.MultiplyAddEstimate(Vector256.Create(-0.14267494f), f, Vector256.Create(0.14914770f));
        a = Vector256.MultiplyAddEstimate(b, f2, a);
        c = Vector256.MultiplyAddEstimate(Vector256.Create(0.08700435f), f2, c);
        var p = Vector256.MultiplyAddEstimate(c, f2 * f2, a);

        // What does not wait for the polynomial is added up beside it.
        var large = Vector256.MultiplyAddEstimate(e, Vector256.Create(LogOf2High), f);
        var small = Vector256.MultiplyAddEstimate(e, Vector256.Create(LogOf2Low), f2 * Vector256.Create(-0.5f));
        return large + Vector256.MultiplyAddEstimate(p, f2 * f, small);
    }
}
