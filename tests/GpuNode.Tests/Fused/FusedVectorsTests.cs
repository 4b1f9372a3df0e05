using System.Text.Json;
using LPZero.GpuNode.Fused;
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

    private static void AssertMean(double expected, VectorTensor input, Chain chain, string name)
    {
        var means = new double[1];
        var rows = input.Shape.Length == 0 ? 1 : (int)input.Shape[0];
        FusedPlan.For([chain]).Evaluate(input.Elements, rows, means, new long[1], new FusedScratch());
        PublishedMean.Assert(expected, means[0], chain, input, name);
    }
}
