using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>The mean of a chain's result, as the published operators gave it in float32.</summary>
internal static class PublishedMean
{
    /// <summary>
    /// Holds a mean against the published one; where float32 does not determine that, the mean may be no further off the truth in double
    /// than the published one is, or than other correct float32 functions would be.
    /// </summary>
    /// <returns>False where the published mean is float32 noise and the truth was asked instead.</returns>
    public static bool Assert(double expected, double actual, Chain chain, VectorTensor input, string name)
    {
        var truth = DoubleOracle.Apply(chain, OracleValue.Of(input.Elements, input.Shape));
        var tolerance = Tolerance(truth.Elements);
        if (IsNear(expected, actual, tolerance) || IsOverflow(expected, actual, input.Elements.Length))
        {
            return true;
        }

        var noise = double.IsFinite(expected) ? Math.Max(FloatNoise.Of(chain, input, truth.Mean), Math.Abs(expected - truth.Mean)) : 0;
        Xunit.Assert.True(noise > tolerance, $"{chain} of {name}: {actual:R} instead of {expected:R}");
        Xunit.Assert.True(
            IsNear(truth.Mean, actual, noise), $"{chain} of {name}: {actual:R}, published {expected:R}, truth {truth.Mean:R}");
        return false;
    }

    /// <summary>1e-5 of the mean absolute element, plus 1e-6; of the finite ones.</summary>
    public static double Tolerance(double[] elements) =>
        (1e-5 * elements.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Average()) + 1e-6;

    /// <summary>Whether a number is the expected one, exactly where that is not finite.</summary>
    public static bool IsNear(double expected, double actual, double tolerance) =>
        double.IsFinite(expected) ? Math.Abs(actual - expected) <= tolerance : expected.Equals(actual);

    /// <summary>A sum beyond float32, which we take in double.</summary>
    private static bool IsOverflow(double expected, double actual, int count) =>
        double.IsInfinity(expected) && double.IsFinite(actual) && Math.Sign(expected) == Math.Sign(actual)
            && Math.Abs(actual) * count > float.MaxValue;
}
