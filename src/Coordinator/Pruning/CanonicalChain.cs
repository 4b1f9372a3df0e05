using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Pruning;

/// <summary>The canonical form of a branch's chain, and what is known of its value whatever the tensors hold.</summary>
/// <param name="Chain">The shortest chain known to have the same value, without its closing negate.</param>
/// <param name="Negated">Whether the value is minus that of <paramref name="Chain"/>.</param>
/// <param name="Disconnected">Whether the branch is absent.</param>
/// <param name="IsNumber">Whether the chain as it was written makes a number of a tensor.</param>
/// <param name="IsValueFree">Whether the value depends on shapes alone.</param>
/// <param name="IsZero">Whether the value is 0 but for rounding.</param>
/// <param name="Throughout">What is known of each element of a tensor that the chain makes.</param>
/// <param name="Refusal">Why the branch is invalid whatever the tensors hold, if it is.</param>
/// <param name="Rules">The rules that rewrote it, in the order in which they acted.</param>
public sealed record CanonicalChain(
    Chain Chain, bool Negated, bool Disconnected, bool IsNumber, bool IsValueFree, bool IsZero, Throughout Throughout, PruningRule? Refusal,
    ImmutableArray<PruningRule> Rules);

/// <summary>What is known of each element of a chain's result, which says more than that of their mean.</summary>
public enum Throughout
{
    /// <summary>Nothing; or the result is a number.</summary>
    Unknown,

    /// <summary>All elements are one number, which depends on shapes alone.</summary>
    Constant,

    /// <summary>All elements are 0.</summary>
    Zero,
}
