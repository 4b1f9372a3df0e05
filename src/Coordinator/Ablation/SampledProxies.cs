using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Run;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Ablation;

/// <summary>A sample of a space that is too large to be ranked whole.</summary>
public static class SampledProxies
{
    /// <summary>
    /// Different canonical proxies as a random search draws them: every gene on its own, and what the rules refuse is drawn again.
    /// </summary>
    /// <param name="configuration">The space; its seed is that of the draws.</param>
    /// <param name="count">How many.</param>
    /// <returns>So many, or fewer where the space does not hold them.</returns>
    public static ImmutableArray<CanonicalProxy> Draw(SearchConfiguration configuration, int count)
    {
        var pruning = RuleBasedPruning.Of(configuration);
        var random = new SplittableRandom(configuration.Seed);
        var drawn = new Breeding(configuration with { StartWith = [] }, pruning).Propose(
            new SearchState(), count, ref random, new SortedDictionary<string, int>(StringComparer.Ordinal));
        return [.. drawn.Select(proposal => pruning.Judge(proposal.Proxy).Canonical!)];
    }
}
