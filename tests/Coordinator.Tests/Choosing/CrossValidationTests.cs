using System.Collections.Immutable;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Choosing;

public sealed class CrossValidationTests
{
    private const int Folds = 4;
    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        UnaryOperations = 1,
    };

    private static readonly PredictorForms Forms = new(Configuration.Combine);

    // The made-up terms have one tensor a layer and one element a result, so that all reductions of these agree.
    private static readonly ImmutableArray<ChoosingOption> Options =
    [
        .. ChoosingOption.All(Configuration.Inputs, Configuration.MinDistinct, RankingNames.LayersThenHiddenSize).Where(option =>
            option is { ActivationsWeightsSoftmax: false, Elements: Reduction.Mean, Tensors: Reduction.Mean, MinDistinct: > 0 }),
    ];

    [Fact]
    public void The_option_that_generalises_is_chosen()
    {
        // The truth ranks as the last layer's number of one branch, which only that layer reduction finds.
        var (set, table) = Made();
        var telling = new CanonicalProxy(false, new Branch(InputKind.H, Chain.Of(UnaryOperation.Exp)), null, null, LayerReduction.Last);
        var byNetwork = new double[set.Networks.Length];
        ProxyScores.Compute(table, telling, LayerReduction.Last, byNetwork);
        set = set with
        {
            Architectures =
            [
                .. set.Architectures.Select((a, i) => a with { Truth = byNetwork.Count(other => other < byNetwork[set.NetworkOf[i]]) }),
            ],
        };

        var validation = Validation(set, table);
        var candidates = validation.Tasks.ToDictionary(task => task, validation.Run);
        ImmutableArray<ValidatedOption> validated = [.. Options.Select(o => validation.Validate(o, candidates)).OfType<ValidatedOption>()];
        var chosen = CrossValidation.Choose(validated);

        Assert.Equal(validated.Max(option => option.Rho), chosen.Rho);
        Assert.Contains(LayerReduction.Last, chosen.Option.LayerReductions);
        Assert.Equal(new ChoosingRanking(null, FitnessTarget.Truth, AnswerRule.Proxy), chosen.Option.Ranking);
        Assert.Equal(1, chosen.SearchRho, 12);
        Assert.Equal(Spearman.Rho(PredictorScores.Of(chosen.Predictor, set, null, _ => table, Forms), set.Truths), chosen.SearchRho);
        Assert.Equal(Options.Length, validated.Length);
        Assert.Equal(validated.Length, validated.Select(option => option.Option.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(RankingNames.LayersThenHiddenSize, FitnessTarget.Truth)]
    [InlineData(RankingNames.StructureRegression, FitnessTarget.Truth)]
    [InlineData(null, FitnessTarget.Residual)]
    [InlineData(null, FitnessTarget.Sum)]
    public void The_truths_of_a_fold_take_no_part_in_what_is_found_without_it(string? prefix, FitnessTarget fitness)
    {
        var (set, table) = Made();
        var fold = NetworkFolds.Split(set, Folds, Configuration.Seed)[2];
        var others = fold.Test.Architectures.ToDictionary(a => a.Id, a => -a.Truth, StringComparer.Ordinal);
        var changed = set with
        {
            Architectures = [.. set.Architectures.Select(a => others.TryGetValue(a.Id, out var truth) ? a with { Truth = truth } : a)],
        };
        var task = new RankingTask(
            2, ActivationsWeightsSoftmax: false, LayerReduction.Sum, Reduction.Mean, Reduction.Mean, prefix, fitness, 0);
        var everything = task with { Fold = RankingTask.NothingLeftOut };

        var (before, after) = (Validation(set, table), Validation(changed, table));

        Assert.Equal(before.Run(task).AsEnumerable(), after.Run(task).AsEnumerable());
        Assert.NotEqual(before.Run(everything).AsEnumerable(), after.Run(everything).AsEnumerable());
    }

    private static (ArchitectureSet Set, TermTable Table) Made()
    {
        var set = MadeUpTerms.Set(48);
        return (set, MadeUpTerms.Table(
            set, Enum.GetValues<Reduction>().SelectMany(elements => CrossValidation.Branches(Configuration, elements)).Distinct()));
    }

    private static CrossValidation Validation(ArchitectureSet set, TermTable table) =>
        new(Configuration, Options, set, MadeUpTerms.Structures(set), Tables(table), Folds);

    private static ImmutableDictionary<(Reduction, Reduction), TermTable> Tables(TermTable table) => (
        from elements in Enum.GetValues<Reduction>()
        from tensors in Enum.GetValues<Reduction>()
        select (elements, tensors)).ToImmutableDictionary(key => key, _ => table);
}
