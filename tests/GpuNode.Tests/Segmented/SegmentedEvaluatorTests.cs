using System.Collections.Immutable;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Segmented;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.GpuNode.Tests.Vectors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using Xunit.Abstractions;

namespace LPZero.GpuNode.Tests.Segmented;

/// <summary>What is special about evaluating the tensors of an input together.</summary>
[Collection(LiveTensors.Name)]
public sealed class SegmentedEvaluatorTests(ITestOutputHelper output)
{
    private static readonly ImmutableArray<Chain> Chains = [.. Chain.All(2).Where(c => !c.Contains(UnaryOperation.Disconnect))];

    [Fact]
    public void Tensors_of_every_kind_agree_with_the_oracle_when_they_are_evaluated_together()
    {
        using var scope = NewDisposeScope();
        var samples = SampleTensors.Small;
        var block = Evaluate([[.. samples.Select(Tensor)]]);
        foreach (var (column, sample) in samples.Index())
        {
            output.WriteLine(FloatAgreement.Assert(Chains, sample, Of(block.Means, column), Of(block.Counts, column), disturbances: 12));
        }

        T[] Of<T>(ReadOnlyMemory<T> numbers, int column) => [.. Enumerable.Range(0, Chains.Length).Select(row => numbers.Span[(row * samples.Count) + column])];
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
    public void Results_of_many_numbers_are_fetched_in_parts()
    {
        using var scope = NewDisposeScope();

        // Three hundred thousand elements in blocks of eight.
        ImmutableArray<Tensor> tensors = [Plain(300_008, 1).view(-1, 8), Plain(8, 2)];
        var together = Evaluate([tensors]).Means.ToArray();
        var expected = new OpByOpEvaluator().Evaluate(InputKind.A, [tensors], Chains).Means.ToArray();
        var plan = Assert.Single(SegmentPlan.Pack(tensors.Select((t, i) => new Segment(i, t.numel(), t.size(0)))));
        Assert.Equal(8, plan.BlockSize);
        foreach (var (row, chain) in Chains.Index())
        {
            var (mean, tolerance) = (together[row * 2], (1e-5 * Math.Abs(expected[row * 2])) + 1e-6);
            Assert.True(PublishedMean.IsNear(expected[row * 2], mean, tolerance), $"{chain}: {mean} instead of {expected[row * 2]}");
        }
    }

    private static TermBlock Evaluate(ImmutableArray<ImmutableArray<Tensor>> layers) => new SegmentedEvaluator().Evaluate(InputKind.A, layers, Chains);

    private static Tensor Tensor(SampleTensor sample) => tensor(sample.Elements, [sample.Rows, sample.Elements.Length / sample.Rows]);

    /// <summary>Elements from 0.1 to 1.1, which no operation makes noise of.</summary>
    private static Tensor Plain(int count, int seed)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, count).Select(_ => 0.1f + random.NextSingle()).ToArray());
    }
}
