using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests.Predictors;

/// <summary>Predictors that hold every kind of part and rule.</summary>
internal static class MadePredictors
{
    public static readonly ProxyPart Exponential = new(ProxyText.ParseProxy("sum[exp(H) * abs(W)]"), Reduction.Mean, Reduction.Sum);

    public static readonly PredictorProbe Probe = new(
        8, 128, 42, 43, WeightSelection.All, LossKind.Signs, WeightStart.Normal, ProbeMode.Eval, Combination.Means, Shapes.AsTrained);

    public static Predictor Everything { get; } = new(
        "all of it", "flexibert",
        PredictorGroup.Lexicographic(
            new FeaturePart(FeaturePart.Layers) { Coefficient = -1 },
            new BaselinePart("parameters"),
            new GroupPart(PredictorGroup.MeanRank(
                Exponential,
                new GroupPart(new PredictorGroup(
                    PredictorRule.Sum,
                    [
                        new FeaturePart("heads") { Transform = PartTransform.Log, Mean = 1.25, Scale = 0.1, Coefficient = 3e-17 },
                        Exponential with { Mean = -2, Scale = 7, Coefficient = -0.5 },
                        new GroupPart(PredictorGroup.Product(new FeaturePart("heads"), new BaselinePart("parameters"))) { Scale = 3 },
                    ],
                    Intercept: 0.8))))),
        Probe);
}
