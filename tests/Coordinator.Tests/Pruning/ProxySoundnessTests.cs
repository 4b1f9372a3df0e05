using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>The sound rules on whole proxies: the canonical form's number on a layer is that of the proxy as written.</summary>
public sealed class ProxySoundnessTests
{
    [Theory]
    [InlineData(PruningMode.None, Reduction.Mean, Combination.Means)]
    [InlineData(PruningMode.Sound, Reduction.Mean, Combination.Means)]
    [InlineData(PruningMode.Sound, Reduction.Sum, Combination.Means)]
    [InlineData(PruningMode.Paper, Reduction.Mean, Combination.Means)]
    [InlineData(PruningMode.None, Reduction.Mean, Combination.Tensors)]
    [InlineData(PruningMode.Sound, Reduction.Mean, Combination.Tensors)]
    [InlineData(PruningMode.Sound, Reduction.Sum, Combination.Tensors)]
    [InlineData(PruningMode.Paper, Reduction.Mean, Combination.Tensors)]
    public void A_proxy_equals_its_canonical_form_or_is_invalid(PruningMode mode, Reduction elements, Combination combine) =>
        AssertSound(mode, elements, combine, 10000, RandomProxies.Proxy(0, 3));

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void A_product_of_tensors_equals_its_canonical_form_or_is_invalid(Reduction elements) =>
        AssertSound(PruningMode.Sound, elements, Combination.Tensors, 10000, RandomProxies.Product(0, 3));

    private static void AssertSound(PruningMode mode, Reduction elements, Combination combine, int count, Gen<Proxy> proxies)
    {
        var pruning = new RuleBasedPruning(mode, elements, combine);
        Properties.Check(count, Examples(proxies), example =>
        {
            var (proxy, left, right) = (example.Proxy, example.Left, example.Right);
            var verdict = pruning.Judge(proxy);
            var written = Written(proxy, left.First, right.First, elements, combine);
            if (verdict.Refusal == Rules.BothDisconnected)
            {
                Assert.Null(written);
            }
            else if (verdict.Refusal == Rules.StdOfNumber)
            {
                Assert.True(double.IsNaN(written!.Value.Value), $"{proxy} is refused as NaN, but is {written}");
            }
            else if (verdict.Refusal == Rules.DifferenceWithItself || verdict.Refusal == Rules.ProductWithZero)
            {
                Assert.True(
                    written!.Value.Agrees(Approximate.Zero) || !written.Value.IsFinite, $"{proxy} is refused as 0, but is {written}");
            }
            else if (verdict.Refusal != Rules.InversePair)
            {
                var canonical = Canonical(verdict.Canonical!, proxy, left.First, right.First, elements);
                Assert.True(
                    written!.Value.Agrees(canonical),
                    $"{proxy} is {written}, its canonical form {verdict.Canonical} is {canonical} on {left.First} and {right.First}; " +
                    $"rules {string.Join(", ", verdict.Rewrites)}");
                if (verdict.Refusal == Rules.ValueFree && !MeetsConstant(proxy, left, right))
                {
                    var other = Written(proxy, left.Second, right.Second, elements, combine)!.Value;
                    Assert.True(
                        !written.Value.IsFinite || !other.IsFinite || written.Value.Agrees(other),
                        $"{proxy} counts as value-free, but is {written} and {other} on tensors of the same shape");
                }
            }
        });
    }

    [Fact]
    public void The_layer_reduction_stays_as_it_is()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        Properties.Check(500, RandomProxies.Proxy(1, 2), proxy =>
        {
            if (pruning.Judge(proxy).Canonical is { } canonical)
            {
                Assert.Equal(proxy.LayerReduction, canonical.LayerReduction);
            }
        });
    }

    /// <summary>Both branches of an input see the same tensor; weights and gradients are of one shape.</summary>
    private static Gen<(Proxy Proxy, (RandomTensor First, RandomTensor Second) Left, (RandomTensor First, RandomTensor Second) Right)>
        Examples(Gen<Proxy> proxies) =>
        from proxy in proxies
        from left in RandomTensors.PairFor(proxy.Left.Input)
        from right in TensorProduct.HaveOneShape(proxy.Left.Input, proxy.Right.Input)
            ? RandomTensors.PairFor(proxy.Right.Input, left.First.Shape)
            : RandomTensors.PairFor(proxy.Right.Input)
        select (proxy, left, proxy.Left.Input == proxy.Right.Input ? left : right);

    private static Approximate? Written(Proxy proxy, RandomTensor left, RandomTensor right, Reduction elements, Combination combine)
    {
        var (one, other) = (
            UnaryOracle.Apply(proxy.Left.Chain, OracleTensor.Of(left)), UnaryOracle.Apply(proxy.Right.Chain, OracleTensor.Of(right)));
        if (combine == Combination.Tensors && proxy.Operation is BinaryOperation.Product or BinaryOperation.Matmul
            && one is { IsNumber: false } && other is { IsNumber: false }
            && TensorProduct.HaveOneShape(proxy.Left.Input, proxy.Right.Input))
        {
            return one.Times(other).Value(elements);
        }

        var (a, b) = (one?.Value(elements), other?.Value(elements));
        return (a, b) switch
        {
            ({ } x, { } y) => Apply(proxy.Operation, x, y),
            _ => a ?? b,
        };
    }

    private static Approximate Canonical(CanonicalProxy canonical, Proxy proxy, RandomTensor left, RandomTensor right, Reduction elements)
    {
        if (canonical.Factors == Factors.Tensors)
        {
            var product = Result(canonical.Left).Times(Result(canonical.Right!)).Value(elements);
            return product with { Value = canonical.Combine(product.Value, double.NaN) };
        }

        var first = Value(canonical.Left);
        var second = canonical.Right is null ? Approximate.Exact(double.NaN) : Value(canonical.Right);
        var combined = canonical.Operation is { } operation ? Apply(operation, first, second) : first;
        return combined with { Value = canonical.Combine(first.Value, second.Value) };

        Approximate Value(Branch branch) => Result(branch).Value(elements);

        OracleTensor Result(Branch branch) =>
            UnaryOracle.Apply(branch.Chain, OracleTensor.Of(branch.Input == proxy.Left.Input ? left : right))!;
    }

    /// <summary>The operation under test, with the error bound that belongs to its result.</summary>
    private static Approximate Apply(BinaryOperation operation, Approximate a, Approximate b)
    {
        var bounded = operation switch
        {
            BinaryOperation.Sum => a + b,
            BinaryOperation.Difference => a - b,
            _ => a * b,
        };
        return bounded with { Value = BinaryOperations.Apply(operation, a.Value, b.Value) };
    }

    private static bool MeetsConstant(
        Proxy proxy, (RandomTensor First, RandomTensor Second) left, (RandomTensor First, RandomTensor Second) right) =>
        new[] { (proxy.Left, left.First), (proxy.Left, left.Second), (proxy.Right, right.First), (proxy.Right, right.Second) }
            .Any(p => UnaryOracle.Apply(p.Item1.Chain, OracleTensor.Of(p.Item2)) is { MetConstant: true });
}
