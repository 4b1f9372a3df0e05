using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Pruning;

/// <summary>How many raw proxies a rule is the first to act on.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Refused">Raw proxies that it refuses.</param>
/// <param name="Rewritten">Raw proxies that no rule refuses and that it is the first to rewrite.</param>
public sealed record RuleShare(PruningRule Rule, long Refused, long Rewritten);

/// <summary>
/// The size of the search space before and after pruning. A raw proxy is an expression of two branches of exactly n unary
/// operations and a binary operation, without the layer reduction; there are 21^(2n) x 4 for a pair of inputs.
/// </summary>
/// <param name="UnaryOperations">Unary operations in a branch (n).</param>
/// <param name="PairsOfDifferentInputs">Raw proxies over the 15 unordered pairs of different inputs, as the paper counts:
/// 26,460 for n = 1.</param>
/// <param name="UnorderedPairs">Raw proxies over the 21 unordered pairs of inputs, equal ones included.</param>
/// <param name="OrderedPairs">Raw proxies over the 36 ordered pairs of inputs: every expression that a search can draw.</param>
/// <param name="Canonical">Distinct canonical forms of those of <paramref name="OrderedPairs"/> that no rule refuses.</param>
/// <param name="Untouched">Those of <paramref name="OrderedPairs"/> on which no rule acts.</param>
/// <param name="Rules">
/// What each rule does to <paramref name="OrderedPairs"/>, for the rules that do anything. The shares and
/// <paramref name="Untouched"/> add up to <paramref name="OrderedPairs"/>.
/// </param>
public sealed record SpaceSize(
    int UnaryOperations, long PairsOfDifferentInputs, long UnorderedPairs, long OrderedPairs, long Canonical, long Untouched,
    ImmutableArray<RuleShare> Rules)
{
    /// <summary>The longest branches whose space is counted; every chain of a branch is looked at.</summary>
    public const int LongestBranch = 3;

    /// <summary>Counts the space of proxies with branches of exactly so many operations.</summary>
    /// <param name="unaryOperations">n, from 1 to <see cref="LongestBranch"/>.</param>
    /// <param name="mode">Which rules act.</param>
    /// <param name="elements">How the elements of a chain's result become a number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The branches are too long to be counted, or empty.</exception>
    public static SpaceSize Measure(int unaryOperations, PruningMode mode, Reduction elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unaryOperations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unaryOperations, LongestBranch);
        var count = new SpaceCount(new RuleBasedPruning(mode, elements), unaryOperations);
        long inputs = Enum.GetValues<InputKind>().Length;
        var pair = (long)Math.Pow(OperationNames.Unary.Count, 2 * unaryOperations) * Enum.GetValues<BinaryOperation>().Length;
        var (untouched, rules) = count.Shares();
        return new SpaceSize(
            unaryOperations, inputs * (inputs - 1) / 2 * pair, inputs * (inputs + 1) / 2 * pair, inputs * inputs * pair,
            count.CanonicalForms(), untouched, rules);
    }
}
