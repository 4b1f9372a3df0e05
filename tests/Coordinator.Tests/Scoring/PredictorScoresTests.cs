using System.Collections.Immutable;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Scoring;

public sealed class PredictorScoresTests
{
    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with { UnaryOperations = 1 };
    private static readonly PredictorForms Forms = new(Combination.Means);

    // The first has the score NaN on one network, the second an infinite one.
    private static readonly ImmutableArray<ProxyPart> Parts =
    [
        .. new[] { "sum[softmax(S)]", "mean[abs(W) - exp(A)]", "all_but_last[sigmoid(G) * relu(H)]", "last[exp(J)]" }
            .Select(text => new ProxyPart(ProxyText.ParseProxy(text), Reduction.Mean, Reduction.Mean)),
    ];

    private readonly ArchitectureSet set = MadeUpTerms.Set(60);
    private readonly TermTable table;

    public PredictorScoresTests() =>
        table = MadeUpTerms.Table(set, CrossValidation.Branches(Configuration, Reduction.Mean));

    [Fact]
    public void One_expression_scores_as_the_expression()
    {
        foreach (var part in Parts)
        {
            Assert.Equal(Scores(part), Of(PredictorGroup.Of(part)));
            Assert.Equal(Scores(part), Of(PredictorGroup.Of(new GroupPart(PredictorGroup.Of(part)))));
        }
    }

    [Fact]
    public void A_rank_sum_adds_up_centred_ranks_and_what_is_no_number_ranks_lowest()
    {
        var expected = new double[set.Architectures.Length];
        foreach (var part in Parts)
        {
            double[] keys = [.. Scores(part).Select(score => double.IsNaN(score) ? double.NegativeInfinity : score)];
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] += keys.Count(key => key < keys[i]) - keys.Count(key => key > keys[i]);
            }
        }

        Assert.Equal(expected, Of(PredictorGroup.MeanRank(Parts)));
    }

    [Fact]
    public void With_the_structure_first_a_rank_sum_adds_up_the_ranks_within_each_stratum()
    {
        var architectures = set.Architectures;
        var expected = new double[architectures.Length];
        foreach (var part in Parts)
        {
            var scores = Scores(part);
            (int, int, double)[] keys =
            [
                .. architectures.Select((a, i) => (
                    a.Genotype.LayerCount, a.Genotype.HiddenSize, double.IsNaN(scores[i]) ? double.NegativeInfinity : scores[i])),
            ];
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] += keys.Sum(key => Math.Sign(keys[i].CompareTo(key)));
            }
        }

        Assert.Equal(expected, Of(PredictorGroup.MeanRank(
            Parts.Select(part => new GroupPart(StructureFirst.Then(part))))));
    }

    [Fact]
    public void Any_ranking_may_come_first_and_downwards()
    {
        var (first, second) = (Scores(Parts[3]), Scores(Parts[1]));
        var scores = Of(PredictorGroup.Lexicographic(
            new GroupPart(PredictorGroup.MeanRank(new FeaturePart(FeaturePart.HiddenSize))) { Coefficient = -2 },
            Parts[3] with { Mean = 4, Scale = 0.5 },
            Parts[1]));

        var expected = Enumerable.Range(0, scores.Length)
            .OrderByDescending(i => set.Architectures[i].Genotype.HiddenSize).ThenBy(i => first[i]).ThenBy(i => second[i]);
        Assert.Equal(expected.Select(i => scores[i]), scores.Order());
    }

    [Fact]
    public void A_sum_is_the_intercept_and_each_standardised_value_with_its_weight()
    {
        var group = new PredictorGroup(
            PredictorRule.Sum,
            [
                new FeaturePart("heads") { Transform = PartTransform.Log, Mean = 2, Scale = 4, Coefficient = -3 },
                new BaselinePart("parameters") { Coefficient = 0.5 },
                Parts[3] with { Mean = 1, Scale = 2, Coefficient = 8 },
            ],
            Intercept: 10);
        var proxy = Scores(Parts[3]);
        var scores = PredictorScores.Of(group, set, Described, _ => table, Forms);
        Assert.All(Enumerable.Range(0, scores.Length), i =>
        {
            var (heads, parameters) = (10.0 * set.Architectures[i].Genotype.LayerCount, -7.0 * set.Architectures[i].Genotype.HiddenSize);
            Assert.Equal(
                10 - (3 * (Math.Log(1 + heads) - 2) / 4) + (0.5 * parameters) + (8 * (proxy[i] - 1) / 2), scores[i], 9);
        });
    }

    [Fact]
    public void A_product_is_that_of_the_standardised_values_with_their_weights()
    {
        var heads = new FeaturePart("heads") { Mean = 2, Scale = 4, Coefficient = -3 };
        var scores = PredictorScores.Of(
            PredictorGroup.Product(heads, Parts[3] with { Mean = 1 }), set, Described, _ => table, Forms);
        var proxy = Scores(Parts[3]);
        Assert.All(Enumerable.Range(0, scores.Length), i => Assert.Equal(
            -3 * ((10.0 * set.Architectures[i].Genotype.LayerCount) - 2) / 4 * (proxy[i] - 1), scores[i], 9));
    }

    [Fact]
    public void A_logarithm_keeps_the_sign_and_what_is_no_number()
    {
        Assert.Equal(-Math.Log(8), PartTransforms.Apply(PartTransform.Log, -7));
        Assert.Equal(0, PartTransforms.Apply(PartTransform.Log, 0));
        Assert.Equal(double.NaN, PartTransforms.Apply(PartTransform.Log, double.NaN));
        Assert.Equal(-7, PartTransforms.Apply(PartTransform.None, -7));
    }

    [Fact]
    public void A_predictor_of_proxies_alone_is_at_home_in_every_space_others_in_their_own()
    {
        var architecture = set.Architectures[0];
        var structure = Described(architecture);
        var proxies = new Predictor("p", "gpt2", PredictorGroup.MeanRank(Parts));
        var known = new Predictor("k", architecture.Genotype.Space, PredictorGroup.MeanRank(
            new FeaturePart("heads"), new FeaturePart(FeaturePart.HiddenSize), new BaselinePart("parameters")));

        Assert.Null(PredictorScores.FindMisfit(proxies, architecture, structure));
        Assert.Null(PredictorScores.FindMisfit(known, architecture, structure));
        Assert.Contains(
            "'gpt2'", PredictorScores.FindMisfit(known with { Space = "gpt2" }, architecture, structure), StringComparison.Ordinal);
        Assert.Contains(
            "no feature 'head'; did you mean heads?",
            PredictorScores.FindMisfit(known with { Root = PredictorGroup.Of(new FeaturePart("head")) }, architecture, structure),
            StringComparison.Ordinal);
        Assert.Contains(
            "no baseline 'heads'",
            PredictorScores.FindMisfit(known with { Root = PredictorGroup.Of(new BaselinePart("heads")) }, architecture, structure),
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Of(PredictorGroup.Of(new FeaturePart("heads"))));
    }

    private static Structure Described(Architecture architecture) => new()
    {
        Features = [new("heads", 10 * architecture.Genotype.LayerCount)],
        Baselines = [new("parameters", -7 * architecture.Genotype.HiddenSize)],
        MainBaseline = "parameters",
    };

    private double[] Of(PredictorGroup group) => PredictorScores.Of(group, set, structureOf: null, _ => table, Forms);

    private double[] Scores(ProxyPart part) => ProxyScores.Of(set, table, Forms.Of(part), part.Proxy.LayerReduction!.Value);
}
