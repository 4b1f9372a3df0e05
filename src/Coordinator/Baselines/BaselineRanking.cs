using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Baselines;

/// <summary>How a baseline ranks both sides of a split.</summary>
/// <param name="Name">The baseline's name.</param>
/// <param name="Search">[n] its scores of the search set; of a regression fitted there, cross-fitted ones.</param>
/// <param name="HeldOut">[m] its scores of the held-out set.</param>
public sealed record BaselineRanking(string Name, ImmutableArray<double> Search, ImmutableArray<double> HeldOut)
{
    /// <summary>The structural baselines of a space, and the regression on its features where the search set allows one.</summary>
    /// <param name="baselines">The space's own.</param>
    /// <param name="sample">The split.</param>
    /// <param name="seed">Seed of the regression's folds.</param>
    public static ImmutableArray<BaselineRanking> AllOf(StructuralBaselines baselines, SearchSample sample, ulong seed)
    {
        var own = baselines.All.Select(baseline => new BaselineRanking(
            baseline.Name,
            baseline.Rank(sample.Search.Architectures).Scores,
            baseline.Rank(sample.HeldOut.Architectures).Scores));
        return StructureRegression.Fit(baselines, sample.Search, seed) is { } regression
            ? [.. own, new(StructureRegression.Name, regression.CrossFitted, [.. sample.HeldOut.Architectures.Select(regression.Predict)])]
            : [.. own];
    }
}
