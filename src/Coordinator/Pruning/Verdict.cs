using System.Collections.Immutable;

namespace LPZero.Coordinator.Pruning;

/// <summary>What the Rule-based Pruning Strategy says of a proxy.</summary>
/// <param name="Canonical">The canonical form; null where the proxy is refused for being invalid.</param>
/// <param name="Refusal">The rule that refuses it, if one does.</param>
/// <param name="Rewrites">The rules that led to the canonical form, in the order in which they acted.</param>
public sealed record Verdict(CanonicalProxy? Canonical, PruningRule? Refusal, ImmutableArray<PruningRule> Rewrites);
