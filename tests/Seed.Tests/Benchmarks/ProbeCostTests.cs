using System.Collections.Immutable;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class ProbeCostTests
{
    [Fact]
    public void The_smallest_the_median_and_the_largest_network_are_those_by_operations()
    {
        const string Layer = "h1-m2", One = $"hw-gpt:d192-b0:{Layer}", Two = $"{One},{Layer}", Three = $"{Two},{Layer}";
        var benchmark = Of(Three, One, Two, One);
        var costs = ProbeCost.Of(benchmark);
        Assert.Equal(
            [("smallest", "1"), ("median", "2"), ("largest", "0")], costs.Select(each => (each.Place, each.Cost.Architecture)));
        var probe = ProbeCost.ProbeOf(benchmark);
        Assert.Equal((4, 32), (probe.BatchSize, probe.SequenceLength));
        var largest = new ProbedNetwork(benchmark.Architectures[0].Genotype, probe);
        Assert.Equal((Network.TimeOf(largest), Network.MemoryOf(largest)), (costs[2].Cost.Time, costs[2].Cost.Memory));
    }

    private static Benchmark Of(params ImmutableArray<string> genotypes) => SmallBenchmark.Create(4) with
    {
        Sizes = new EmbeddingSizes(50254, null, 32),
        Architectures =
        [
            .. genotypes.Select((text, i) => new Architecture($"{i}", SearchSpaces.Known.Parse(text), Truth: i)),
        ],
    };
}
