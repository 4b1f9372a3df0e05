using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// Exponential and logarithm of eight float32 at a time, within 2 units in the last place, with the values of IEEE 754
/// functions at infinities, NaN, overflow and underflow. The width is always 256 bits, whatever the processor has: wider registers
/// would change the order of summation and so the last bits of a result.
/// </summary>
/// <remarks>
/// Range reduction and polynomial coefficients are those of the Cephes library's expf and logf (S. Moshier).
/// </remarks>
internal static class VectorMath
{
    private const float LogOf2High = 0.693359375f;
    private const float LogOf2Low = -2.12194440e-4f;
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>e to the power of each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // Outside of these bounds the result is infinity or zero. A NaN passes: the native minimum and maximum return
        // their second operand where one is NaN.
        x = Vector256.MaxNative(Vector256.Create(-104f), Vector256.MinNative(Vector256.Create(89f), x));

        // Adding 1.5 * 2^23 rounds to an integer, which is then found in the low bits.
        var magic = Vector256.Create(12582912f);
        var shifted = Vector256.MultiplyAddEstimate(x, Vector256.Create(1.44269504f), magic);
        var power = shifted.AsInt32() - magic.AsInt32();
        var multiple = shifted - magic;
        var r = Vector256.MultiplyAddEstimate(multiple, Vector256.Create(-LogOf2High), x);
        r = Vector256.MultiplyAddEstimate(multiple, Vector256.Create(-LogOf2Low), r);

        var p = Vector256.MultiplyAddEstimate(Vector256.Create(1.9875691500e-4f), r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.MultiplyAddEstimate(p, r * r, r) + Vector256<float>.One;

        // In two steps, so that powers beyond the range of normal numbers overflow or become subnormal as they should.
        var half = power >> 1;
        var bias = Vector256.Create(127);
        var first = ((half + bias) << 23).AsSingle();
        var second = ((power - half + bias) << 23).AsSingle();
        return p * first * second;
    }

    /// <summary>The natural logarithm of each element, which is not negative; zero, infinity and NaN are returned as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LogOrSame(Vector256<float> x)
    {
        var subnormal = Vector256.LessThan(x, Vector256.Create(SmallestNormal));
        var scaled = Vector256.ConditionalSelect(subnormal, x * Vector256.Create(8388608f), x);

        // Split into 2^exponent and a mantissa in [sqrt(1/2), sqrt(2)).
        var bits = scaled.AsInt32();
        var exponent = (bits - Vector256.Create(0x3f3504f3)) >> 23;
        var f = (bits - (exponent << 23)).AsSingle() - Vector256<float>.One;
        var e = Vector256.ConvertToSingle(exponent) - (subnormal & Vector256.Create(23f));

        var p = Vector256.MultiplyAddEstimate(Vector256.Create(7.0376836292e-2f), f, Vector256.Create(-1.1514610310e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(1.1676998740e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(-1.2420140846e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(1.4249322787e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(-1.6668057665e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(2.0000714765e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(-2.4999993993e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(3.3333331174e-1f));

        var square = f * f;
        var tail = Vector256.MultiplyAddEstimate(e, Vector256.Create(LogOf2Low), p * f * square);
        tail = Vector256.MultiplyAddEstimate(square, Vector256.Create(-0.5f), tail);
        var logarithm = Vector256.MultiplyAddEstimate(e, Vector256.Create(LogOf2High), f + tail);

        var ordinary = Vector256.GreaterThan(x, Vector256<float>.Zero) & Vector256.LessThan(x, Vector256.Create(float.PositiveInfinity));
        return Vector256.ConditionalSelect(ordinary, logarithm, x);
    }
}
