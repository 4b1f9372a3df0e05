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
    [InlineData(PruningMode.None, Reduction.Mean)]
    [InlineData(PruningMode.Sound, Reduction.Mean)]
    [InlineData(PruningMode.Sound, Reduction.Sum)]
    [InlineData(PruningMode.Paper, Reduction.Mean)]
    public void A_proxy_equals_its_canonical_form_or_is_invalid(PruningMode mode, Reduction elements)
    {
        var pruning = new RuleBasedPruning(mode, elements);
        Properties.Check(10000, Examples(RandomProxies.Proxy(0, 3)), example =>
        {
            var (proxy, left, right) = (example.Proxy, example.Left, example.Right);
            var verdict = pruning.Judge(proxy);
            var written = Written(proxy, left.First, right.First, elements);
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
                    var other = Written(proxy, left.Second, right.Second, elements)!.Value;
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

    /// <summary>Both branches of an input see the same tensor.</summary>
    private static Gen<(Proxy Proxy, (RandomTensor First, RandomTensor Second) Left, (RandomTensor First, RandomTensor Second) Right)>
        Examples(Gen<Proxy> proxies) =>
        from proxy in proxies
        from left in RandomTensors.PairFor(proxy.Left.Input)
        from right in RandomTensors.PairFor(proxy.Right.Input)
        select (proxy, left, proxy.Left.Input == proxy.Right.Input ? left : right);

    private static Approximate? Written(Proxy proxy, RandomTensor left, RandomTensor right, Reduction elements)
    {
        var a = UnaryOracle.Apply(proxy.Left.Chain, OracleTensor.Of(left))?.Value(elements);
        var b = UnaryOracle.Apply(proxy.Right.Chain, OracleTensor.Of(right))?.Value(elements);
        return (a, b) switch
        {
            ({ } x, { } y) => Apply(proxy.Operation, x, y),
            _ => a ?? b,
        };
    }

    private static Approximate Canonical(CanonicalProxy canonical, Proxy proxy, RandomTensor left, RandomTensor right, Reduction elements)
    {
        var first = Value(canonical.Left);
        var second = canonical.Right is null ? Approximate.Exact(double.NaN) : Value(canonical.Right);
        var combined = canonical.Operation is { } operation ? Apply(operation, first, second) : first;
        return combined with { Value = canonical.Combine(first.Value, second.Value) };

        Approximate Value(Branch branch) =>
            UnaryOracle.Apply(branch.Chain, OracleTensor.Of(branch.Input == proxy.Left.Input ? left : right))!.Value(elements);
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
