using System.Collections.Immutable;

namespace LPZero.Coordinator.Truths;

/// <summary>How rankings of a set do by each of its truths.</summary>
/// <param name="Truths">The truths, at least one.</param>
/// <param name="Rankings">Each ranking with its name and its rho by each truth.</param>
public sealed record RankedTruths(
    ImmutableArray<TruthColumn> Truths, ImmutableArray<(string Name, ImmutableArray<TruthRho> ByTruth)> Rankings)
{
    /// <summary>The truths with rankings; null where there are no truths, as of a benchmark without tasks.</summary>
    /// <param name="truths">The truths.</param>
    /// <param name="rankings">The rankings; those without figures are left out.</param>
    public static RankedTruths? Of(
        ImmutableArray<TruthColumn> truths, IEnumerable<(string Name, ImmutableArray<TruthRho> ByTruth)> rankings) =>
        truths.IsEmpty ? null : new RankedTruths(truths, [.. rankings.Where(ranking => ranking.ByTruth.Length == truths.Length)]);
}
