using System.Collections.Immutable;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Operators;

[Collection(LiveTensors.Name)]
public sealed class OpByOpEvaluatorTests
{
    private static readonly ImmutableArray<Chain> Pairs = [.. Enumerable.Range(0, 3).SelectMany(Chain.All).Where(c => !c.Contains(UnaryOperation.Disconnect))];

    [Fact]
    public void Chains_together_give_what_each_gives_alone_whatever_the_budget()
    {
        using var scope = NewDisposeScope();
        var input = Random(6, 5);
        ImmutableArray<Chain> chains = [.. Pairs, .. RandomChains(200)];
        var alone = chains.Select(chain => new OpByOpEvaluator().Evaluate(InputKind.H, [[input]], [chain]).Means.Span[0]).ToList();
        foreach (var kept in new[] { 0, 1, 2, 10 })
        {
            var budget = (4 + kept) * 30L * sizeof(float);
            var block = new OpByOpEvaluator(budget).Evaluate(InputKind.H, [[input]], chains);
            Assert.Equal(alone, block.Means.ToArray());
        }
    }

    [Fact]
    public void Every_pair_of_operations_agrees_with_the_oracle_in_double()
    {
        using var scope = NewDisposeScope();
        var single = Random(4, 2, 3);
        var oracle = OracleValue.Of(RandomWeights.Floats(single).ToArray(), single.shape);
        var means = new OpByOpEvaluator().Evaluate(InputKind.S, [[single.to(ScalarType.Float64)]], Pairs).Means.ToArray();
        foreach (var (chain, mean) in Pairs.Zip(means))
        {
            var truth = DoubleOracle.Apply(chain, oracle);
            Assert.True(Math.Abs(mean - truth.Mean) <= 1e-9 * truth.MeanAbsolute || mean.Equals(truth.Mean) || Math.Abs(mean - truth.Mean) < 1e-13, $"{chain}: {mean} instead of {truth.Mean}");
        }
    }

    [Fact]
    public void A_number_has_one_element_and_a_tensor_has_its_own()
    {
        using var scope = NewDisposeScope();
        var block = new OpByOpEvaluator().Evaluate(
            InputKind.J, [[Random(2, 3)], [Random(4), Random(1)]], [Chain.Empty, Chain.Of(UnaryOperation.Std, UnaryOperation.Exp), Chain.Of(UnaryOperation.Abs)]);
        Assert.Equal([1, 2], block.TensorsPerLayer.AsEnumerable());
        Assert.Equal([6, 4, 1, 1, 1, 1, 6, 4, 1], block.Counts.ToArray());
        Assert.True(double.IsNaN(block.Means.Span[5]));
    }

    [Fact]
    public void A_disconnected_chain_is_refused() =>
        Assert.Throws<ArgumentException>(() => new OpByOpEvaluator().Evaluate(InputKind.A, [], [Chain.Of(UnaryOperation.Abs, UnaryOperation.Disconnect)]));

    [Fact]
    public void Intermediate_results_are_released()
    {
        using var scope = NewDisposeScope();
        var input = Random(6, 5);
        var chains = Chain.All(3).Where(c => !c.Contains(UnaryOperation.Disconnect)).ToImmutableArray();
        Assert.Equal(0, LiveTensors.LeftBehind(() => new OpByOpEvaluator().Evaluate(InputKind.H, [[input]], chains)));
    }

    [Fact]
    public void A_sum_that_overflows_float32_is_finite()
    {
        using var scope = NewDisposeScope();
        var large = tensor(new[] { 2e38f, 2e38f, 2e38f }, [3L]);
        Assert.Equal(2e38, new OpByOpEvaluator().Evaluate(InputKind.A, [[large]], [Chain.Empty]).Means.Span[0], 1e31);
    }

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
            yield return new Chain([.. Enumerable.Range(1, length).Select(j => (UnaryOperation)(random[(i * 11) + j] % (int)UnaryOperation.Disconnect))]);
        }
    }
}
