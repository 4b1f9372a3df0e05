using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Pruning;

/// <summary>
/// Counts raw proxies without going through all pairs of branches. What the rules say of a pair depends on each branch's
/// <see cref="Kind"/> and on how the two canonical branches are ordered, and on nothing else; so one example is judged for
/// each combination of these, and counts as often as the combination occurs.
/// </summary>
internal sealed class SpaceCount
{
    private static readonly BinaryOperation[] Operations = Enum.GetValues<BinaryOperation>();

    private readonly RuleBasedPruning pruning;
    private readonly List<Kind> kinds = [];

    /// <summary>The canonical branches in their order, each with the raw branches that have this form, by their kind.</summary>
    private readonly List<CanonicalBranch> branches = [];

    public SpaceCount(RuleBasedPruning pruning, int unaryOperations)
    {
        this.pruning = pruning;
        var indexOf = new Dictionary<Kind, int>();
        foreach (var input in Enum.GetValues<InputKind>())
        {
            var byChain = new SortedDictionary<Chain, CanonicalBranch>();
            foreach (var chain in Chain.All(unaryOperations))
            {
                var raw = new Branch(input, chain);
                var canonical = pruning.Canonicalize(raw);
                var kind = new Kind(
                    canonical.Disconnected, canonical.Negated, canonical.IsValueFree, canonical.IsZero, pruning.Judge(Alone(raw)).Refusal,
                    canonical.Rules.FirstOrDefault());
                if (indexOf.TryAdd(kind, kinds.Count))
                {
                    kinds.Add(kind);
                }

                if (!byChain.TryGetValue(canonical.Chain, out var branch))
                {
                    branch = new CanonicalBranch([], []);
                    byChain.Add(canonical.Chain, branch);
                }

                var index = indexOf[kind];
                branch.Counts[index] = branch.Counts.GetValueOrDefault(index) + 1;
                branch.Examples.TryAdd(index, raw);
            }

            branches.AddRange(byChain.Values);
        }
    }

    /// <summary>How many raw proxies no rule acts on, and how many each rule is the first to act on.</summary>
    public (long Untouched, ImmutableArray<RuleShare> Rules) Shares()
    {
        var untouched = 0L;
        var refused = new Dictionary<PruningRule, long>();
        var rewritten = new Dictionary<PruningRule, long>();
        var occurrences = kinds.Select((_, kind) => Occurrences(kind)).ToList();
        foreach (var first in occurrences)
        {
            foreach (var second in occurrences)
            {
                foreach (var (left, right, count) in Combinations(first, second))
                {
                    foreach (var operation in Operations)
                    {
                        var verdict = pruning.Judge(new Proxy(left, operation, right));
                        if (verdict.Refusal is { } refusal)
                        {
                            refused[refusal] = refused.GetValueOrDefault(refusal) + count;
                        }
                        else if (verdict.Rewrites.FirstOrDefault() is { } rewrite)
                        {
                            rewritten[rewrite] = rewritten.GetValueOrDefault(rewrite) + count;
                        }
                        else
                        {
                            untouched += count;
                        }
                    }
                }
            }
        }

        return (untouched,
        [
            .. Rules.All.Select(rule => new RuleShare(rule, refused.GetValueOrDefault(rule), rewritten.GetValueOrDefault(rule)))
                .Where(share => share.Refused + share.Rewritten > 0),
        ]);
    }

    /// <summary>The number of distinct canonical forms that no rule refuses.</summary>
    public long CanonicalForms()
    {
        // Canonical branches that occur with the same signs, and alike value-free or 0 or neither, are in as many forms.
        var groups = branches
            .Select(Live)
            .Where(live => live.Count > 0)
            .GroupBy(live => string.Join(' ', live.Select(p => (p.Kind.Negated, p.Kind.IsValueFree, p.Kind.IsZero)).Distinct().Order()))
            .Select(group => group.ToList())
            .ToList();
        var forms = 0L;
        for (var i = 0; i < groups.Count; i++)
        {
            var group = groups[i];
            forms += group.Count * (Distinct(group[0], group[0]) + DistinctAlone(group[0]));
            if (group.Count > 1)
            {
                forms += group.Count * (group.Count - 1L) / 2 * Distinct(group[0], group[1]);
            }

            foreach (var other in groups.Skip(i + 1))
            {
                forms += (long)group.Count * other.Count * Distinct(group[0], other[0]);
            }
        }

        return forms;
    }

    private static Proxy Alone(Branch branch) =>
        new(branch, BinaryOperation.Sum, new Branch(branch.Input, Chain.Of(UnaryOperation.Disconnect)));

    /// <summary>The canonical branches that have raw branches of a kind, in their order.</summary>
    private List<Occurrence> Occurrences(int kind) =>
    [
        .. branches.Select((branch, position) => (branch, position)).Where(b => b.branch.Counts.ContainsKey(kind))
            .Select(b => new Occurrence(b.position, b.branch.Counts[kind], b.branch.Examples[kind])),
    ];

    /// <summary>An example of each order of the two canonical branches, and how many pairs of raw branches have it.</summary>
    private static IEnumerable<(Branch Left, Branch Right, long Count)> Combinations(List<Occurrence> first, List<Occurrence> second)
    {
        var (ascending, equal, descending) = (0L, 0L, 0L);
        var (firstBefore, secondBefore) = (0L, 0L);
        (Branch Left, Branch Right)? both = null;
        for (int i = 0, j = 0; i < first.Count || j < second.Count;)
        {
            var position = Math.Min(
                i < first.Count ? first[i].Position : int.MaxValue, j < second.Count ? second[j].Position : int.MaxValue);
            var one = i < first.Count && first[i].Position == position ? first[i++] : null;
            var other = j < second.Count && second[j].Position == position ? second[j++] : null;
            if (one is not null && other is not null)
            {
                equal += one.Count * other.Count;
                both = (one.Example, other.Example);
            }

            ascending += firstBefore * (other?.Count ?? 0);
            descending += secondBefore * (one?.Count ?? 0);
            firstBefore += one?.Count ?? 0;
            secondBefore += other?.Count ?? 0;
        }

        if (ascending > 0)
        {
            yield return (first[0].Example, second[^1].Example, ascending);
        }

        if (both is { } pair)
        {
            yield return (pair.Left, pair.Right, equal);
        }

        if (descending > 0)
        {
            yield return (first[^1].Example, second[0].Example, descending);
        }
    }

    /// <summary>Examples of the raw branches of a canonical one that leave something to score.</summary>
    private List<(Kind Kind, Branch Example)> Live(CanonicalBranch branch) =>
    [
        .. branch.Examples.Select(p => (Kind: kinds[p.Key], p.Value))
            .Where(p => !p.Kind.Disconnected && (p.Kind.Refusal is null || p.Kind.Refusal == Rules.ValueFree)),
    ];

    private long Distinct(List<(Kind Kind, Branch Example)> one, List<(Kind Kind, Branch Example)> other)
    {
        var pairs =
            from a in one
            from b in other
            from operation in Operations
            from proxy in new[] { new Proxy(a.Example, operation, b.Example), new Proxy(b.Example, operation, a.Example) }
            select proxy;
        return CountDistinct(pairs);
    }

    private long DistinctAlone(List<(Kind Kind, Branch Example)> branch) => CountDistinct(branch.Select(p => Alone(p.Example)));

    private long CountDistinct(IEnumerable<Proxy> proxies) =>
        proxies.Select(pruning.Judge).Where(verdict => verdict.Refusal is null).Select(verdict => verdict.Canonical).Distinct().Count();

    /// <summary>What the rules see of a raw branch, besides its canonical branch.</summary>
    /// <param name="Disconnected">Whether it is absent.</param>
    /// <param name="Negated">Whether its value is minus that of the canonical branch.</param>
    /// <param name="IsValueFree">Whether its value depends on shapes alone.</param>
    /// <param name="IsZero">Whether its value is 0 but for rounding.</param>
    /// <param name="Refusal">The rule that refuses it without a partner, if one does.</param>
    /// <param name="FirstRewrite">The first rule that rewrites it, if one does.</param>
    private readonly record struct Kind(
        bool Disconnected, bool Negated, bool IsValueFree, bool IsZero, PruningRule? Refusal, PruningRule? FirstRewrite);

    /// <summary>Raw branches of one canonical form: by the index of their kind their number, and one of them.</summary>
    private sealed record CanonicalBranch(Dictionary<int, long> Counts, Dictionary<int, Branch> Examples);

    /// <summary>Raw branches of one kind and one canonical form: the form's position, their number, and one of them.</summary>
    private sealed record Occurrence(int Position, long Count, Branch Example);
}
