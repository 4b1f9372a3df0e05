using LPZero.Messages.Predictors;

namespace LPZero.Tests;

/// <summary>Layers, then hidden size, then something else: the simplest predictor that is more than one proxy.</summary>
internal static class StructureFirst
{
    /// <summary>With what decides where both are equal.</summary>
    public static PredictorGroup Then(PredictorPart part) =>
        PredictorGroup.Lexicographic(new FeaturePart(FeaturePart.Layers), new FeaturePart(FeaturePart.HiddenSize), part);
}
