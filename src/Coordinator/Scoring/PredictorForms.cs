using LPZero.Coordinator.Pruning;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Scoring;

/// <summary>The forms in which proxies are scored: which terms are needed, and how they become a score. Safe on any threads.</summary>
/// <param name="combine">What products are applied to.</param>
public sealed class PredictorForms(Combination combine)
{
    // Rules remember the chains that they have seen, so they are kept.
    private readonly RuleBasedPruning meanSound = new(PruningMode.Sound, Reduction.Mean, combine);
    private readonly RuleBasedPruning sumSound = new(PruningMode.Sound, Reduction.Sum, combine);
    private readonly RuleBasedPruning asWritten = new(PruningMode.None, Reduction.Mean, combine);

    /// <summary>The canonical form, or the expression as it is written where the rules leave none.</summary>
    /// <exception cref="ArgumentException">Both branches are disconnected, so there is nothing to score.</exception>
    public CanonicalProxy Of(ProxyPart part) =>
        (part.ElementReduction == Reduction.Mean ? meanSound : sumSound).Judge(part.Proxy).Canonical
        ?? asWritten.Judge(part.Proxy).Canonical
        ?? throw new ArgumentException("both branches are disconnected, so there is nothing to score", nameof(part));
}
