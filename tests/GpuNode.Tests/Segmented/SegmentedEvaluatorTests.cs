using System.Collections.Immutable;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Segmented;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Segmented;

/// <summary>What is special about evaluating the tensors of an input together.</summary>
public sealed class SegmentedEvaluatorTests
{
    private static readonly ImmutableArray<Chain> Chains = ConnectedChains.Of(2);

    /// <summary>
    /// Samples of all sizes together share blocks of a single element; with tensors of its own size and of twice that, each is a block.
    /// </summary>
    [Fact]
    public void Tensors_of_every_kind_agree_with_the_oracle_among_tensors_of_their_own_size_and_of_twice_that()
    {
        foreach (var sample in SampleTensors.Small)
        {
            using var scope = NewDisposeScope();
            var twice = new SampleTensor($"{sample.Name}, twice", 2 * sample.Rows, [.. sample.Elements, .. sample.Elements]);
            foreach (var together in new SampleTensor[][] { [sample, sample], [sample, twice, sample] })
            {
                FloatAgreement.Assert(together, Evaluate([[.. together.Select(t => t.ToTensor())]]), disturbances: 12);
            }
        }
    }

    [Fact]
    public void Tensors_that_do_not_fit_together_keep_their_columns()
    {
        using var scope = NewDisposeScope();
        ImmutableArray<ImmutableArray<Tensor>> layers =
        [
            [Plain(300_007, 1), Plain(12, 2)], [Plain(17, 3), Plain(300_007, 4), Plain(12, 5)],
        ];
        var plans = SegmentPlan.Pack(layers.SelectMany(layer => layer).Select((t, i) => new Segment(i, t.numel(), t.size(0))));
        Assert.Equal([3, 2], plans.Select(plan => plan.Segments.Length));
        ImmutableArray<Chain> chains =
        [
            Chain.Empty, Chain.Of(UnaryOperation.Square), Chain.Of(UnaryOperation.Normalize, UnaryOperation.Exp),
            Chain.Of(UnaryOperation.Std),
        ];
        var expected = new OpByOpEvaluator().Evaluate(InputKind.A, layers, chains);
        var actual = new SegmentedEvaluator().Evaluate(InputKind.A, layers, chains);
        Assert.Equal(expected.Counts.ToArray(), actual.Counts.ToArray());
        Assert.All(expected.Means.ToArray().Zip(actual.Means.ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6 * Math.Abs(pair.First)));
    }

    [Fact]
    public void The_number_of_library_calls_does_not_grow_with_the_number_of_layers()
    {
        using var scope = NewDisposeScope();
        ImmutableArray<Tensor> layer = [Plain(64, 1), Plain(128, 2), Plain(128, 3)];
        var few = Made([layer, layer]);
        var many = Made([.. Enumerable.Repeat(layer, 24)]);

        // One view of each tensor is all that is added.
        Assert.Equal(22 * layer.Length, many - few);

        long Made(ImmutableArray<ImmutableArray<Tensor>> layers)
        {
            var statistics = DisposeScopeManager.Statistics;
            var before = statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount;
            Evaluate(layers);
            return statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount - before;
        }
    }

    [Fact]
    public void Results_that_are_fetched_in_parts_are_those_that_are_fetched_at_once()
    {
        using var scope = NewDisposeScope();
        ImmutableArray<ImmutableArray<Tensor>> layers = [[Plain(12, 1), Plain(1200, 2)]];
        var longer = ConnectedChains.Of(3);
        Assert.InRange(PackWalk.MaximumNumbers, 101 * Chains.Length, (101 * longer.Length) - 1);
        var means = new SegmentedEvaluator().Evaluate(InputKind.A, layers, longer).Means.ToArray();
        var atOnce = Evaluate(layers).Means.ToArray();
        foreach (var (row, chain) in Chains.Index())
        {
            var same = 2 * longer.IndexOf(new Chain([UnaryOperation.NoOp, .. chain]));
            Assert.Equal(atOnce.AsSpan(2 * row, 2), means.AsSpan(same, 2));
        }
    }

    private static TermBlock Evaluate(ImmutableArray<ImmutableArray<Tensor>> layers) =>
        new SegmentedEvaluator().Evaluate(InputKind.A, layers, Chains);

    /// <summary>Elements from 0.1 to 1.1, which no operation makes noise of.</summary>
    private static Tensor Plain(int count, int seed)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, count).Select(_ => 0.1f + random.NextSingle()).ToArray());
    }
}
