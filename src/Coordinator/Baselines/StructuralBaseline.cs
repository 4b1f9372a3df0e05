using LPZero.Coordinator.Ranking;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Baselines;

/// <summary>A ranking that needs no network, only its description: what a proxy has to beat to be worth its computation.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Score">The score of an architecture, higher is better.</param>
public sealed record StructuralBaseline(string Name, Func<Architecture, double> Score)
{
    /// <summary>The scores of the architectures, in their order.</summary>
    public ScoredRanking Rank(IEnumerable<Architecture> architectures) => new(Name, [.. architectures.Select(Score)]);
}
