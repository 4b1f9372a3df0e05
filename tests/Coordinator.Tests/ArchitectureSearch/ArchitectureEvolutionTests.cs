using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Randomness;
using LPZero.GpuNode.Spaces.OpenLm;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Tests.ArchitectureSearch;

public sealed class ArchitectureEvolutionTests
{
    private static readonly EmbeddingSizes Sizes = new(OpenLmGenotype.Vocabulary, Embedding: null, 64);

    // 8 x 8 x 4 networks, of which one is the best and truth falls off in all directions.
    private static readonly ImmutableArray<SearchedNetwork> Networks =
    [
        .. from hidden in Enumerable.Range(1, 8)
           from layers in Enumerable.Range(1, 8)
           from heads in Enumerable.Range(1, 4)
           let genotype = new OpenLmGenotype { Hidden = 32 * hidden, Layers = layers, Heads = heads }
           select new SearchedNetwork(
               string.Create(CultureInfo.InvariantCulture, $"{hidden}-{layers}-{heads}"), genotype, genotype,
               genotype.Describe(Sizes, 64), -(Math.Abs(hidden - 6) + Math.Abs(layers - 3) + Math.Abs(heads - 2))),
    ];

    private static readonly GenePool Genes = GenePool.Of([.. Networks.Select(network => network.Genotype)])!;

    private static readonly EvolutionSettings Settings = new(Budget: 40, Population: 8, Offspring: 4, SizeMeasure.Parameters);

    [Fact]
    public void It_asks_about_no_network_twice_and_keeps_to_its_budget()
    {
        var outcome = Run(new TabularPool(Genes, Networks), Settings, seed: 1);
        Assert.Equal(40, outcome.Networks.Select(network => network.Network).Distinct().Count());

        var all = Run(new TabularPool(Genes, Networks), Settings with { Budget = 1000 }, seed: 1);
        Assert.Equal(Networks.Length, all.Networks.Length);
        Assert.Equal(0, all.Regret(bestTruth: 0, count: 1));
    }

    [Fact]
    public void The_same_seed_finds_the_same_networks_and_another_finds_others()
    {
        Assert.Equal(Ids(1), Ids(1));
        Assert.NotEqual(Ids(1), Ids(2));

        static IEnumerable<string?> Ids(ulong seed) =>
            Run(new TabularPool(Genes, Networks), Settings, seed).Networks.Select(network => network.Id);
    }

    [Fact]
    public void Scores_that_are_the_truth_lead_to_better_networks_than_random_draws()
    {
        Assert.True(MeanRegret(Settings) + 0.3 < MeanRegret(Settings with { Population = Settings.Budget }));

        static double MeanRegret(EvolutionSettings settings) => Enumerable.Range(0, 40)
            .Average(seed => Run(new TabularPool(Genes, Networks), settings, (ulong)seed).Regret(bestTruth: 0, count: 1));
    }

    [Fact]
    public void Genotypes_of_a_pool_keep_to_the_limits_and_those_without_a_truth_have_no_regret()
    {
        var known = Networks.ToDictionary(network => network.Network);
        var limits = new SizeLimits(Networks.Max(network => SizeLimits.SizeOf(network.Structure, SizeMeasure.Parameters)) / 2, Flops: null);
        SearchedNetwork Of(Genotype genotype, bool isKnown) => isKnown
            ? known[genotype]
            : new SearchedNetwork(null, genotype, genotype, genotype.Describe(Sizes, 64), Truth: null);

        // Networks of two heads are as if nobody had trained them.
        SearchOutcome[] outcomes =
        [
            .. new[] { false, true }.Select(isAllKnown => Run(
                new GenotypePool(Genes, genotype => Of(genotype, isAllKnown || ((OpenLmGenotype)genotype).Heads != 2), limits),
                Settings with { Budget = 100 }, seed: 4, network => network.Genotype.LayerCount)),
        ];
        Assert.All(outcomes, outcome =>
        {
            Assert.Equal(100, outcome.Networks.Select(network => network.Network).Distinct().Count());
            Assert.All(outcome.Networks, network => Assert.True(limits.Allow(network.Structure)));
            Assert.Equal(
                outcome.Networks.Max(network => network.Genotype.LayerCount), outcome.Networks[outcome.Best].Genotype.LayerCount);
        });
        Assert.Contains(outcomes[0].Networks, network => network.Truth is null);
        Assert.True(double.IsNaN(outcomes[0].Regret(bestTruth: 0, count: 100)));
        Assert.Equal(-outcomes[1].Networks.Max(network => network.Truth!.Value), outcomes[1].Regret(bestTruth: 0, count: 100));

        // Nothing is that small.
        var nothing = new GenotypePool(Genes, genotype => known[genotype], new SizeLimits(1, Flops: null));
        Assert.Empty(new ArchitectureEvolution(nothing, Settings, seed: 1).Ask());
    }

    [Fact]
    public void What_only_draws_ends_where_a_draw_finds_nothing_and_breeds_nothing()
    {
        var outcome = Run(new Running(Networks[..3]), Settings with { DrawsOnly = true }, seed: 1);
        Assert.Equal(3, outcome.Networks.Length);
        Assert.Throws<NotSupportedException>(() => Run(new Running(Networks[..3]), Settings, seed: 1));
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_lowest()
    {
        var evolution = new ArchitectureEvolution(new TabularPool(Genes, Networks), Settings with { Population = 3 }, seed: 9);
        evolution.Ask();
        evolution.Tell([double.NaN, 2, 1]);
        Assert.Equal(4, evolution.Ask().Length);
        var outcome = new SearchOutcome([.. evolution.Networks.Take(3)], evolution.Scores);
        Assert.Equal(1, outcome.Best);
        Assert.DoesNotContain(0, outcome.Front(SizeMeasure.Parameters));
        Assert.Throws<ArgumentException>(() => evolution.Tell([1]));
    }

    /// <summary>Gives its networks in their order, then none, and breeds nothing.</summary>
    private sealed class Running(ImmutableArray<SearchedNetwork> networks) : INetworkPool
    {
        public SearchedNetwork? Draw(IReadOnlySet<Genotype> seen, ref SplittableRandom random) =>
            networks.FirstOrDefault(network => !seen.Contains(network.Network));

        public SearchedNetwork? Breed(
            SearchedNetwork first, SearchedNetwork? second, IReadOnlySet<Genotype> seen, ref SplittableRandom random) =>
            throw new NotSupportedException();
    }

    private static SearchOutcome Run(
        INetworkPool pool, EvolutionSettings settings, ulong seed, Func<SearchedNetwork, double>? score = null)
    {
        var evolution = new ArchitectureEvolution(pool, settings, seed);
        while (!evolution.Ask().IsEmpty)
        {
            evolution.Tell([.. evolution.Networks.Select(score ?? (network => network.Truth!.Value))]);
        }

        return new SearchOutcome(evolution.Networks, evolution.Scores);
    }
}
