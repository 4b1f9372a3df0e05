using System.Collections.Concurrent;
using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Pruning;

/// <summary>
/// The Rule-based Pruning Strategy over the symbolic expression alone (LPZero, arXiv 2410.04808): finds a proxy's
/// canonical form, and refuses what is invalid or value-free whatever the tensors hold.
/// </summary>
/// <param name="mode">Which rules act; without them a proxy is scored as it is written.</param>
/// <param name="elements">How the elements of a chain's result become a number; some rules hold for the mean alone.</param>
public sealed class RuleBasedPruning(PruningMode mode, Reduction elements)
{
    // Chains recur all the time in a search; their canonical form is a pure function of this key.
    private readonly ConcurrentDictionary<(InputKind, Chain), CanonicalChain> canonicalChains = new();

    /// <summary>The canonical form of a branch's chain.</summary>
    public CanonicalChain Canonicalize(Branch branch) =>
        canonicalChains.GetOrAdd((branch.Input, branch.Chain), static (key, self) => self.CanonicalizeChain(key.Item1, key.Item2), this);

    /// <summary>What the rules say of a proxy.</summary>
    public Verdict Judge(Proxy proxy)
    {
        var left = Canonicalize(proxy.Left);
        var right = Canonicalize(proxy.Right);
        var rewrites = ImmutableArray.CreateBuilder<PruningRule>();
        rewrites.AddRange(left.Rules);
        rewrites.AddRange(right.Rules);

        if (left.Disconnected && right.Disconnected)
        {
            return Refuse(Rules.BothDisconnected);
        }

        if (mode != PruningMode.None && (left.Refusal ?? right.Refusal) is { } refusal)
        {
            return Refuse(refusal);
        }

        if (mode == PruningMode.Paper && (HasInversePair(proxy.Left, left) || HasInversePair(proxy.Right, right)))
        {
            return Refuse(Rules.InversePair);
        }

        var canonical = Combine(proxy, left, right, rewrites);
        if (mode != PruningMode.None)
        {
            if ((left.Disconnected || left.IsValueFree) && (right.Disconnected || right.IsValueFree))
            {
                return new Verdict(canonical, Rules.ValueFree, rewrites.ToImmutable());
            }

            if (canonical.Operation == BinaryOperation.Product && (left.IsZero || right.IsZero))
            {
                return Refuse(Rules.ProductWithZero);
            }

            if (canonical.Operation == BinaryOperation.Difference && canonical.Left == canonical.Right)
            {
                return Refuse(Rules.DifferenceWithItself);
            }
        }

        return new Verdict(canonical, Refusal: null, rewrites.ToImmutable());

        Verdict Refuse(PruningRule rule) => new(Canonical: null, rule, rewrites.ToImmutable());
    }

    private CanonicalProxy Combine(Proxy proxy, CanonicalChain left, CanonicalChain right, ImmutableArray<PruningRule>.Builder rewrites)
    {
        var a = new Branch(proxy.Left.Input, left.Chain);
        var b = new Branch(proxy.Right.Input, right.Chain);
        if (left.Disconnected)
        {
            return new CanonicalProxy(right.Negated, b, Operation: null, Right: null, proxy.LayerReduction);
        }

        if (right.Disconnected)
        {
            return new CanonicalProxy(left.Negated, a, Operation: null, Right: null, proxy.LayerReduction);
        }

        var operation = proxy.Operation;
        if (mode == PruningMode.None)
        {
            return new CanonicalProxy(Negated: false, a, operation, b, proxy.LayerReduction);
        }

        if (operation == BinaryOperation.Matmul)
        {
            rewrites.Add(Rules.MatmulOnNumbers);
            operation = BinaryOperation.Product;
        }

        if (left.Negated || right.Negated)
        {
            rewrites.Add(Rules.SignOfBranch);
        }

        bool negated;
        if (operation == BinaryOperation.Product)
        {
            negated = left.Negated != right.Negated;
        }
        else
        {
            // ±a ± b, as a sum or a difference with at most one sign in front of all.
            var signOfRight = right.Negated != (operation == BinaryOperation.Difference);
            if (left.Negated == signOfRight)
            {
                operation = BinaryOperation.Sum;
                negated = left.Negated;
            }
            else
            {
                operation = BinaryOperation.Difference;
                negated = false;
                if (left.Negated)
                {
                    (a, b) = (b, a);
                }
            }
        }

        if (operation != BinaryOperation.Difference && Order(a, b) > 0)
        {
            rewrites.Add(Rules.Commute);
            (a, b) = (b, a);
        }

        return new CanonicalProxy(negated, a, operation, b, proxy.LayerReduction);
    }

    private CanonicalChain CanonicalizeChain(InputKind input, Chain chain) =>
        mode == PruningMode.None
            ? new CanonicalChain(chain, Negated: false, chain.Operations.Contains(UnaryOperation.Disconnect), IsValueFree: false,
                IsZero: false, Refusal: null, [])
            : ChainCanonicalizer.Canonicalize(input, chain, elements);

    private static int Order(Branch a, Branch b) =>
        a.Input != b.Input ? a.Input.CompareTo(b.Input) : a.Chain.CompareTo(b.Chain);

    /// <summary>Whether a live branch has a pair as it is written, or in its canonical form, which other expressions share.</summary>
    private static bool HasInversePair(Branch branch, CanonicalChain canonical) =>
        !canonical.Disconnected && (HasInversePair(branch.Chain) || HasInversePair(canonical.Chain));

    private static bool HasInversePair(Chain chain)
    {
        UnaryOperation? previous = null;
        foreach (var operation in chain)
        {
            if (operation == UnaryOperation.NoOp)
            {
                continue;
            }

            if ((previous, operation) is
                (UnaryOperation.Log or UnaryOperation.AbsLog, UnaryOperation.Exp) or
                (UnaryOperation.Exp, UnaryOperation.Log or UnaryOperation.AbsLog) or
                (UnaryOperation.Square, UnaryOperation.Sqrt) or
                (UnaryOperation.Sqrt, UnaryOperation.Square) or
                (UnaryOperation.Invert, UnaryOperation.Invert) or
                (UnaryOperation.Negate, UnaryOperation.Negate))
            {
                return true;
            }

            previous = operation;
        }

        return false;
    }
}
