using System.Collections.Immutable;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Exhaustive;

public sealed class ExhaustiveRankingTests
{
    private const int Top = 50;

    private static readonly SearchConfiguration OneOperation = new SearchConfiguration { Preset = "default" } with
    {
        UnaryOperations = 1,
        MinDistinct = 0.5,
    };

    [Theory]
    [InlineData(PruningMode.Sound, Reduction.Mean, LayerReduction.Sum, 23, 0.8)]
    [InlineData(PruningMode.Sound, Reduction.Sum, LayerReduction.Mean, 30, 0.0)]
    [InlineData(PruningMode.Paper, Reduction.Mean, LayerReduction.AllButLast, 9, 0.0)]
    [InlineData(PruningMode.Paper, Reduction.Mean, LayerReduction.Last, 50, 0.5)]
    public void The_whole_space_of_one_operation_ranks_as_every_raw_proxy_does_one_by_one(
        PruningMode pruning, Reduction elements, LayerReduction layers, int architectures, double minDistinct)
    {
        var configuration = OneOperation with
        {
            Pruning = pruning,
            ElementReduction = elements,
            LayerReductions = [layers],
            MinDistinct = minDistinct,
        };
        var set = MadeUpTerms.Set(architectures);
        var space = new ProxySpace(configuration);
        var table = MadeUpTerms.Table(set, space.Branches);

        var worker = new ExhaustiveRanking(space, new RankedSet(set), table, minDistinct).CreateWorker(Top, keepKeys: true);
        for (var block = 0;
             block < (space.Branches.Length + ExhaustiveRanking.BlockBranches - 1) / ExhaustiveRanking.BlockBranches; block++)
        {
            worker.Rank(block);
        }

        var tally = worker.TakeTally();
        var oneByOne = OneByOne(configuration, set, table);
        Assert.Equal(space.Count, tally.Proxies);
        AssertSame(oneByOne, space, tally);
        Assert.Equal(DistinctRankings(oneByOne, set, table, layers), DistinctRankings(worker));
    }

    [Theory]
    [InlineData(FitnessTarget.Residual, 23, 0.8)]
    [InlineData(FitnessTarget.Sum, 23, 0.8)]
    [InlineData(FitnessTarget.Sum, 50, 0.0)]
    public void Another_criterion_than_the_truth_ranks_the_space_as_it_ranks_every_proxy_one_by_one(
        FitnessTarget fitness, int architectures, double minDistinct)
    {
        var configuration = OneOperation with { Fitness = fitness, MinDistinct = minDistinct };
        var set = MadeUpTerms.Set(architectures);
        var space = new ProxySpace(configuration);
        var table = MadeUpTerms.Table(set, space.Branches);
        double[] predicted = [.. set.Architectures.Select(a => a.Genotype.LayerCount + (a.Genotype.HiddenSize / 1000.0))];
        var criterion = fitness == FitnessTarget.Sum ? Criterion.Sum(set, predicted) : Criterion.Residual(set, predicted);

        var worker = new ExhaustiveRanking(space, new RankedSet(set, criterion), table, minDistinct).CreateWorker(Top, keepKeys: true);
        for (var block = 0; block * ExhaustiveRanking.BlockBranches < space.Branches.Length; block++)
        {
            worker.Rank(block);
        }

        var oneByOne = OneByOne(configuration, set, table, criterion);
        AssertSame(oneByOne, space, worker.TakeTally());
        Assert.Contains(oneByOne.Values, outcome => outcome.Fitness is { } found && Math.Abs(found.Compared - found.Rho) > 0.1);
        Assert.Equal(DistinctRankings(oneByOne, set, table, LayerReduction.Sum), DistinctRankings(worker));
    }

    [Fact]
    public void A_layer_reduction_that_is_a_gene_makes_a_space_of_its_own_for_each()
    {
        var configuration = OneOperation with { LayerReductions = [LayerReduction.Last, LayerReduction.Sum] };
        var set = MadeUpTerms.Set(20);
        var space = new ProxySpace(configuration);
        var table = MadeUpTerms.Table(set, space.Branches);

        var tally = new ExhaustiveRanking(space, new RankedSet(set), table, configuration.MinDistinct).RankAll(Top);

        AssertSame(OneByOne(configuration, set, table), space, tally);
        Assert.All(tally.Best, best => Assert.NotNull(space.At(best.Ordinal).LayerReduction));
    }

    [Theory]
    [InlineData(1, PruningMode.Sound, Reduction.Mean)]
    [InlineData(1, PruningMode.Paper, Reduction.Sum)]
    [InlineData(2, PruningMode.Sound, Reduction.Mean)]
    [InlineData(2, PruningMode.Sound, Reduction.Sum)]
    [InlineData(2, PruningMode.Paper, Reduction.Mean)]
    public void The_space_has_as_many_proxies_as_the_rules_leave_canonical_forms(int operations, PruningMode pruning, Reduction elements) =>
        Assert.Equal(
            SpaceSize.Measure(operations, pruning, elements).Canonical,
            new ProxySpace(OneOperation with { UnaryOperations = operations, Pruning = pruning, ElementReduction = elements }).Count);

    [Fact]
    public void Parts_of_the_space_add_up_to_the_whole_in_any_order()
    {
        var set = MadeUpTerms.Set(25);
        var space = new ProxySpace(OneOperation);
        var ranking = new ExhaustiveRanking(space, new RankedSet(set), MadeUpTerms.Table(set, space.Branches), 0.5);

        var whole = ranking.RankAll(Top);
        var backwards = ExhaustiveTally.Empty;
        for (var block = ranking.Blocks - 1; block >= 0; block--)
        {
            var worker = ranking.CreateWorker(Top, keepKeys: false);
            worker.Rank(block);
            backwards = backwards.Plus(worker.TakeTally(), Top);
        }

        Assert.Equal((whole.Proxies, whole.Valid), (backwards.Proxies, backwards.Valid));
        Assert.Equal(whole.Invalid, backwards.Invalid);
        Assert.Equal(whole.Histogram.AsEnumerable(), backwards.Histogram.AsEnumerable());
        Assert.Equal(whole.Best.AsEnumerable(), backwards.Best.AsEnumerable());
        Assert.Equal(whole.BestByInputs.AsEnumerable(), backwards.BestByInputs.AsEnumerable());
    }

    [Fact]
    public void Strata_are_ranked_first_and_the_scores_only_within_them()
    {
        var set = MadeUpTerms.Set(40);
        var space = new ProxySpace(OneOperation);
        var table = MadeUpTerms.Table(set, space.Branches);
        int[] strata = [.. set.Architectures.Select(a => (a.Genotype.LayerCount * 1000) + a.Genotype.HiddenSize)];

        var behind = new RankedSet(set, Criterion.Behind(set, [.. strata.Select(stratum => (double)stratum)]));

        var best = new ExhaustiveRanking(space, behind, table, minDistinct: 0).RankAll(Top).Best;

        Assert.Equal(Top, best.Length);
        var byNetwork = new double[set.Networks.Length];
        foreach (var ranked in best)
        {
            ProxyScores.Compute(table, space.At(ranked.Ordinal), LayerReduction.Sum, byNetwork);
            double[] scores = [.. set.NetworkOf.Select(network => byNetwork[network])];
            double[] order = [.. Enumerable.Range(0, scores.Length).Select(i => (double)Enumerable.Range(0, scores.Length)
                .Count(j => (strata[j], scores[j]).CompareTo((strata[i], scores[i])) < 0))];
            Assert.Equal(Spearman.Rho(order, set.Truths), ranked.Rho);
        }
    }

    [Fact]
    public void Ranking_a_block_allocates_nothing_but_what_its_best_proxies_take()
    {
        var set = MadeUpTerms.Set(50);
        var space = new ProxySpace(OneOperation);
        var worker = new ExhaustiveRanking(space, new RankedSet(set), MadeUpTerms.Table(set, space.Branches), 0.5)
            .CreateWorker(Top, keepKeys: false);
        worker.Rank(0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        worker.Rank(1);
        worker.Rank(2);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void The_quantile_counts_the_valid_proxies_that_are_not_better()
    {
        var set = MadeUpTerms.Set(30);
        var space = new ProxySpace(OneOperation);
        var table = MadeUpTerms.Table(set, space.Branches);
        var tally = new ExhaustiveRanking(space, new RankedSet(set), table, 0.5).RankAll(Top);
        double[] rhos = [.. OneByOne(OneOperation, set, table).Values.Where(o => o.Fitness is not null).Select(o => o.Fitness!.Rho)];

        var result = ExhaustiveResult.Of(space, tally, distinctRankings: 0, new FitnessFunction(OneOperation, set, table));

        var best = result.StandingOf(result.Top[0].Fitness.Rho);
        Assert.Equal((0, 0, 1), (best.BetterAtLeast, best.BetterAtMost, best.QuantileAtLeast));
        foreach (var rho in new[] { result.Top[7].Fitness.Rho, result.Top[^1].Fitness.Rho })
        {
            long better = rhos.Count(other => other > rho);
            Assert.Equal((better, better), (result.StandingOf(rho).BetterAtLeast, result.StandingOf(rho).BetterAtMost));
        }

        // Below the best ones it is known but for the proxies of one bin.
        foreach (var rho in rhos.Order().Where((_, i) => i % 50 == 0).Where(rho => rho < result.Top[^1].Fitness.Rho))
        {
            var standing = result.StandingOf(rho);
            Assert.InRange(rhos.Count(other => other > rho), standing.BetterAtLeast, standing.BetterAtMost);
            Assert.Equal(rhos.Count(other => ExhaustiveTally.BinOf(other) == ExhaustiveTally.BinOf(rho)) - 1,
                standing.BetterAtMost - standing.BetterAtLeast);
            Assert.Equal(1 - ((double)standing.BetterAtMost / rhos.Length), standing.QuantileAtLeast, 12);
        }

        var median = rhos.Order().ElementAt((rhos.Length - 1) / 2);
        Assert.Equal(ExhaustiveTally.BinOf(median), ExhaustiveTally.BinOf(result.RhoAt(0.5) + 1e-6));
        Assert.Equal(21 + 6, result.BestByInputs.Length);
    }

    private static void AssertSame(Dictionary<CanonicalProxy, Outcome> expected, ProxySpace space, ExhaustiveTally tally)
    {
        double[] rhos = [.. expected.Values.Where(outcome => outcome.Fitness is not null).Select(outcome => outcome.Fitness!.Compared)
            .OrderDescending()];
        Assert.True(rhos.Length > 100, $"only {rhos.Length} proxies are valid");
        Assert.Equal(expected.Count, tally.Proxies);
        Assert.Equal(rhos.Length, tally.Valid);
        Assert.Equal(
            expected.Values.Where(outcome => outcome.Invalid is not null).GroupBy(outcome => outcome.Invalid!.Value)
                .ToImmutableSortedDictionary(reason => reason.Key, reason => reason.LongCount()),
            tally.Invalid);
        Assert.Equal(rhos.Take(Top), tally.Best.Select(best => best.Rho));
        Assert.All(tally.Best, best => Assert.Equal(expected[space.At(best.Ordinal)].Fitness!.Compared, best.Rho));
        Assert.Equal(tally.Best.Length, tally.Best.Select(best => best.Ordinal).Distinct().Count());

        var histogram = new long[ExhaustiveTally.Bins];
        foreach (var rho in rhos)
        {
            histogram[ExhaustiveTally.BinOf(rho)]++;
        }

        Assert.Equal(histogram, tally.Histogram);
        foreach (var inputs in expected.Where(p => p.Value.Fitness is not null).GroupBy(p => Inputs(p.Key)))
        {
            var best = tally.BestByInputs.Where(b => b is not null && Inputs(space.At(b.Value.Ordinal)) == inputs.Key).ToList();
            Assert.Equal(inputs.Max(p => p.Value.Fitness!.Compared), Assert.Single(best)!.Value.Rho);
        }
    }

    private static (InputKind, InputKind?) Inputs(CanonicalProxy proxy) => proxy.Right is not { } right
        ? (proxy.Left.Input, null)
        : proxy.Left.Input <= right.Input ? (proxy.Left.Input, right.Input) : (right.Input, proxy.Left.Input);

    private static Dictionary<CanonicalProxy, Outcome> OneByOne(
        SearchConfiguration configuration, ArchitectureSet set, TermTable table, Criterion? criterion = null)
    {
        var pruning = new RuleBasedPruning(configuration.Pruning, configuration.ElementReduction);
        var fitness = new FitnessFunction(configuration, set, table, criterion);
        LayerReduction?[] genes = configuration.LayerReductions.Length > 1
            ? [.. configuration.LayerReductions.Select(r => (LayerReduction?)r)]
            : [null];
        var branches = Enum.GetValues<InputKind>()
            .SelectMany(input => Chain.All(configuration.UnaryOperations).Select(chain => new Branch(input, chain))).ToList();
        var raw =
            from gene in genes
            from left in branches
            from right in branches
            from operation in Enum.GetValues<BinaryOperation>()
            select new Proxy(left, operation, right, gene);
        return raw.Select(pruning.Judge).Where(verdict => verdict.Refusal is null).Select(verdict => verdict.Canonical!).Distinct()
            .ToDictionary(proxy => proxy, fitness.Evaluate);
    }

    private static long DistinctRankings(ExhaustiveRanking.Worker worker)
    {
        var distinct = new DistinctRankings(expected: 1);
        foreach (var key in worker.TakeKeys())
        {
            distinct.Add(key);
        }

        return distinct.Count;
    }

    private static long DistinctRankings(
        Dictionary<CanonicalProxy, Outcome> outcomes, ArchitectureSet set, TermTable table, LayerReduction reduction)
    {
        var byNetwork = new double[set.Networks.Length];
        var ranks = new double[set.Architectures.Length];
        return outcomes.Where(p => p.Value.Fitness is not null).Select(p =>
        {
            ProxyScores.Compute(table, p.Key, reduction, byNetwork);
            Ranks.Average([.. set.NetworkOf.Select(network => byNetwork[network])], ranks);
            return string.Join(' ', ranks);
        }).Distinct(StringComparer.Ordinal).LongCount();
    }
}
