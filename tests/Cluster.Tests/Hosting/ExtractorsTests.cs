using System.Globalization;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;
using LPZero.Seed.Hosting;

namespace LPZero.Cluster.Tests.Hosting;

public sealed class ExtractorsTests
{
    private readonly BatchExtractor extractor = new();

    [Fact]
    public void The_batches_of_a_benchmark_are_dealt_out_to_the_shards_evenly()
    {
        var shards = Enumerable.Range(0, 1024).Select(number => extractor.ShardId(Key(number, seed: 42))).CountBy(shard => shard).ToList();
        Assert.Equal(256, shards.Count);
        Assert.All(shards, shard => Assert.Equal(4, shard.Value));
    }

    [Fact]
    public void First_batches_of_different_probes_are_not_all_in_one_shard() =>
        Assert.InRange(Enumerable.Range(0, 20).Select(seed => extractor.ShardId(Key(0, seed))).Distinct().Count(), 10, 20);

    [Fact]
    public void A_key_without_a_number_has_a_shard_too() =>
        Assert.InRange(int.Parse(extractor.ShardId("batch"), CultureInfo.InvariantCulture), 0, 255);

    [Fact]
    public void Keys_of_batches_have_a_number_and_what_the_batches_have_in_common()
    {
        var probe = new ProbeSettings(2, 4, 1, 2, WeightSelection.All, Synthetic.Benchmark.Sizes);
        var batches = ArchitectureBatches.Of(Synthetic.Benchmark, Shapes.Genotype, probe);
        var networks = Synthetic.Benchmark.Architectures.Select(architecture => architecture.Genotype.Resolve(Shapes.Genotype));
        var keys = networks.Select(batches.KeyOf).Distinct().ToList();
        var parsed = keys.Select(ArchitectureBatches.Parse).ToList();
        Assert.Equal([0, 1, 2], parsed.Select(key => key.Number).Order());
        Assert.Single(parsed.Select(key => key.All).Distinct());
    }

    private static string Key(int number, int seed) => string.Create(CultureInfo.InvariantCulture, $"0a1b2c-{number}-{seed}-42-8x128-All");
}
