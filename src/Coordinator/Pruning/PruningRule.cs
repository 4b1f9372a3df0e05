namespace LPZero.Coordinator.Pruning;

/// <summary>Why a rule may rewrite or refuse.</summary>
public enum RuleCategory
{
    /// <summary>Two expressions with the same value.</summary>
    Equivalence,

    /// <summary>An operation that changes nothing after itself or its like.</summary>
    Idempotence,

    /// <summary>A value that only holds on numbers, or on an input whose range is known.</summary>
    SpecialCase,

    /// <summary>Operations of which one wipes out what the other left.</summary>
    Conflict,

    /// <summary>An expression that is invalid whatever the tensors hold.</summary>
    Degenerate,

    /// <summary>An expression that sees shapes and nothing else.</summary>
    ValueFree,

    /// <summary>An expression that the search has or had already.</summary>
    Duplicate,

    /// <summary>The paper's inverse pairs, which are not equal on all of R: unsound.</summary>
    Inverse,
}

/// <summary>A rule of the Rule-based Pruning Strategy (LPZero, arXiv 2410.04808, section on RPS).</summary>
/// <param name="Name">The rule's name in counters and reports.</param>
/// <param name="Category">Why it may act.</param>
/// <param name="Reason">What it does and why that is sound, for <c>proxy explain</c>.</param>
public sealed record PruningRule(string Name, RuleCategory Category, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
