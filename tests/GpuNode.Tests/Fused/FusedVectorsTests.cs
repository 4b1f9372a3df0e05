using System.Text.Json;
using LPZero.GpuNode.Fused;
using LPZero.GpuNode.Tests.Operators;
using LPZero.GpuNode.Tests.Vectors;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Fused;

/// <summary>The fused evaluator against what the published operators returned, over whatever cases the files hold.</summary>
public sealed class FusedVectorsTests
{
    [VectorFact("unary.json")]
    public void The_mean_of_a_unary_operations_result_is_the_published_number()
    {
        foreach (var @case in VectorFile.Read("unary.json").GetProperty("cases").EnumerateObject())
        {
            var input = VectorFile.Tensor(@case.Value.GetProperty("input"));
            foreach (var expected in @case.Value.GetProperty("convert_to_float").EnumerateObject())
            {
                AssertMean(VectorFile.Number(expected.Value), input, Chain.Of(VectorFile.Operation(expected.Name)), @case.Name);
            }
        }
    }

    [VectorFact("chain.json")]
    public void The_mean_of_a_two_operation_chains_result_is_the_published_number()
    {
        var file = VectorFile.Read("chain.json");
        var operations = file.GetProperty("keys").EnumerateArray().Select(k => VectorFile.Operation(k.GetString()!)).ToList();
        foreach (var @case in file.GetProperty("inputs").EnumerateObject())
        {
            var input = VectorFile.Tensor(@case.Value);
            var values = file.GetProperty("values").GetProperty(@case.Name);
            foreach (var (i, row) in values.EnumerateArray().Index())
            {
                foreach (var (j, value) in row.EnumerateArray().Index().Where(v => !IsError(v.Item)))
                {
                    AssertMean(VectorFile.Number(value), input, Chain.Of(operations[i], operations[j]), @case.Name);
                }
            }
        }
    }

    private static bool IsError(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("error", StringComparison.Ordinal);

    /// <summary>
    /// Near the published number; where that is off the truth in double, because what it averages cancels, no further off than it, or than
    /// other correct float32 functions would be.
    /// </summary>
    private static void AssertMean(double expected, VectorTensor input, Chain chain, string name)
    {
        var means = new double[1];
        var rows = input.Shape.Length == 0 ? 1 : (int)input.Shape[0];
        FusedPlan.For([chain]).Evaluate(input.Elements, rows, means, new long[1], new FusedScratch());
        if (!double.IsFinite(expected) && expected.Equals(means[0]))
        {
            return;
        }

        var truth = DoubleOracle.Apply(chain, OracleValue.Of(input.Elements, input.Shape));
        var tolerance = (1e-5 * truth.Elements.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Average()) + 1e-6;
        if (double.IsFinite(expected) && Math.Abs(expected - means[0]) > tolerance && Math.Max(FloatNoise.Of(chain, input, truth.Mean), Math.Abs(expected - truth.Mean)) is var noise && noise > tolerance)
        {
            Assert.True(Math.Abs(means[0] - truth.Mean) <= noise, $"{chain} of {name}: {means[0]:R}, published {expected:R}, truth {truth.Mean:R}");
        }
        else if (double.IsInfinity(expected) && double.IsFinite(means[0]))
        {
            // A number beyond float32, which we keep in double.
            Assert.True(means[0] * expected > 0 && Math.Abs(means[0]) * input.Elements.Length > float.MaxValue, $"{chain} of {name}: {means[0]:R} instead of {expected}");
        }
        else
        {
            Assert.True(Math.Abs(means[0] - expected) <= tolerance, $"{chain} of {name}: {means[0]:R} instead of {expected:R}");
        }
    }
}
