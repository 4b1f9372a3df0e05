using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Scoring;

/// <summary>
/// Says which terms to ask a device for. Up to two operations a branch, one pass over an input serves every canonical
/// chain for little more than the price of one, so an input is asked for whole the first time it is needed; beyond
/// that, and of products of tensors, only what is needed.
/// </summary>
public sealed class TermPlan
{
    private const int LongestWholeInput = 2;

    /// <summary>Asks for what is needed and nothing more.</summary>
    public static readonly TermPlan OnlyNeeded = new(wholeInputs: null, isAskedOnce: false);

    /// <summary>Asks for what is needed, of each network once.</summary>
    public static readonly TermPlan NeededOnce = new(wholeInputs: null, isAskedOnce: true);

    private readonly ImmutableSortedDictionary<InputKind, ImmutableArray<Chain>>? wholeInputs;

    private readonly bool isAskedOnce;
    private readonly bool hasProducts;

    private TermPlan(
        ImmutableSortedDictionary<InputKind, ImmutableArray<Chain>>? wholeInputs, bool isAskedOnce, bool hasProducts = false)
    {
        this.wholeInputs = wholeInputs;
        this.isAskedOnce = isAskedOnce;
        this.hasProducts = hasProducts;
    }

    /// <summary>The plan of a search.</summary>
    public static TermPlan For(SearchConfiguration configuration, RuleBasedPruning pruning) =>
        configuration.UnaryOperations > LongestWholeInput
            ? OnlyNeeded
            : new TermPlan(configuration.Inputs.ToImmutableSortedDictionary(
                input => input, input => CanonicalChains(input, configuration.UnaryOperations, pruning)), isAskedOnce: false,
                hasProducts: configuration.Combine == Combination.Tensors);

    /// <summary>The distinct canonical chains of live branches of exactly so many operations, shortest first.</summary>
    public static ImmutableArray<Chain> CanonicalChains(InputKind input, int length, RuleBasedPruning pruning) =>
    [
        .. Chain.All(length)
            .Select(chain => pruning.Canonicalize(new Branch(input, chain)))
            .Where(canonical => canonical is { Disconnected: false, Refusal: null })
            .Select(canonical => canonical.Chain)
            .Distinct()
            .Order(),
    ];

    /// <summary>The chains to ask for, of those inputs that the branches need and the table lacks on the network.</summary>
    public ImmutableArray<ChainSet> Missing(TermTable table, int network, IEnumerable<Branch> branches) =>
    [
        .. branches.Where(branch => !table.Knows(branch, network))
            .GroupBy(branch => branch.Input)
            .OrderBy(group => group.Key)
            .Select(group => new ChainSet(group.Key,
            [
                .. WithNeeded(group.Key, group.Select(b => b.Chain))
                    .Where(chain => !table.Knows(new Branch(group.Key, chain), network)).Order(),
            ])),
    ];

    /// <summary>Whether nothing can be asked of the network any more once these chains are known.</summary>
    public bool LeavesNothing(TermTable table, int network, IReadOnlyCollection<ChainSet> wanted) =>
        isAskedOnce || (wholeInputs is not null && !hasProducts && wholeInputs.All(whole =>
            wanted.FirstOrDefault(set => set.Input == whole.Key)?.Chains.ToHashSet() is var asked
            && whole.Value.All(chain => asked?.Contains(chain) == true || table.Knows(new Branch(whole.Key, chain), network))));

    /// <summary>Products of tensors are asked for one by one: there may be more than ten thousand of an input.</summary>
    private IEnumerable<Chain> WithNeeded(InputKind input, IEnumerable<Chain> needed)
    {
        var asked = needed.ToHashSet();
        return wholeInputs is null || asked.All(chain => chain.Factor is not null) ? asked : wholeInputs[input].Union(asked);
    }
}
