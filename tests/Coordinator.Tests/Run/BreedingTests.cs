using LPZero.Coordinator.Run;
using LPZero.Coordinator.Tests.Randomness;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>Offspring, seen through the proposals of a search.</summary>
public sealed class BreedingTests
{
    private const int Candidates = 6;

    private static readonly SearchConfiguration Configuration = SyntheticSearch.Small with
    {
        TournamentRatio = 0.3,
        OffspringPerIteration = 10,
        Iterations = 60,
        LayerReductions = [LayerReduction.Sum, LayerReduction.Mean, LayerReduction.AllButLast],
        Pruning = PruningMode.None,
    };

    [Fact]
    public void Mutation_alone_changes_at_most_three_genes_of_a_candidate()
    {
        var distances = Distances(Configuration with { CrossoverRate = 0, MutationRate = 1 });
        Assert.All(distances, distance => Assert.InRange(distance, 1, 3));
        Assert.Equal([1, 2, 3], distances.Distinct().Order());
    }

    [Fact]
    public void Crossover_alone_takes_every_gene_from_one_of_two_candidates()
    {
        var configuration = Configuration with { CrossoverRate = 1, MutationRate = 0 };
        var mixed = 0;
        ForEachOffspring(configuration, (offspring, candidates) =>
        {
            Assert.Contains(
                from a in candidates from b in candidates where !ReferenceEquals(a, b) select (a, b),
                parents => offspring.Zip(parents.a.Zip(parents.b)).All(g => g.First == g.Second.First || g.First == g.Second.Second));
            mixed++;
        });
        Assert.True(mixed > 50);
    }

    [Fact]
    public void Without_crossover_and_mutation_offspring_are_copies_so_that_draws_replace_them()
    {
        var search = new SyntheticSearch(Configuration with { CrossoverRate = 0, MutationRate = 0 });
        search.Run();
        Assert.All(
            search.Events.OfType<RoundProposed>().Where(e => e.Iteration > 0).SelectMany(e => e.Proposals),
            proposal => Assert.Equal(ProposalOrigin.Regenerated, proposal.Origin));
    }

    [Fact]
    public void The_layer_reduction_is_inherited_and_mutated_like_any_gene()
    {
        var search = new SyntheticSearch(Configuration with { Strategy = SearchStrategy.Evolution });
        search.Run();
        var reductions = search.Events.OfType<RoundProposed>().SelectMany(e => e.Proposals).Select(p => p.Proxy.LayerReduction!.Value)
            .Distinct();
        Assert.Equal(Configuration.LayerReductions.Order(), reductions.Order());
    }

    [Fact]
    public void A_round_proposes_no_canonical_form_twice_nor_one_that_the_population_holds()
    {
        var search = new SyntheticSearch(Configuration with { UnaryOperations = 1, Pruning = PruningMode.Sound });
        search.Do(search.Start());
        while (!search.IsOver)
        {
            var proposed = search.State.Pending.Select(p => search.Process.Pruning.Judge(p.Proxy).Canonical).ToList();
            Assert.Equal(proposed.Count, proposed.Distinct().Count());
            Assert.Empty(proposed.Intersect(search.State.Population.Select(m => m.Canonical)));
            search.ScoreOpenRound();
        }
    }

    [Fact]
    public void The_first_population_is_drawn_evenly()
    {
        var search = new SyntheticSearch(Configuration with { Population = 12_000 });
        search.Do(search.Start());
        var proxies = search.State.Pending.Select(p => p.Proxy).ToList();
        AssertEven(6, p => (int)p.Left.Input);
        AssertEven(6, p => (int)p.Right.Input);
        AssertEven(4, p => (int)p.Operation);
        AssertEven(3, p => Configuration.LayerReductions.IndexOf(p.LayerReduction!.Value));
        // A live operation beside a live partner: two disconnected branches are refused, so disconnect is rarer.
        AssertEven(20, p => p.Left.IsDisconnected ? -1 : (int)p.Left.Chain[0]);

        void AssertEven(int values, Func<Proxy, int> gene)
        {
            var counts = proxies.Select(gene).Where(v => v >= 0).GroupBy(v => v).Select(g => g.Count()).ToList();
            Assert.Equal(values, counts.Count);
            Assert.InRange(ChiSquared.Statistic(counts), 0, ChiSquared.Bound(values - 1));
        }
    }

    [Theory]
    [InlineData(SearchStrategy.Evolution)]
    [InlineData(SearchStrategy.Random)]
    public void The_first_population_begins_with_the_known_proxies_and_what_the_rules_refuse_is_left_out_and_counted(
        SearchStrategy strategy)
    {
        var search = new SyntheticSearch(Configuration with
        {
            Pruning = PruningMode.Sound,
            Strategy = strategy,
            StartWith = [.. new[] { "exp(H) * W", "S", "W @ exp(H)", "std(J) - square(abs_log(A))" }.Select(ProxyText.ParseProxy)],
        });
        search.Do(search.Start());

        Assert.Equal(Configuration.Population, search.State.Pending.Length);
        Assert.Equal(
            ["sum[no_op(exp(H)) * no_op(no_op(W))]", "sum[no_op(std(J)) - square(abs_log(A))]"],
            search.State.Pending.Where(p => p.Origin == ProposalOrigin.Given).Select(p => p.Proxy.ToString()));
        Assert.True(search.State.RuleHits["value-free"] > 0);
        Assert.True(search.State.RuleHits["in-population"] > 0);

        search.Run();
        Assert.Equal(2, search.Events.OfType<RoundProposed>().SelectMany(e => e.Proposals).Count(p => p.Origin == ProposalOrigin.Given));
    }

    [Fact]
    public void A_population_of_two_has_two_parents()
    {
        var search = new SyntheticSearch(Configuration with { Population = 2, TournamentRatio = 0.1 });
        search.Run();
        Assert.Equal(Configuration.Iterations, search.State.Iteration);
    }

    private static List<int> Distances(SearchConfiguration configuration)
    {
        var distances = new List<int>();
        ForEachOffspring(configuration, (offspring, candidates) =>
            distances.Add(candidates.Min(c => c.Zip(offspring).Count(g => g.First != g.Second))));
        Assert.True(distances.Count > 200);
        return distances;
    }

    /// <summary>The genes of every bred proposal and of the candidates for its parents.</summary>
    private static void ForEachOffspring(SearchConfiguration configuration, Action<int[], List<int[]>> test)
    {
        var genome = new Genome(configuration);
        var search = new SyntheticSearch(configuration);
        search.Do(search.Start());
        while (!search.IsOver)
        {
            if (search.State.Iteration > 0)
            {
                var candidates = search.State.Population.Take(Candidates).Select(m => Genes(m.Proxy)).ToList();
                foreach (var proposal in search.State.Pending.Where(p => p.Origin == ProposalOrigin.Bred))
                {
                    test(Genes(proposal.Proxy), candidates);
                }
            }

            search.ScoreOpenRound();
        }

        int[] Genes(Proxy proxy)
        {
            var genes = new int[genome.Count];
            genome.Read(proxy, genes);
            return genes;
        }
    }
}
