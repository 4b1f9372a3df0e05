using System.Runtime.Intrinsics;
using LPZero.GpuNode.Fused;

namespace LPZero.GpuNode.Tests.Fused;

public sealed class VectorMathTests
{
    [Fact]
    public void Exponentials_are_within_two_units_in_the_last_place()
    {
        for (var x = -104f; x < 89f; x += 0.0137f)
        {
            var exact = Math.Exp(x);
            var value = VectorMath.Exp(Vector256.Create(x))[3];
            Assert.True(Math.Abs(value - exact) <= 2 * Unit((float)exact) || value == (float)exact, $"exp({x:R}) = {value:R}");
            if (Math.Abs(x) < VectorMath.OrdinaryExponent)
            {
                Assert.Equal(value, VectorMath.ExpOfOrdinary(Vector256.Create(x))[3]);
            }
        }
    }

    [Fact]
    public void Logarithms_are_within_two_units_in_the_last_place()
    {
        for (var bits = 1; bits > 0 && bits < 0x7f800000; bits += 54321)
        {
            var x = BitConverter.Int32BitsToSingle(bits);
            AssertLogarithm(x);
        }

        // Around 1 the logarithm itself becomes small.
        for (var x = 0.99f; x < 1.01f; x = MathF.BitIncrement(x))
        {
            AssertLogarithm(x);
        }
    }

    [Fact]
    public void Infinities_NaN_and_zero_give_what_IEEE_754_says()
    {
        float[] special =
        [
            0, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 88.72283f, 88.72284f, -87.4f, -103.9f, -105f, 1e30f, -1e30f,
        ];
        foreach (var x in special)
        {
            var (exact, value) = (MathF.Exp(x), VectorMath.Exp(Vector256.Create(x))[0]);
            Assert.True(exact.Equals(value) || Math.Abs(exact - value) <= 2 * Unit(exact), $"exp({x:R}) = {value:R}, not {exact:R}");
        }

        foreach (var same in (float[])[0, float.PositiveInfinity, float.NaN])
        {
            Assert.Equal(same, VectorMath.LogOrSame(Vector256.Create(same))[0]);
        }
    }

    private static void AssertLogarithm(float x)
    {
        var exact = Math.Log(x);
        var value = VectorMath.LogOrSame(Vector256.Create(x))[5];
        Assert.True(Math.Abs(value - exact) <= 2 * Unit((float)exact), $"log({x:R}) = {value:R}");
        if (float.IsNormal(x))
        {
            Assert.Equal(value, VectorMath.LogOfOrdinary(Vector256.Create(x))[5]);
        }
    }

    private static double Unit(float value) => (double)MathF.BitIncrement(Math.Abs(value)) - Math.Abs(value);
}
