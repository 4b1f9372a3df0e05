using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Tests.Predictors;

public sealed class PredictorTests
{
    private static readonly ProxyPart One = MadePredictors.Exponential;
    private static readonly ProxyPart Other = new(ProxyText.ParseProxy("last[softmax(S)]"), Reduction.Mean, Reduction.Mean);

    [Fact]
    public void Of_a_proxy_alone_the_words_are_its_expression()
    {
        Assert.Equal("sum[exp(H) * abs(W)]", PredictorGroup.Of(One).ToString());
        Assert.Equal("last[softmax(S)]", PredictorGroup.MeanRank(Other).ToString());
        Assert.Equal(One, PredictorGroup.Of(One).OnlyProxy);
        Assert.Equal(One, PredictorGroup.MeanRank(new GroupPart(PredictorGroup.Of(One))).OnlyProxy);
        Assert.Null(PredictorGroup.Of(One with { Coefficient = -1 }).OnlyProxy);
        Assert.Null(PredictorGroup.MeanRank(One, Other).OnlyProxy);
    }

    [Fact]
    public void Words_say_the_rule_and_the_parts()
    {
        Assert.Equal("rank sum of sum[exp(H) * abs(W)] and last[softmax(S)]", PredictorGroup.MeanRank(One, Other).ToString());
        Assert.Equal("layers, then hidden size, then last[softmax(S)]", StructureFirst.Then(Other).ToString());
        Assert.Equal(
            "layers, then hidden size, then rank sum of sum[exp(H) * abs(W)] and last[softmax(S)]",
            PredictorGroup.MeanRank(
                new GroupPart(StructureFirst.Then(One)), new GroupPart(StructureFirst.Then(Other))).ToString());
        Assert.Equal(
            "minus heads, then (rank sum of parameters and log of layers)",
            PredictorGroup.Lexicographic(
                new FeaturePart("heads") { Coefficient = -1 },
                new GroupPart(PredictorGroup.MeanRank(
                    new BaselinePart("parameters"), new FeaturePart("layers") { Transform = PartTransform.Log }))).ToString());
        Assert.Equal(
            "regression on 2 structural features and last[softmax(S)]",
            new PredictorGroup(
                PredictorRule.Sum,
                [
                    new FeaturePart("heads"), new FeaturePart("layers"), new FeaturePart("heads") { Transform = PartTransform.Log }, Other,
                ]).ToString());
    }

    [Fact]
    public void Products_of_features_are_columns_of_a_regression_and_regressions_are_counted()
    {
        var heads = new FeaturePart("heads") { Transform = PartTransform.Log };
        var layers = new FeaturePart("layers");
        var regression = new PredictorGroup(
            PredictorRule.Sum,
            [
                heads, layers, new GroupPart(PredictorGroup.Product(heads, layers)), new GroupPart(PredictorGroup.Product(layers, layers)),
            ]);
        Assert.Equal("log of heads times layers", PredictorGroup.Product(heads, layers).ToString());
        Assert.Equal("regression on 2 structural features", regression.ToString());
        Assert.Equal("regression on 2 structural features", regression.Summary);
        var both = new PredictorGroup(PredictorRule.Sum, [new GroupPart(regression), new GroupPart(regression) { Coefficient = 0.5 }]);
        Assert.Equal("sum of (regression on 2 structural features) and (regression on 2 structural features)", both.ToString());
        Assert.Equal("sum of 2 regressions", both.Summary);
        Assert.Equal(
            "rank sum of structure regression and 1 proxy",
            PredictorGroup.MeanRank(new GroupPart(both), One).Summary);
    }

    [Fact]
    public void The_same_proxy_with_several_weights_is_scored_once() =>
        Assert.Equal(
            new[] { One, Other }.AsEnumerable(),
            PredictorGroup.MeanRank(
                One with { Coefficient = 2 }, new GroupPart(PredictorGroup.Of(Other with { Scale = 3 })), One with { Mean = 1 }).Proxies);

    [Fact]
    public void What_can_be_meant_has_no_problem() => Assert.Null(MadePredictors.Everything.FindProblem());
}
