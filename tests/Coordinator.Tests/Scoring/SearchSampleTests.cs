using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Scoring;

/// <summary>The split of a benchmark into what is searched on and what is held out.</summary>
public sealed class SearchSampleTests
{
    private static readonly Benchmark Benchmark = new(
        "made up",
        "score",
        Shapes.AsTrained,
        FlexiBertSpace.PublicSizes,
        [.. Enumerable.Range(0, 120).Select(i => new Architecture(
            i.ToString(CultureInfo.InvariantCulture),
            new FlexiBertGenotype(64 * (1 + (i % 40)), [new FlexiBertLayer((MixingOperation)(i % 6), 2, 512, 1)]),
            i))]);

    [Theory]
    [InlineData(Shapes.AsTrained, 40)]
    [InlineData(Shapes.Genotype, 120)]
    public void No_network_is_on_both_sides_and_no_architecture_is_lost(Shapes shapes, int networks)
    {
        var sample = Draw(shapes, 50, seed: 42);
        Assert.Empty(sample.Search.Networks.Intersect(sample.HeldOut.Networks));
        Assert.Equal(networks, sample.Search.Networks.Length + sample.HeldOut.Networks.Length);
        Assert.Equal(
            Benchmark.Architectures.Select(a => a.Id).Order(),
            sample.Search.Architectures.Concat(sample.HeldOut.Architectures).Select(a => a.Id).Order());
    }

    [Theory]
    [InlineData(Shapes.Genotype, 50, 50)]
    [InlineData(Shapes.AsTrained, 50, 48)]
    [InlineData(Shapes.AsTrained, 500, 120)]
    public void The_search_set_is_as_large_as_asked_for_as_far_as_whole_networks_fit(Shapes shapes, int asked, int expected) =>
        Assert.Equal(expected, Draw(shapes, asked, seed: 42).Search.Architectures.Length);

    [Fact]
    public void A_seed_draws_the_same_sample_again_and_another_seed_another_one()
    {
        Assert.Equal(Ids(1), Ids(1));
        Assert.NotEqual(Ids(1), Ids(2));

        static IEnumerable<string> Ids(ulong seed) => Draw(Shapes.AsTrained, 50, seed).Search.Architectures.Select(a => a.Id).ToList();
    }

    [Fact]
    public void A_set_keeps_the_benchmark_s_order_and_truths()
    {
        var set = Draw(Shapes.AsTrained, 50, seed: 3).Search;
        Assert.Equal(set.Truths.Order(), set.Truths);
        Assert.All(
            set.Architectures.Zip(set.NetworkOf),
            pair => Assert.Equal(pair.First.Genotype.Resolve(Shapes.AsTrained), set.Networks[pair.Second]));
    }

    [Fact]
    public void The_first_architectures_are_searched_when_asked_for_and_none_of_their_networks_is_held_out()
    {
        var sample = SearchSample.Of(Benchmark, Configuration(Shapes.AsTrained, 30, seed: 1) with { Sampling = Sampling.First });

        Assert.Equal(Benchmark.Architectures.Take(30), sample.Search.Architectures);
        Assert.Equal(Benchmark.Architectures.Where((_, i) => i % 40 >= 30), sample.HeldOut.Architectures);
    }

    [Fact]
    public void The_split_has_a_seed_of_its_own_where_one_is_given()
    {
        var configuration = Configuration(Shapes.AsTrained, 50, seed: 1);
        Assert.Equal(Ids(configuration with { SplitSeed = 7 }), Ids(configuration with { SplitSeed = 7, Seed = 2 }));
        Assert.Equal(Ids(configuration with { Seed = 7 }), Ids(configuration with { SplitSeed = 7 }));
        Assert.NotEqual(Ids(configuration), Ids(configuration with { SplitSeed = 7 }));

        static IEnumerable<string> Ids(SearchConfiguration configuration) =>
            SearchSample.Of(Benchmark, configuration).Search.Architectures.Select(a => a.Id).ToList();
    }

    [Fact]
    public void Architectures_given_by_hand_are_searched_in_the_benchmark_s_order_and_none_of_their_networks_is_held_out()
    {
        var sample = SearchSample.Of(Benchmark, Configuration(Shapes.AsTrained, 50, seed: 1) with { SearchIds = ["7", "3", "45", "110"] });

        Assert.Equal(["3", "7", "45", "110"], sample.Search.Architectures.Select(a => a.Id));
        Assert.Equal(Benchmark.Architectures.Where((_, i) => i % 40 is not (3 or 7 or 5 or 30)), sample.HeldOut.Architectures);
    }

    private static SearchSample Draw(Shapes shapes, int architectures, ulong seed) =>
        SearchSample.Of(Benchmark, Configuration(shapes, architectures, seed));

    private static SearchConfiguration Configuration(Shapes shapes, int architectures, ulong seed) =>
        new SearchConfiguration { Preset = "default" } with { Shapes = shapes, SearchArchitectures = architectures, Seed = seed };
}
