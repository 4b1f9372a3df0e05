using System.Text.Json;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Scoring;

/// <summary>The binary operations on numbers against what the published ones returned.</summary>
public sealed class BinaryVectorsTests
{
    private static readonly (string Name, BinaryOperation Operation)[] Published =
    [
        ("element_wise_sum", BinaryOperation.Sum),
        ("element_wise_difference", BinaryOperation.Difference),
        ("element_wise_product", BinaryOperation.Product),
        ("matrix_multiplication", BinaryOperation.Matmul),
    ];

    [VectorFact("binary.json")]
    public void Vectors_of_numbers_are_combined_as_published()
    {
        using var file = Read();
        var cases = file.RootElement.GetProperty("float_cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        foreach (var example in cases)
        {
            var (a, b) = (Number(example.GetProperty("A")), Number(example.GetProperty("B")));
            foreach (var (name, operation) in Published)
            {
                var expected = example.GetProperty("out").GetProperty(name);
                // The published matmul of two numbers raises an error; ours is their product.
                var value = expected.ValueKind == JsonValueKind.Object
                    ? Number(example.GetProperty("out").GetProperty("element_wise_product"))
                    : Number(expected);
                Assert.Equal(
                    value, BinaryOperations.Apply(operation, a, b), 1e-6 * Math.Max(1, double.IsFinite(value) ? Math.Abs(value) : 1));
                AssertSameThroughRules(operation, a, b, value);
            }
        }
    }

    [VectorFact("binary.json")]
    public void Vectors_with_an_absent_branch_leave_the_other_alone()
    {
        using var file = Read();
        var cases = file.RootElement.GetProperty("none_cases");
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        var (a, b) = (Number(cases.GetProperty("B_none_returns_A")), Number(cases.GetProperty("A_none_returns_B")));
        foreach (var (_, operation) in Published)
        {
            var (first, second) = (new Branch(InputKind.H, Chain.Empty), new Branch(InputKind.W, Chain.Empty));
            var (noFirst, noSecond) = (
                first with { Chain = Chain.Of(UnaryOperation.Disconnect) }, second with { Chain = Chain.Of(UnaryOperation.Disconnect) });
            Assert.Equal(a, Value(pruning.Judge(new Proxy(first, operation, noSecond)).Canonical!, a, b));
            Assert.Equal(b, Value(pruning.Judge(new Proxy(noFirst, operation, second)).Canonical!, a, b));
            Assert.Equal(Rules.BothDisconnected, pruning.Judge(new Proxy(noFirst, operation, noSecond)).Refusal);
        }

        Assert.Equal("ValueError", cases.GetProperty("both").GetString());
    }

    private static void AssertSameThroughRules(BinaryOperation operation, double a, double b, double expected)
    {
        foreach (var mode in Enum.GetValues<PruningMode>())
        {
            var proxy = new Proxy(new Branch(InputKind.W, Chain.Empty), operation, new Branch(InputKind.H, Chain.Empty));
            var canonical = new RuleBasedPruning(mode, Reduction.Mean).Judge(proxy).Canonical!;
            Assert.Equal(expected, Value(canonical, b, a), 1e-6 * Math.Max(1, double.IsFinite(expected) ? Math.Abs(expected) : 1));
        }
    }

    private static double Value(CanonicalProxy canonical, double head, double weight)
    {
        return canonical.Combine(Of(canonical.Left), canonical.Right is null ? double.NaN : Of(canonical.Right));

        double Of(Branch branch) => branch.Input == InputKind.H ? head : weight;
    }

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Vectors, "binary.json")));

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
