using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>How a baseline ranks both sides of a split.</summary>
/// <param name="Name">The baseline's name.</param>
/// <param name="Search">[n] its scores of the search set; of a regression fitted there, cross-fitted ones.</param>
/// <param name="HeldOut">[m] its scores of the held-out set.</param>
public sealed record BaselineRanking(string Name, ImmutableArray<double> Search, ImmutableArray<double> HeldOut)
{
    /// <summary>The structural baselines of a space, and the regressions on its features where the search set allows them.</summary>
    /// <param name="structure">What the structure of the search set says.</param>
    /// <param name="heldOut">The held-out set.</param>
    public static ImmutableArray<BaselineRanking> AllOf(FittedStructure structure, ArchitectureSet heldOut)
    {
        var baselines = structure.Structures;
        var own = baselines.All.Select(baseline => new BaselineRanking(
            baseline.Name, baseline.Rank(structure.Set.Architectures).Scores, baseline.Rank(heldOut.Architectures).Scores));
        return
        [
            .. own,
            .. structure.Regression is { } regression
                ? [Fitted(RankingNames.StructureRegression, regression.Group, regression.CrossFitted)]
                : Array.Empty<BaselineRanking>(),
            .. structure.Stacked is { } stacked
                ? [Fitted(RankingNames.StackedRegressions, stacked.Group, stacked.CrossFitted)]
                : Array.Empty<BaselineRanking>(),
        ];

        BaselineRanking Fitted(string name, PredictorGroup group, ImmutableArray<double> crossFitted) => new(
            name, crossFitted, [.. PredictorScores.OfStructure(group, heldOut.Architectures, baselines.Of)]);
    }
}
