using System.Collections.Immutable;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Choosing;

public sealed class CrossValidationTests
{
    private const int Folds = 4;
    private static readonly SearchConfiguration Configuration = SearchConfiguration.Presets["default"] with { UnaryOperations = 1 };

    private static readonly PredictorForms Forms = new(Configuration.Combine);

    private static readonly ImmutableArray<ChoosingOption> Options =
    [
        .. ChoosingOption.All(Configuration.Inputs, Configuration.MinDistinct),
    ];

    [Fact]
    public void The_option_that_generalises_is_chosen()
    {
        // The truth is the last layer's number of one branch, which only that layer reduction finds.
        var (set, table) = Made();
        var telling = new CanonicalProxy(false, new Branch(InputKind.H, Chain.Of(UnaryOperation.Exp)), null, null, LayerReduction.Last);
        var byNetwork = new double[set.Networks.Length];
        ProxyScores.Compute(table, telling, LayerReduction.Last, byNetwork);
        set = set with { Architectures = [.. set.Architectures.Select((a, i) => a with { Truth = byNetwork[set.NetworkOf[i]] })] };

        var validation = new CrossValidation(Configuration, Options, set, Tables(table), Folds);
        var candidates = validation.Tasks.ToDictionary(task => task, validation.Run);
        var validated = validation.Validate(candidates);
        var chosen = CrossValidation.Choose(validated);

        Assert.Equal(validated.Max(option => option.Rho), chosen.Rho);
        Assert.Contains(LayerReduction.Last, chosen.Option.LayerReductions);
        Assert.False(chosen.Option.StructureFirst);
        Assert.Equal(1, chosen.SearchRho, 12);
        Assert.Equal(Spearman.Rho(Scores(chosen.Predictor, set, table), set.Truths), chosen.SearchRho);
        Assert.Equal(validated.Length, validated.Select(option => option.Option.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_truths_of_a_fold_take_no_part_in_what_is_found_without_it()
    {
        var (set, table) = Made();
        var fold = NetworkFolds.Split(set, Folds, Configuration.Seed)[2];
        var others = fold.Test.Architectures.ToDictionary(a => a.Id, a => -a.Truth, StringComparer.Ordinal);
        var changed = set with
        {
            Architectures = [.. set.Architectures.Select(a => others.TryGetValue(a.Id, out var truth) ? a with { Truth = truth } : a)],
        };
        var task = new RankingTask(
            2, ActivationsWeightsSoftmax: false, LayerReduction.Sum, Reduction.Mean, Reduction.Mean, StructureFirst: true, 0);
        var everything = task with { Fold = RankingTask.NothingLeftOut };

        var before = new CrossValidation(Configuration, Options, set, Tables(table), Folds);
        var after = new CrossValidation(Configuration, Options, changed, Tables(table), Folds);

        Assert.Equal(before.Run(task).AsEnumerable(), after.Run(task).AsEnumerable());
        Assert.NotEqual(before.Run(everything).AsEnumerable(), after.Run(everything).AsEnumerable());
    }

    [Fact]
    public void An_ensemble_is_at_least_as_good_on_its_own_architectures_as_the_best_proxy_and_of_three_at_most()
    {
        var (set, table) = Made();
        var validation = new CrossValidation(Configuration, Options, set, Tables(table), Folds);
        var candidates = validation.Run(new RankingTask(
            RankingTask.NothingLeftOut, ActivationsWeightsSoftmax: false, LayerReduction.Sum, Reduction.Mean, Reduction.Mean, false, 0));

        var option = new ChoosingOption(
            ActivationsWeightsSoftmax: false, [LayerReduction.Sum], Reduction.Mean, Reduction.Mean, StructureFirst: false, MinDistinct: 0,
            SelectionRule.Ensemble);
        var ensemble = Selection.Select(option, candidates, set, table, Forms);
        var mean = Selection.Select(option with { Rule = SelectionRule.MeanRankOfTop }, candidates, set, table, Forms);
        var best = Selection.Select(option with { Rule = SelectionRule.Best, StructureFirst = true }, candidates, set, table, Forms);

        Assert.InRange(ensemble.Proxies.Length, 2, Selection.LargestEnsemble);
        Assert.True(Spearman.Rho(Scores(ensemble, set, table), set.Truths) > candidates[0].Rho);
        Assert.Equal(Selection.TopCount, mean.Proxies.Length);
        Assert.Equal(candidates[0].Proxy, Forms.Of(mean.Proxies[0]));
        Assert.Equal(
            Scores(PredictorGroup.StructureFirst(mean.Proxies[0]), set, table), Scores(best, set, table));
    }

    private static double[] Scores(PredictorGroup predictor, ArchitectureSet set, TermTable table) =>
        PredictorScores.Of(predictor, set, structureOf: null, _ => table, Forms);

    private static (ArchitectureSet Set, TermTable Table) Made()
    {
        var set = MadeUpTerms.Set(48);
        return (set, MadeUpTerms.Table(
            set, Enum.GetValues<Reduction>().SelectMany(elements => CrossValidation.Branches(Configuration, elements)).Distinct()));
    }

    // The made-up terms have one tensor a layer and one element a result, so that all reductions of these agree.
    private static ImmutableDictionary<(Reduction, Reduction), TermTable> Tables(TermTable table) => (
        from elements in Enum.GetValues<Reduction>()
        from tensors in Enum.GetValues<Reduction>()
        select (elements, tensors)).ToImmutableDictionary(key => key, _ => table);
}
