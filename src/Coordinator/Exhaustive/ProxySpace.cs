using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Every canonical proxy of a search's space that no rule refuses, each once. Which forms two branches take depends only on which
/// raw chains have these canonical forms: with which signs, value-free or not, 0 or not. Branches alike in that make up a class, and
/// the pruning rules are asked once for each pair of classes, about examples.
/// </summary>
public sealed class ProxySpace
{
    private const int FormBits = 3;
    private static readonly BinaryOperation[] Operations = Enum.GetValues<BinaryOperation>();

    private readonly byte[] classOf;
    private readonly ProxyForms[,] different;
    private readonly ProxyForms[] same;
    private readonly ProxyForms[] alone;

    /// <summary>Enumerates the space of a search.</summary>
    /// <param name="configuration">The search's configuration.</param>
    /// <exception cref="ArgumentException">No rules are on: there are no canonical forms, only expressions.</exception>
    public ProxySpace(SearchConfiguration configuration)
    {
        if (configuration.Pruning == PruningMode.None)
        {
            throw new ArgumentException("Without pruning rules there are no canonical proxies to enumerate.", nameof(configuration));
        }

        var pruning = RuleBasedPruning.Of(configuration);
        LayerReductions = configuration.LayerReductions;
        HasReductionGene = LayerReductions.Length > 1;
        var branches = LiveBranches(pruning, configuration);
        Branches = [.. branches.Select(branch => branch.Canonical)];

        var classes = branches.Select(branch => branch.Class).Distinct().Order().ToList();
        classOf = [.. branches.Select(branch => (byte)classes.IndexOf(branch.Class))];
        different = new ProxyForms[classes.Count, classes.Count];
        same = new ProxyForms[classes.Count];
        alone = new ProxyForms[classes.Count];
        for (var a = 0; a < classes.Count; a++)
        {
            var left = branches[Array.IndexOf(classOf, (byte)a)];
            same[a] = FormsOf(pruning, left, left);
            alone[a] = FormsAlone(pruning, left);
            for (var b = 0; b < classes.Count; b++)
            {
                // Where the class has no second branch, no pair of different ones will ask.
                var right = branches.Find(branch => branch.Class == classes[b] && branch != left);
                different[a, b] = right is null ? default : FormsOf(pruning, left, right);
            }
        }

        Count = CountForms() * LayerReductions.Length;
    }

    /// <summary>The canonical branches, ordered by input and then by chain, shorter chains first.</summary>
    public ImmutableArray<Branch> Branches { get; }

    /// <summary>The layer reductions that proxies are scored with.</summary>
    public ImmutableArray<LayerReduction> LayerReductions { get; }

    /// <summary>Whether the layer reduction is part of a proxy.</summary>
    public bool HasReductionGene { get; }

    /// <summary>Number of canonical proxies.</summary>
    public long Count { get; }

    /// <summary>The forms of two branches, the first before or equal to the second in <see cref="Branches"/>.</summary>
    public ProxyForms Forms(int left, int right) =>
        left == right ? same[classOf[left]] : different[classOf[left], classOf[right]];

    /// <summary>The forms of a branch without a partner.</summary>
    public ProxyForms FormsAlone(int branch) => alone[classOf[branch]];

    /// <summary>
    /// The place of a proxy in the order of enumeration: by layer reduction, first branch, second branch (none first) and form. Of
    /// equally good proxies the one that comes first counts as the better one.
    /// </summary>
    /// <param name="reduction">Index of the layer reduction.</param>
    /// <param name="left">Index of the first branch.</param>
    /// <param name="right">Index of the second one, -1 where there is none.</param>
    /// <param name="form">The form.</param>
    public long Ordinal(int reduction, int left, int right, ProxyForm form) =>
        ((((((long)reduction * Branches.Length) + left) * (Branches.Length + 1)) + right + 1) << FormBits) | (long)form;

    /// <summary>The proxy at a place that <see cref="Ordinal"/> gave.</summary>
    public CanonicalProxy At(long ordinal)
    {
        var form = (ProxyForm)(ordinal & ((1 << FormBits) - 1));
        var (rest, right) = Math.DivRem(ordinal >> FormBits, Branches.Length + 1);
        var (reduction, left) = Math.DivRem(rest, Branches.Length);
        var a = Branches[(int)left];
        var b = right == 0 ? null : Branches[(int)right - 1];
        LayerReduction? gene = HasReductionGene ? LayerReductions[(int)reduction] : null;
        return form switch
        {
            ProxyForm.Sum => new CanonicalProxy(false, a, BinaryOperation.Sum, b, gene),
            ProxyForm.NegatedSum => new CanonicalProxy(true, a, BinaryOperation.Sum, b, gene),
            ProxyForm.Difference => new CanonicalProxy(false, a, BinaryOperation.Difference, b, gene),
            ProxyForm.ReversedDifference => new CanonicalProxy(false, b!, BinaryOperation.Difference, a, gene),
            ProxyForm.Product => new CanonicalProxy(false, a, BinaryOperation.Product, b, gene),
            ProxyForm.NegatedProduct => new CanonicalProxy(true, a, BinaryOperation.Product, b, gene),
            ProxyForm.Alone => new CanonicalProxy(false, a, Operation: null, Right: null, gene),
            ProxyForm.NegatedAlone => new CanonicalProxy(true, a, Operation: null, Right: null, gene),
            _ => throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal, "no proxy has this place"),
        };
    }

    private static List<LiveBranch> LiveBranches(RuleBasedPruning pruning, SearchConfiguration configuration)
    {
        var branches = new List<LiveBranch>();
        foreach (var input in configuration.Inputs.Order())
        {
            var byChain = new SortedDictionary<Chain, SortedDictionary<int, Branch>>();
            foreach (var chain in Chain.All(configuration.UnaryOperations))
            {
                var raw = new Branch(input, chain);
                var canonical = pruning.Canonicalize(raw);
                if (canonical.Disconnected || (pruning.Judge(Alone(raw)).Refusal is { } refusal && refusal != Rules.ValueFree))
                {
                    continue;
                }

                if (!byChain.TryGetValue(canonical.Chain, out var examples))
                {
                    examples = [];
                    byChain.Add(canonical.Chain, examples);
                }

                examples.TryAdd((canonical.Negated ? 1 : 0) | (canonical.IsValueFree ? 2 : 0) | (canonical.IsZero ? 4 : 0), raw);
            }

            branches.AddRange(byChain.Select(branch => new LiveBranch(
                new Branch(input, branch.Key), branch.Value.Keys.Aggregate(0, (kinds, kind) => kinds | (1 << kind)),
                [.. branch.Value.Values])));
        }

        return branches;
    }

    private static Proxy Alone(Branch branch) =>
        new(branch, BinaryOperation.Sum, new Branch(branch.Input, Chain.Of(UnaryOperation.Disconnect)));

    private static ProxyForms FormsAlone(RuleBasedPruning pruning, LiveBranch branch) =>
        branch.Raw.Select(raw => pruning.Judge(Alone(raw)))
            .Where(verdict => verdict.Refusal is null)
            .Aggregate(default(ProxyForms), (forms, verdict) =>
                forms.With(verdict.Canonical!.Negated ? ProxyForm.NegatedAlone : ProxyForm.Alone));

    private static ProxyForms FormsOf(RuleBasedPruning pruning, LiveBranch left, LiveBranch right)
    {
        var forms = default(ProxyForms);
        foreach (var (a, b) in left.Raw.SelectMany(a => right.Raw.Select(b => (a, b))))
        {
            foreach (var operation in Operations)
            {
                foreach (var proxy in new[] { new Proxy(a, operation, b), new Proxy(b, operation, a) })
                {
                    if (pruning.Judge(proxy) is { Refusal: null, Canonical: { } canonical })
                    {
                        forms = forms.With(FormOf(canonical, left.Canonical));
                    }
                }
            }
        }

        return forms;
    }

    private static ProxyForm FormOf(CanonicalProxy proxy, Branch left) => proxy.Operation switch
    {
        BinaryOperation.Sum => proxy.Negated ? ProxyForm.NegatedSum : ProxyForm.Sum,
        BinaryOperation.Product => proxy.Negated ? ProxyForm.NegatedProduct : ProxyForm.Product,
        _ => proxy.Left == left ? ProxyForm.Difference : ProxyForm.ReversedDifference,
    };

    private long CountForms()
    {
        var branches = new long[same.Length];
        foreach (var index in classOf)
        {
            branches[index]++;
        }

        var count = 0L;
        for (var a = 0; a < same.Length; a++)
        {
            count += branches[a] * (same[a].Count + alone[a].Count);
            count += branches[a] * (branches[a] - 1) / 2 * different[a, a].Count;
            for (var b = a + 1; b < same.Length; b++)
            {
                count += branches[a] * branches[b] * different[a, b].Count;
            }
        }

        return count;
    }

    /// <summary>A canonical branch with an example of each kind of raw branch that has this form.</summary>
    private sealed record LiveBranch(Branch Canonical, int Class, ImmutableArray<Branch> Raw);
}
