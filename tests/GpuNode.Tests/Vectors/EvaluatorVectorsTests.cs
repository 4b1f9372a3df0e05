using System.Collections.Immutable;
using System.Text.Json;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;
using Xunit.Abstractions;

namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>
/// Every evaluator's means against the published ones, over whatever cases the files hold, all of a file's tensors in one call.
/// </summary>
public sealed class EvaluatorVectorsTests(ITestOutputHelper output)
{
    [VectorFact("unary.json")]
    public void The_mean_of_a_unary_operations_result_is_the_published_number()
    {
        var chains = ConnectedChains.Of(1);
        AssertMeans(chains, VectorFile.Read("unary.json").GetProperty("cases").EnumerateObject().Select(@case => (
            @case.Name,
            VectorFile.Tensor(@case.Value.GetProperty("input")),
            @case.Value.GetProperty("convert_to_float").EnumerateObject().Select(o => (Chain.Of(VectorFile.Operation(o.Name)), o.Value)))));
    }

    [VectorFact("chain.json")]
    public void The_mean_of_a_two_operation_chains_result_is_the_published_number()
    {
        var file = VectorFile.Read("chain.json");
        var operations = file.GetProperty("keys").EnumerateArray().Select(k => VectorFile.Operation(k.GetString()!)).ToList();
        var chains = ConnectedChains.Of(2);
        AssertMeans(chains, file.GetProperty("inputs").EnumerateObject().Select(@case => (
            @case.Name,
            VectorFile.Tensor(@case.Value),
            file.GetProperty("values").GetProperty(@case.Name).EnumerateArray().Index().SelectMany(row =>
                row.Item.EnumerateArray().Index()
                    .Select(value => (Chain.Of(operations[row.Index], operations[value.Index]), value.Item))))));
    }

    private void AssertMeans(ImmutableArray<Chain> chains,
        IEnumerable<(string Name, VectorTensor Input, IEnumerable<(Chain Chain, JsonElement Mean)> Expected)> cases)
    {
        var all = cases.ToList();
        foreach (var name in TermEvaluators.Names)
        {
            using var scope = NewDisposeScope();
            var block = TermEvaluators.Factory(name, 1 << 30)()
                .Evaluate(InputKind.A, [[.. all.Select(@case => @case.Input.ToTensor())]], chains);
            var means = block.Means.ToArray();
            var (compared, noise) = (0, 0);
            foreach (var (column, (@case, input, expected)) in all.Index())
            {
                foreach (var (chain, mean) in expected.Where(e => chains.Contains(e.Chain) && !IsError(e.Mean)))
                {
                    compared++;
                    noise += PublishedMean.Assert(VectorFile.Number(mean), means[(chains.IndexOf(chain) * all.Count) + column], chain,
                        input, $"{@case} by {name}") ? 0 : 1;
                }
            }

            Assert.Equal(chains.Length * all.Count,
                compared + all.Sum(@case => @case.Expected.Count(e => chains.Contains(e.Chain) && IsError(e.Mean))));
            output.WriteLine(
                $"{name}: {compared} published means; {noise} of them are float32 noise and were compared with the oracle in double " +
                "instead");
        }
    }

    private static bool IsError(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("error", StringComparison.Ordinal);
}
