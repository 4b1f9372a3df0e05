using System.Collections.Immutable;

namespace LPZero.Messages.Search;

/// <summary>Names of rankings by structure that every space has, besides those of its baselines.</summary>
public static class RankingNames
{
    /// <summary>By layers, then by hidden size.</summary>
    public const string LayersThenHiddenSize = "layers, then hidden size";

    /// <summary>By a ridge regression of the truth on the space's structural features, fitted on the search set.</summary>
    public const string StructureRegression = "structure regression";

    /// <summary>By several such regressions, each by what it is worth on networks that it has not seen.</summary>
    public const string StackedRegressions = "stacked structure regressions";

    /// <summary>The names of a space's rankings that need no network, those above among them.</summary>
    /// <param name="baselines">The names of its baselines.</param>
    public static ImmutableArray<string> Of(IEnumerable<string> baselines) =>
        [LayersThenHiddenSize, .. baselines, StructureRegression, StackedRegressions];

    /// <summary>Whether a ranking is fitted on the search set, which needs enough networks.</summary>
    /// <param name="name">The ranking's name; null where there is none.</param>
    public static bool IsFitted(string? name) => name is StructureRegression or StackedRegressions;
}
