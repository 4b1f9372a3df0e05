using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Scoring;

public sealed class FitnessFunctionTests
{
    private static readonly CanonicalProxy Head = new(
        Negated: false, ProxyText.ParseBranch("H"), Operation: null, Right: null, LayerReduction: null);

    private static readonly SearchConfiguration Plain = new() { Preset = "default", MinDistinct = 0 };

    [Fact]
    public void A_score_that_ranks_as_the_truth_has_the_fitness_one()
    {
        var outcome = Evaluate(minDistinct: 1, [1, 2, 3, 4, 50]);
        Assert.Null(outcome.Invalid);
        Assert.Equal((1, 1, 1), (outcome.Fitness!.Rho, outcome.Fitness.TauA, outcome.Fitness.TauB));
        Assert.Equal(-1, Evaluate(minDistinct: 1, [5, 4, 3, 2, 1]).Fitness!.Rho);
    }

    [Fact]
    public void Equal_rankings_have_one_digest_and_others_another()
    {
        var ranking = Ranking(1, 2, 3, 4, 5);
        Assert.Equal(ranking, Ranking(-7, 0, 1, 1e6, 1e7));
        double[][] others = [[5, 4, 3, 2, 1], [2, 1, 3, 4, 5], [1, 2, 3, 5, 4], [1, 2, 3, 4, 4], [1, 1, 3, 4, 5]];
        Assert.Equal(others.Length + 1, others.Select(scores => Ranking(scores)).Append(ranking).Distinct().Count());

        static ulong Ranking(params double[] scores) => Evaluate(minDistinct: 0, scores).Fitness!.Ranking;
    }

    [Fact]
    public void Against_the_residual_a_ranking_counts_by_what_the_prediction_leaves_of_the_truth()
    {
        var set = Set(5);
        double[] predicted = [0.5, 1.4, 2.3, 3.2, 4.1];
        var outcome = Evaluate(Plain, set, [1, 2, 3, 4, 5], Criterion.Residual(set, predicted));

        // The truths are 0 to 4: -0.5 to -0.1 is left of them.
        Assert.Equal((1, 1), (outcome.Fitness!.Rho, outcome.Fitness.Compared));
        double[] tooSteep = [0, 2, 4, 6, 8];
        outcome = Evaluate(Plain, set, [1, 2, 3, 4, 5], Criterion.Residual(set, tooSteep));
        Assert.Equal((1, -1), (outcome.Fitness!.Rho, outcome.Fitness.Compared));
    }

    [Fact]
    public void In_a_sum_both_rankings_count_and_where_they_cancel_nothing_is_ranked()
    {
        var set = Set(5);
        double[] predicted = [3, 1, 2, 5, 4];
        var outcome = Evaluate(Plain, set, [1, 2, 3, 5, 4], Criterion.Sum(set, predicted));

        Assert.Equal(Spearman.Rho([4, 3, 5, 10, 8], [0, 1, 2, 3, 4]), outcome.Fitness!.Compared);
        Assert.Equal(Spearman.Rho([1, 2, 3, 5, 4], [0, 1, 2, 3, 4]), outcome.Fitness.Rho);
        Assert.Equal(0, Evaluate(Plain, set, [-3, -1, -2, -5, -4], Criterion.Sum(set, predicted)).Fitness!.Compared);
    }

    [Fact]
    public void Behind_a_ranking_scores_decide_ties_alone()
    {
        var set = Set(5);
        double[] first = [1, 1, 2, 2, 0];
        var outcome = Evaluate(Plain, set, [9, 8, 7, 7, 100], Criterion.Behind(set, first));

        Assert.Equal(Spearman.Rho([3, 2, 4, 4, 1], [0, 1, 2, 3, 4]), outcome.Fitness!.Compared);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_score_that_is_not_finite_is_invalid(double score) =>
        Assert.Equal(new Outcome(Fitness: null, InvalidReason.NonFinite), Evaluate(minDistinct: 0, [1, 2, score, 4, 5]));

    [Fact]
    public void One_score_for_all_is_invalid() =>
        Assert.Equal(new Outcome(Fitness: null, InvalidReason.Constant), Evaluate(minDistinct: 0, [3, 3, 3, 3, 3]));

    [Fact]
    public void Too_few_distinct_scores_are_invalid_where_a_floor_is_set()
    {
        double[] scores = [1, 2, 3, 3, 3];
        Assert.NotNull(Evaluate(minDistinct: 0, scores).Fitness);
        Assert.NotNull(Evaluate(minDistinct: 0.6, scores).Fitness);
        Assert.Equal(new Outcome(Fitness: null, InvalidReason.TooFewDistinct), Evaluate(minDistinct: 0.61, scores));
    }

    [Fact]
    public void Genotypes_of_one_network_are_computed_once_and_score_the_same()
    {
        // As trained, the mixing operation makes no difference: the last two genotypes are one network.
        ImmutableArray<Architecture> architectures =
        [
            Architecture(0, MixingOperation.ScaledDotProduct, 128, 1),
            Architecture(1, MixingOperation.Fourier, 256, 2),
            Architecture(2, MixingOperation.Cosine, 256, 3),
        ];
        var set = ArchitectureSet.Of(architectures, Shapes.AsTrained);
        Assert.Equal(2, set.Networks.Length);
        Assert.Equal([0, 1, 1], set.NetworkOf.ToArray());
        var outcome = Evaluate(new SearchConfiguration { Preset = "default", MinDistinct = 1 }, set, [1, 2]);
        Assert.Equal(Math.Sqrt(3) / 2, outcome.Fitness!.Rho, 1e-12);
        Assert.Equal(3, ArchitectureSet.Of(architectures, Shapes.Genotype).Networks.Length);
    }

    private static Outcome Evaluate(double minDistinct, double[] scores) =>
        Evaluate(Plain with { MinDistinct = minDistinct }, Set(scores.Length), scores);

    /// <summary>Networks whose truths are 0, 1, 2 and so on.</summary>
    private static ArchitectureSet Set(int networks) => ArchitectureSet.Of(
        Enumerable.Range(0, networks).Select(i => Architecture(i, MixingOperation.Fourier, 64 * (i + 1), i)), Shapes.Genotype);

    private static Outcome Evaluate(
        SearchConfiguration configuration, ArchitectureSet set, double[] networkScores, Criterion? criterion = null)
    {
        var table = new TermTable(networkScores.Length, Reduction.Mean, Reduction.Mean);
        for (var network = 0; network < networkScores.Length; network++)
        {
            table.Add(network, new TermBlock(InputKind.H, [1], [Chain.Empty], [networkScores[network]], [1]));
        }

        return new FitnessFunction(configuration, set, table, criterion).Evaluate(Head);
    }

    private static Architecture Architecture(int id, MixingOperation operation, int hiddenSize, double truth) => new(
        id.ToString(CultureInfo.InvariantCulture), new FlexiBertGenotype(hiddenSize, [new FlexiBertLayer(operation, 2, 512, 1)]), truth);
}
