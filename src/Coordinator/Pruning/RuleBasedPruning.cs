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
/// <param name="combine">What products are applied to.</param>
public sealed class RuleBasedPruning(PruningMode mode, Reduction elements, Combination combine = Combination.Means)
{
    // Chains recur all the time in a search; their canonical form is a pure function of this key.
    private readonly ConcurrentDictionary<(InputKind, Chain), CanonicalChain> canonicalChains = new();

    /// <summary>The rules of a run.</summary>
    public static RuleBasedPruning Of(SearchConfiguration configuration) =>
        new(configuration.Pruning, configuration.ElementReduction, configuration.Combine);

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

        if (IsOfTensors(proxy, left, right))
        {
            return JudgeProduct(proxy, left, right, rewrites);
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

        RewriteSigns(proxy, left, right, rewrites);
        bool negated;
        var factors = Factors.Numbers;
        if (operation is BinaryOperation.Product or BinaryOperation.Matmul)
        {
            operation = BinaryOperation.Product;
            negated = left.Negated != right.Negated;
            if (combine == Combination.Tensors && TensorProduct.HaveOneShape(a.Input, b.Input))
            {
                rewrites.Add(Rules.ProductWithNumber);
                factors = TensorProduct.Exists(a, b) ? Factors.Means : Factors.Numbers;
            }
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

        if (operation != BinaryOperation.Difference)
        {
            (a, b) = Ordered(a, b, rewrites);
        }

        return new CanonicalProxy(negated, a, operation, b, proxy.LayerReduction, factors);
    }

    private bool IsOfTensors(Proxy proxy, CanonicalChain left, CanonicalChain right) =>
        combine == Combination.Tensors && proxy.Operation is BinaryOperation.Product or BinaryOperation.Matmul
            && !left.Disconnected && !right.Disconnected && !left.IsNumber && !right.IsNumber
            && TensorProduct.HaveOneShape(proxy.Left.Input, proxy.Right.Input);

    /// <summary>
    /// What the rules say of a product of tensors. Those of chains hold for each element, but for the ones that say what the mean is: the
    /// mean of normalize(x) is 0 and that of softmax(x) depends on shapes alone, their products with a tensor do not.
    /// </summary>
    private Verdict JudgeProduct(Proxy proxy, CanonicalChain left, CanonicalChain right, ImmutableArray<PruningRule>.Builder rewrites)
    {
        var a = new Branch(proxy.Left.Input, left.Chain);
        var b = new Branch(proxy.Right.Input, right.Chain);
        if (mode == PruningMode.None)
        {
            return Accept(new CanonicalProxy(Negated: false, a, proxy.Operation, b, proxy.LayerReduction, Factors.Tensors));
        }

        RewriteSigns(proxy, left, right, rewrites);
        var negated = left.Negated != right.Negated;
        if (a == b && a.Chain.Count < Chain.MaximumLength)
        {
            // (-3) * (-3) = (-3)²: what is known of squares holds, such as that the squares of a normalized tensor sum to N - 1.
            var square = Canonicalize(a with { Chain = new Chain(a.Chain.Operations.Add(UnaryOperation.Square)) });
            rewrites.Add(Rules.ProductWithItself);
            rewrites.AddRange(square.Rules);
            var alone = new CanonicalProxy(
                negated != square.Negated, a with { Chain = square.Chain }, Operation: null, Right: null, proxy.LayerReduction);
            return square.IsValueFree ? new Verdict(alone, Rules.ValueFree, rewrites.ToImmutable()) : Accept(alone);
        }

        // Beside a constant, a tensor counts with its mean: 2 * x has the mean 2 mean(x), which is 0 where that is.
        if (left.Throughout == Throughout.Zero || right.Throughout == Throughout.Zero
            || (left.Throughout == Throughout.Constant && right.IsZero) || (right.Throughout == Throughout.Constant && left.IsZero))
        {
            return new Verdict(Canonical: null, Rules.ProductWithZero, rewrites.ToImmutable());
        }

        var isValueFree = (left.Throughout == Throughout.Constant && right.IsValueFree)
            || (right.Throughout == Throughout.Constant && left.IsValueFree) || AreReciprocal(a, b) || AreReciprocal(b, a);
        (a, b) = Ordered(a, b, rewrites);
        var canonical = new CanonicalProxy(negated, a, BinaryOperation.Product, b, proxy.LayerReduction, Factors.Tensors);
        return isValueFree ? new Verdict(canonical, Rules.ValueFree, rewrites.ToImmutable()) : Accept(canonical);

        Verdict Accept(CanonicalProxy accepted) => new(accepted, Refusal: null, rewrites.ToImmutable());
    }

    /// <summary>Whether one is exp(x) and the other exp(-x), of which the product is 1 but for rounding.</summary>
    private static bool AreReciprocal(Branch one, Branch other) =>
        one.Input == other.Input
            && one.Chain.Operations is [.. var inner, UnaryOperation.Exp]
            && other.Chain.Operations is [.. var negated, UnaryOperation.Negate, UnaryOperation.Exp]
            && inner.SequenceEqual(negated);

    /// <summary>Notes that matmul is taken for the product, and that closing negates have become the branches' signs.</summary>
    private static void RewriteSigns(
        Proxy proxy, CanonicalChain left, CanonicalChain right, ImmutableArray<PruningRule>.Builder rewrites)
    {
        if (proxy.Operation == BinaryOperation.Matmul)
        {
            rewrites.Add(Rules.MatmulOnNumbers);
        }

        if (left.Negated || right.Negated)
        {
            rewrites.Add(Rules.SignOfBranch);
        }
    }

    private static (Branch, Branch) Ordered(Branch a, Branch b, ImmutableArray<PruningRule>.Builder rewrites)
    {
        if (Order(a, b) <= 0)
        {
            return (a, b);
        }

        rewrites.Add(Rules.Commute);
        return (b, a);
    }

    private CanonicalChain CanonicalizeChain(InputKind input, Chain chain) =>
        mode == PruningMode.None
            ? new CanonicalChain(chain, Negated: false, chain.Operations.Contains(UnaryOperation.Disconnect),
                UnaryOperations.MakesNumber(chain), IsValueFree: false, IsZero: false, Throughout.Unknown, Refusal: null, [])
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
