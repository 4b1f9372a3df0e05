using LPZero.GpuNode.Tests.Vectors;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>How well the mean of a chain's result is determined where every intermediate result is float32.</summary>
internal static class FloatNoise
{
    private const int Disturbances = 8;

    /// <summary>
    /// The farthest that the mean moves from the truth in double when element functions are right to two units in the last place: next to
    /// nothing for most chains, and as much as the mean itself where what is left after a cancellation is stretched.
    /// </summary>
    public static double Of(Chain chain, VectorTensor input, double truth)
    {
        var rows = input.Shape.Length == 0 ? 1 : (int)input.Shape[0];
        return Enumerable.Range(1, Disturbances)
            .Select(disturbance => Math.Abs(new FloatOracle(input.Elements, rows, disturbance).Evaluate(chain).Mean - truth))
            .Where(double.IsFinite)
            .DefaultIfEmpty()
            .Max();
    }
}
