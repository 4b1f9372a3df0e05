using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Choosing;

/// <summary>What is made of the best proxies and of the structure.</summary>
public sealed class SelectionTests
{
    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        UnaryOperations = 1,
    };

    private static readonly PredictorForms Forms = new(Configuration.Combine);
    private static readonly ProxySpace Space = new(Configuration);

    [Fact]
    public void An_ensemble_is_better_on_its_own_architectures_than_the_best_proxy_and_of_three_at_most()
    {
        var set = MadeUpTerms.Set(48);
        var table = MadeUpTerms.Table(set, Space.Branches);
        var candidates = Best(set, table);
        var selection = On(set, table);

        var ensemble = selection.Select(AnswerRule.Ensemble, candidates)!;
        var mean = selection.Select(AnswerRule.MeanRank, candidates)!;

        Assert.InRange(ensemble.Proxies.Length, 2, Selection.LargestEnsemble);
        Assert.True(RhoOf(ensemble, set, table) > RhoOf(PredictorGroup.Of(candidates[0]), set, table));
        Assert.Equal(Selection.TopCount, mean.Proxies.Length);
        Assert.Equal(candidates[0], mean.Proxies[0]);
    }

    [Fact]
    public void A_prefix_decides_before_every_proxy()
    {
        var set = MadeUpTerms.Set(48);
        var table = MadeUpTerms.Table(set, Space.Branches);
        var candidates = Best(set, table);
        var on = new FittedStructure(MadeUpTerms.Structures(set), set, seed: 1);
        foreach (var name in NamedRankings.NamesOf(on.Structures))
        {
            var prefix = NamedRankings.Find(name, on)!.Value;
            var selected = new Selection(on, prefix, proxy => Scores(proxy, set, table)).Select(AnswerRule.Proxy, candidates)!;
            var first = PredictorScores.Of(PredictorGroup.Lexicographic(prefix), set, on.Structures.Of, _ => table, Forms);
            var second = Scores(candidates[0], set, table);

            var scores = PredictorScores.Of(selected, set, on.Structures.Of, _ => table, Forms);

            var order = Enumerable.Range(0, scores.Length).OrderBy(i => first[i]).ThenBy(i => second[i]);
            Assert.Equal(order, Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]));
        }

        Assert.Null(NamedRankings.Find("no such ranking", on));
    }

    [Fact]
    public void Structure_counts_beside_proxies_where_it_tells_what_it_has_not_seen_and_not_at_all_elsewhere()
    {
        var random = new SplittableRandom(5);
        var made = MadeUpTerms.Set(60);
        var table = MadeUpTerms.Table(made, Space.Branches);
        var told = WithTruths(made, i => made.Architectures[i].Genotype.LayerCount + (made.Architectures[i].Genotype.HiddenSize / 1000.0));
        var untold = WithTruths(made, _ => random.NextDouble());

        var both = On(told, table).Select(AnswerRule.Sum, Best(told, table))!;
        var proxies = On(untold, table).Select(AnswerRule.Sum, Best(untold, table))!;

        var structure = Assert.IsType<GroupPart>(both.Parts[0]);
        Assert.All(structure.Group.Leaves, part => Assert.IsType<FeaturePart>(part));
        Assert.True(Math.Abs(structure.Coefficient) > Math.Abs(both.Parts[1].Coefficient));
        Assert.All(both.Parts[1].ToString().Split(" and "), part => Assert.NotEmpty(part));
        Assert.True(RhoOf(both, told, table) > 0.95);
        Assert.All(proxies.Leaves, part => Assert.IsType<ProxyPart>(part));
        Assert.Equal(
            Scores(On(untold, table).Select(AnswerRule.MeanRank, Best(untold, table))!, untold, table),
            Scores(proxies, untold, table));
    }

    [Fact]
    public void A_regression_has_a_proxy_where_that_tells_what_structure_does_not()
    {
        var made = MadeUpTerms.Set(60);
        var table = MadeUpTerms.Table(made, Space.Branches);
        var telling = new ProxyPart(ProxyText.ParseProxy("sum[sigmoid(H)]"), Reduction.Mean, Reduction.Mean);
        var own = Scores(telling, made, table);
        var set = WithTruths(made, i => made.Architectures[i].Genotype.LayerCount + (4 * own[i] / own.Max(Math.Abs)));

        var regression = On(set, table).Select(AnswerRule.Regression, [telling, .. Best(set, table)])!;
        var structure = StructureRegression.Fit(MadeUpTerms.Structures(set), set, seed: 1)!.Group;

        Assert.Contains(regression.Proxies, proxy => proxy == telling);
        Assert.Contains(regression.Leaves, part => part is FeaturePart);
        Assert.True(RhoOf(regression, set, table) > RhoOf(structure, set, table) + 0.02);
    }

    [Fact]
    public void So_few_networks_allow_no_regression()
    {
        var set = MadeUpTerms.Set(9);
        var table = MadeUpTerms.Table(set, Space.Branches);
        Assert.Null(On(set, table).Select(AnswerRule.Sum, Best(set, table)));
        Assert.Null(On(set, table).Select(AnswerRule.Regression, Best(set, table)));
    }

    private static ArchitectureSet WithTruths(ArchitectureSet set, Func<int, double> truth) =>
        set with { Architectures = [.. set.Architectures.Select((a, i) => a with { Truth = truth(i) })] };

    private static ImmutableArray<ProxyPart> Best(ArchitectureSet set, TermTable table) =>
    [
        .. new ExhaustiveRanking(Space, new RankedSet(set), table, minDistinct: 0.5).RankAll(100).Best.Select(best =>
            new ProxyPart(
                (Space.At(best.Ordinal) with { LayerReduction = LayerReduction.Sum }).ToProxy(), Reduction.Mean, Reduction.Mean)),
    ];

    private static Selection On(ArchitectureSet set, TermTable table) =>
        new(new FittedStructure(MadeUpTerms.Structures(set), set, seed: 1), prefix: [], proxy => Scores(proxy, set, table));

    private static double[] Scores(ProxyPart proxy, ArchitectureSet set, TermTable table) =>
        ProxyScores.Of(set, table, Forms.Of(proxy), LayerReduction.Sum);

    private static double[] Scores(PredictorGroup group, ArchitectureSet set, TermTable table) =>
        PredictorScores.Of(group, set, MadeUpTerms.Structures(set).Of, _ => table, Forms);

    private static double RhoOf(PredictorGroup group, ArchitectureSet set, TermTable table) =>
        Spearman.Rho(Scores(group, set, table), set.Truths);
}
