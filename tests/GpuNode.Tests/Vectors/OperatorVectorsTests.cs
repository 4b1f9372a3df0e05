using System.Collections.Immutable;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>
/// The operators, one library call after another, against what the published ones returned, over whatever cases the files hold.
/// </summary>
public sealed class OperatorVectorsTests
{
    private static readonly OpByOpEvaluator Evaluator = new(1 << 30);

    [VectorFact("unary.json")]
    public void Unary_operations_return_the_published_elements()
    {
        foreach (var @case in VectorFile.Read("unary.json").GetProperty("cases").EnumerateObject())
        {
            var input = VectorFile.Tensor(@case.Value.GetProperty("input"));
            foreach (var expected in @case.Value.GetProperty("out").EnumerateObject().Where(o => !o.Value.TryGetProperty("error", out _)))
            {
                using var scope = NewDisposeScope();
                var operation = VectorFile.Operation(expected.Name);
                var actual = Elements(operation, input);
                AssertElements(VectorFile.Tensor(expected.Value).Elements, actual, $"{operation} of {@case.Name}");
            }
        }
    }

    [VectorFact("unary.json")]
    public void Unary_operations_leave_their_input_as_it_was()
    {
        foreach (var @case in VectorFile.Read("unary.json").GetProperty("cases").EnumerateObject())
        {
            using var scope = NewDisposeScope();
            var input = VectorFile.Tensor(@case.Value.GetProperty("input"));
            var given = input.ToTensor();
            Evaluate(given, ConnectedChains.Of(1));
            Assert.Equal(input.ToTensor().bytes.ToArray(), given.bytes.ToArray());
        }
    }

    [VectorFact("chain.json")]
    public void In_double_every_chain_agrees_with_the_oracle()
    {
        var chains = ConnectedChains.Of(2);
        foreach (var @case in VectorFile.Read("chain.json").GetProperty("inputs").EnumerateObject())
        {
            using var scope = NewDisposeScope();
            var input = VectorFile.Tensor(@case.Value);
            var means = Evaluate(input.ToTensor(ScalarType.Float64), chains);
            var elements = OracleValue.Of(input.Elements, input.Shape);
            foreach (var (chain, mean) in chains.Zip(means).Where(c => !DoubleOracle.NormalizesNoise(c.First, elements)))
            {
                var truth = DoubleOracle.Apply(chain, elements);
                AssertNear(truth.Mean, mean, (1e-9 * truth.MeanAbsolute) + 1e-12, $"{chain} of {@case.Name}");
            }
        }
    }

    [VectorFact("binary.json")]
    public void Binary_operations_on_tensors_return_the_published_elements_or_fail_as_they_did()
    {
        var functions = new Dictionary<string, Func<Tensor, Tensor, Tensor>>(StringComparer.Ordinal)
        {
            ["element_wise_sum"] = (a, b) => a + b,
            ["element_wise_difference"] = (a, b) => a - b,
            ["element_wise_product"] = (a, b) => a * b,
            ["matrix_multiplication"] = matmul,
        };
        foreach (var @case in VectorFile.Read("binary.json").GetProperty("tensor_cases").EnumerateObject())
        {
            foreach (var expected in @case.Value.GetProperty("out").EnumerateObject())
            {
                using var scope = NewDisposeScope();
                var a = VectorFile.Tensor(@case.Value.GetProperty("A")).ToTensor();
                var b = VectorFile.Tensor(@case.Value.GetProperty("B")).ToTensor();
                if (expected.Value.TryGetProperty("error", out _))
                {
                }
                else
                {
                    var result = functions[expected.Name](a, b).to(ScalarType.Float64).contiguous();
                    AssertElements(VectorFile.Tensor(expected.Value).Elements, Doubles(result), $"{expected.Name} of {@case.Name}");
                }
            }
        }
    }

    private static double[] Elements(UnaryOperation operation, VectorTensor input)
    {
        var given = input.ToTensor();
        return input.Shape.Length == 0 ? [ScalarOperations.Apply(operation, input.Elements[0])]
            : UnaryOperations.MakesNumber(operation) ? [OpByOpOperations.Reduce(operation, given)]
            : Doubles(OpByOpOperations.Apply(operation, given).to(ScalarType.Float64));
    }

    private static double[] Doubles(Tensor contiguous) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(contiguous.bytes).ToArray();

    private static double[] Evaluate(Tensor input, ImmutableArray<Chain> chains) =>
        Evaluator.Evaluate(InputKind.A, [[input]], chains).Means.ToArray();

    private static void AssertElements(float[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = PublishedMean.Tolerance([.. expected.Select(e => (double)e)]);
        foreach (var (e, a) in expected.Zip(actual))
        {
            AssertNear(e, a, tolerance, what);
        }
    }

    private static void AssertNear(double expected, double actual, double tolerance, string what) =>
        Assert.True(PublishedMean.IsNear(expected, actual, tolerance), $"{what}: {actual:R} instead of {expected:R}");
}
