using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>
/// The oracle that judges the rules against the published operators in float32: to 1e-5 of the mean absolute element,
/// plus 1e-6. What the oracle knows to be decided by rounding is left out, and counted.
/// </summary>
public sealed class OracleVectorsTests
{
    [VectorFact("unary.json")]
    public void Vectors_of_single_operations_are_what_the_oracle_computes()
    {
        using var file = Read("unary.json");
        foreach (var example in file.RootElement.GetProperty("cases").EnumerateObject())
        {
            var input = Tensor(example.Value.GetProperty("input"));
            foreach (var (name, operation) in Operations(file))
            {
                var expected = Numbers(example.Value.GetProperty("out").GetProperty(name).GetProperty("data"));
                var actual = UnaryOracle.Apply(operation, input).Elements;
                Assert.Equal(expected.Length, actual.Length);
                var scale = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Average();
                Assert.All(expected.Zip(actual), pair => AssertNear($"{name}({example.Name})", pair.First, pair.Second, scale));
            }
        }
    }

    [VectorFact("chain.json")]
    public void Vectors_of_chains_are_what_the_oracle_computes()
    {
        using var file = Read("chain.json");
        var (compared, left) = (0, 0);
        foreach (var example in file.RootElement.GetProperty("inputs").EnumerateObject())
        {
            var input = Tensor(example.Value);
            var values = file.RootElement.GetProperty("values").GetProperty(example.Name);
            var operations = Operations(file);
            for (var i = 0; i < operations.Length; i++)
            {
                for (var j = 0; j < operations.Length; j++)
                {
                    var result = UnaryOracle.Apply(operations[j].Operation, UnaryOracle.Apply(operations[i].Operation, input));
                    var actual = result.Value(Reduction.Mean);
                    var scale = result.Elements.Average(e => e.IsFinite ? Math.Abs(e.Value) : 0);

                    // float32 has 2^29 times the rounding error of double.
                    if (actual.IsUndecided || actual.Error * (1 << 29) > 1e-3 * scale)
                    {
                        left++;
                        continue;
                    }

                    AssertNear($"{operations[j].Name}({operations[i].Name}({example.Name}))", Number(values[i][j]), actual, scale);
                    compared++;
                }
            }
        }

        Assert.True(compared > 2 * left, $"{compared} compared, {left} left out");
    }

    private static void AssertNear(string what, double expected, Approximate actual, double scale) => Assert.True(
        actual.IsUndecided || actual.Value.Equals(expected) || Math.Abs(actual.Value - expected) <= (1e-5 * scale) + 1e-6,
        $"{what} is {expected}, the oracle says {actual}");

    /// <summary>The published operations that make a value, in the file's order: disconnect, the last one, raises an error.</summary>
    private static ImmutableArray<(string Name, UnaryOperation Operation)> Operations(JsonDocument file) =>
        [.. file.RootElement.GetProperty("keys").EnumerateArray().Select((key, i) => (key.GetString()!, (UnaryOperation)i)).SkipLast(1)];

    private static OracleTensor Tensor(JsonElement tensor)
    {
        var shape = tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
        var values = Numbers(tensor.GetProperty("data"));
        return shape.Length == 0 ? OracleTensor.Number(values[0]) : OracleTensor.Of(new RandomTensor("vector", shape, values));
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Vectors, file)));

    private static double[] Numbers(JsonElement data) => [.. data.EnumerateArray().Select(Number)];

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Number
        ? element.GetDouble()
        : element.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            var other => throw new InvalidDataException($"not a number: {other}"),
        };
}
