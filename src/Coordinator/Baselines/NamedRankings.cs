using System.Collections.Immutable;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>Rankings that have a name: what may come before a proxy.</summary>
public static class NamedRankings
{
    /// <summary>The names of the rankings of a space that need no network.</summary>
    public static ImmutableArray<string> NamesOf(StructuralBaselines structures) =>
        RankingNames.Of(structures.All.Select(baseline => baseline.Name));

    /// <summary>What orders the architectures, in the order in which it decides; null where nothing has that name.</summary>
    /// <param name="name">One of <see cref="NamesOf"/>.</param>
    /// <param name="on">What it is fitted on, where it is fitted; the regression is not there where there are too few networks.</param>
    public static ImmutableArray<PredictorPart>? Find(string name, FittedStructure on) =>
        name switch
        {
            RankingNames.LayersThenHiddenSize => [new FeaturePart(FeaturePart.Layers), new FeaturePart(FeaturePart.HiddenSize)],
            RankingNames.StructureRegression => on.Regression is { } fitted ? [new GroupPart(fitted.Group)] : null,
            RankingNames.StackedRegressions => on.Stacked is { } stacked ? [new GroupPart(stacked.Group)] : null,
            _ when on.Structures.All.Any(baseline => baseline.Name == name) => [new BaselinePart(name)],
            _ => null,
        };
}
