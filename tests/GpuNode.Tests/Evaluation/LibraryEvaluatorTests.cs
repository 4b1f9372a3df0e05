using System.Collections.Immutable;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Proxies;
using Xunit.Abstractions;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>The evaluators that call libtorch, which run on any device and with elements of any type.</summary>
[Collection(LiveTensors.Name)]
public sealed class LibraryEvaluatorTests(ITestOutputHelper output)
{
    private static readonly ImmutableArray<Chain> Pairs = [.. Enumerable.Range(0, 3).SelectMany(length => ConnectedChains.Of(length))];

    public static TheoryData<string> Names => [.. TermEvaluators.NamesOnCuda];

    [Theory]
    [MemberData(nameof(Names))]
    public void Chains_together_give_what_each_gives_alone_whatever_the_budget(string name)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<ImmutableArray<Tensor>> layers = [[Random(6, 5), Random(4, 5)], [Random(6, 5)]];
        ImmutableArray<Chain> chains = [.. Pairs, .. RandomChains(200)];
        var alone = chains.SelectMany(chain => Of(name).Evaluate(InputKind.H, layers, [chain]).Means.ToArray()).ToList();

        // From no room for any prefix to room for all of them; one tensor is what op-by-op works on, all of them what segmented does.
        var (besides, elements) = name == TermEvaluators.Segmented ? (SegmentedEvaluator.FixedBytes, 80L) : (0, 30L);
        foreach (var budget in Enumerable.Range(-1, 13)
            .Select(kept => besides + ((ChainWalk.SingleChainFactor + kept) * elements * sizeof(float))))
        {
            Assert.Equal(alone, TermEvaluators.Factory(name, budget)().Evaluate(InputKind.H, layers, chains).Means.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pair_of_operations_agrees_with_the_oracle_in_double(string name)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<ImmutableArray<Tensor>> layers =
        [
            [Random(4, 2, 3), Random(6, 8), Random(2)], [Random(8, 6), Random(4, 2, 3)], [Random(10, 7, 3)],
        ];
        var block = Of(name).Evaluate(
            InputKind.S, [.. layers.Select(layer => layer.Select(t => t.to(ScalarType.Float64)).ToImmutableArray())], Pairs);
        var tensors = layers.SelectMany(layer => layer).ToList();
        foreach (var (column, tensor) in tensors.Index())
        {
            var oracle = OracleValue.Of(RandomWeights.Floats(tensor).ToArray(), tensor.shape);
            foreach (var (row, chain) in Pairs.Index().Where(pair => !DoubleOracle.NormalizesNoise(pair.Item, oracle)))
            {
                var mean = block.Means.Span[(row * tensors.Count) + column];
                var truth = DoubleOracle.Apply(chain, oracle);
                Assert.True(Math.Abs(mean - truth.Mean) <= (1e-9 * truth.MeanAbsolute) + 1e-13 || mean.Equals(truth.Mean),
                    $"{chain} of tensor {column}: {mean} instead of {truth.Mean}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tensors_of_every_kind_agree_with_the_oracle_in_float32(string name)
    {
        using var scope = NewDisposeScope();
        var samples = SampleTensors.Small;
        var block = Of(name).Evaluate(InputKind.A, [[.. samples.Select(sample => sample.ToTensor())]], Pairs);
        output.WriteLine(string.Join('\n', FloatAgreement.Assert(samples, block, disturbances: 12)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_has_one_element_and_a_tensor_has_its_own(string name)
    {
        using var scope = NewDisposeScope();
        var block = Of(name).Evaluate(
            InputKind.J, [[Random(2, 3)], [Random(4), Random(1)]],
            [Chain.Empty, Chain.Of(UnaryOperation.Std, UnaryOperation.Exp), Chain.Of(UnaryOperation.Abs)]);
        Assert.Equal([1, 2], block.TensorsPerLayer.AsEnumerable());
        Assert.Equal([6, 4, 1, 1, 1, 1, 6, 4, 1], block.Counts.ToArray());
        Assert.True(double.IsNaN(block.Means.Span[5]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tensor_of_no_dimensions_is_a_number(string name)
    {
        using var scope = NewDisposeScope();
        var block = Of(name).Evaluate(
            InputKind.J, [[tensor(-3f), Random(2, 3)]], [Chain.Of(UnaryOperation.Abs), Chain.Of(UnaryOperation.Softmax)]);
        Assert.Equal((3, 1), (block.Means.Span[0], block.Means.Span[2]));
        Assert.Equal([1, 6, 1, 6], block.Counts.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_disconnected_chain_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() =>
            Of(name).Evaluate(InputKind.A, [], [Chain.Of(UnaryOperation.Abs, UnaryOperation.Disconnect)]));

    [Theory]
    [MemberData(nameof(Names))]
    public void Intermediate_results_are_released(string name)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<ImmutableArray<Tensor>> layers = [[Random(6, 5)], [Random(6, 5), Random(12)]];
        var chains = ConnectedChains.Of(3);
        Assert.Equal(0, LiveTensors.LeftBehind(() => Of(name).Evaluate(InputKind.H, layers, chains)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sum_that_overflows_float32_is_finite(string name)
    {
        using var scope = NewDisposeScope();
        var large = tensor(new[] { 2e38f, 2e38f, 2e38f }, [3L]);
        Assert.Equal(2e38, Of(name).Evaluate(InputKind.A, [[large]], [Chain.Empty]).Means.Span[0], 1e31);
    }

    private static ITermEvaluator Of(string name) => TermEvaluators.Factory(name, OpByOpEvaluator.DefaultMemoryBudget)();

    private static Tensor Random(params long[] shape)
    {
        var made = empty(shape, dtype: ScalarType.Float32);
        new CounterRandom(17, "elements").FillNormal(RandomWeights.Floats(made), 1);
        return made;
    }

    private static IEnumerable<Chain> RandomChains(int count)
    {
        var random = new CounterRandom(23, "chains");
        for (var i = 0; i < count; i++)
        {
            var length = 1 + (int)(random[i * 11] % Chain.MaximumLength);
            yield return new Chain(
                [.. Enumerable.Range(1, length).Select(j => (UnaryOperation)(random[(i * 11) + j] % (int)UnaryOperation.Disconnect))]);
        }
    }
}
