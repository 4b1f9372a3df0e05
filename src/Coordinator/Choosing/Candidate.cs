using LPZero.Coordinator.Pruning;

namespace LPZero.Coordinator.Choosing;

/// <summary>A proxy with what the architectures that it was found on compare it by.</summary>
/// <param name="Proxy">The proxy, with its layer reduction.</param>
/// <param name="Rho">A rank correlation: with the truth, unless the option says otherwise.</param>
public sealed record Candidate(CanonicalProxy Proxy, double Rho);
