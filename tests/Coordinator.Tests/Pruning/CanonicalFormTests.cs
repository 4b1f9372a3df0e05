using FsCheck.Fluent;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>What snapshots and duplicate checks rely on: one canonical form for what is equal, and it is its own.</summary>
public sealed class CanonicalFormTests
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
    public void A_canonical_form_is_its_own_canonical_form(PruningMode mode, Reduction elements, Combination combine)
    {
        var pruning = new RuleBasedPruning(mode, elements, combine);
        Properties.Check(20000, Gen.OneOf(RandomProxies.Proxy(0, 5), RandomProxies.Product(0, 4)), proxy =>
        {
            var verdict = pruning.Judge(proxy);
            if (verdict.Canonical is { } canonical)
            {
                var again = pruning.Judge(canonical.ToProxy());
                Assert.Equal(canonical, again.Canonical);
                Assert.Equal(verdict.Refusal, again.Refusal);
                Assert.Equal(canonical, pruning.Judge(ProxyText.ParseProxy(canonical.ToString())).Canonical);
            }
        });
    }

    [Fact]
    public void A_canonical_chain_is_its_own_canonical_form()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        foreach (var input in new[] { InputKind.W, InputKind.S })
        {
            foreach (var chain in Chain.All(3))
            {
                var canonical = pruning.Canonicalize(new Branch(input, chain));
                if (!canonical.Disconnected)
                {
                    var again = pruning.Canonicalize(new Branch(input, canonical.Chain));
                    Assert.True(canonical.Chain == again.Chain && !again.Negated,
                        $"{new Branch(input, chain)} becomes {canonical.Chain}, which becomes {again.Chain}");
                }
            }
        }
    }

    [Theory]
    [InlineData(BinaryOperation.Sum)]
    [InlineData(BinaryOperation.Product)]
    public void Exchanged_branches_of_a_commutative_operation_have_the_same_canonical_form(BinaryOperation operation)
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        Properties.Check(3000, RandomProxies.Proxy(0, 3), proxy =>
        {
            var one = proxy with { Operation = operation };
            var other = one with { Left = one.Right, Right = one.Left };
            Assert.Equal(pruning.Judge(one).Canonical, pruning.Judge(other).Canonical);
        });
    }

    [Fact]
    public void A_product_and_a_matmul_have_the_same_canonical_form()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        Properties.Check(1000, RandomProxies.Proxy(0, 3), proxy => Assert.Equal(
            pruning.Judge(proxy with { Operation = BinaryOperation.Product }).Canonical,
            pruning.Judge(proxy with { Operation = BinaryOperation.Matmul }).Canonical));
    }

    [Fact]
    public void Without_rules_a_proxy_stays_as_it_is_written()
    {
        var pruning = new RuleBasedPruning(PruningMode.None, Reduction.Mean);
        Properties.Check(2000, RandomProxies.Proxy(0, 3), proxy =>
        {
            var verdict = pruning.Judge(proxy);
            Assert.Empty(verdict.Rewrites);
            if (proxy.Left.IsDisconnected && proxy.Right.IsDisconnected)
            {
                Assert.Equal(Rules.BothDisconnected, verdict.Refusal);
                return;
            }

            Assert.Null(verdict.Refusal);
            Assert.Equal(
                proxy.Left.IsDisconnected
                    ? new CanonicalProxy(Negated: false, proxy.Right, Operation: null, Right: null, proxy.LayerReduction)
                : proxy.Right.IsDisconnected
                    ? new CanonicalProxy(Negated: false, proxy.Left, Operation: null, Right: null, proxy.LayerReduction)
                : new CanonicalProxy(Negated: false, proxy.Left, proxy.Operation, proxy.Right, proxy.LayerReduction),
                verdict.Canonical);
        });
    }

    [Theory]
    [InlineData("exp(log(H)) + W")]
    [InlineData("W * exp(abs_log(H))")]
    [InlineData("log(exp(H)) + W")]
    [InlineData("abs_log(exp(H)) + W")]
    [InlineData("sqrt(square(H)) + W")]
    [InlineData("square(sqrt(H)) + W")]
    [InlineData("invert(invert(H)) + W")]
    [InlineData("negate(negate(H)) + W")]
    [InlineData("exp(no_op(log(H))) + W")]
    public void The_paper_s_inverse_pairs_are_refused_in_its_mode_alone(string expression)
    {
        var proxy = ProxyText.ParseProxy(expression);
        Assert.Equal(Rules.InversePair, new RuleBasedPruning(PruningMode.Paper, Reduction.Mean).Judge(proxy).Refusal);
        Assert.Null(new RuleBasedPruning(PruningMode.Sound, Reduction.Mean).Judge(proxy).Refusal);
    }

    [Fact]
    public void An_inverse_pair_that_only_the_canonical_form_shows_is_refused_too()
    {
        var pruning = new RuleBasedPruning(PruningMode.Paper, Reduction.Mean);
        Assert.Equal(Rules.InversePair, pruning.Judge(ProxyText.ParseProxy("sqrt(abs(square(H))) + W")).Refusal);
    }

    [Fact]
    public void An_inverse_pair_in_a_disconnected_branch_does_not_count() =>
        Assert.Null(
            new RuleBasedPruning(PruningMode.Paper, Reduction.Mean).Judge(ProxyText.ParseProxy("disconnect(exp(log(H))) + W")).Refusal);

    [Theory]
    [InlineData("abs(G) * abs(W)", "abs(G) * abs(W)", Factors.Tensors)]
    [InlineData("abs(W) @ abs(negate(G))", "abs(G) * abs(W)", Factors.Tensors)]
    [InlineData("negate(W) * G", "negate(G) * W", Factors.Tensors)]
    [InlineData("normalize(W) * G", "G * normalize(W)", Factors.Tensors)]
    [InlineData("square(normalize(H)) * softmax(H)", "softmax(H) * square(normalize(H))", Factors.Tensors)]
    [InlineData("W * W", "square(W)", Factors.Numbers)]
    [InlineData("negate(sqrt(W)) * sqrt(W)", "negate(relu(W))", Factors.Numbers)]
    [InlineData("mean(W) * G", "mean(G) * W", Factors.Means)]
    [InlineData("W * mean(G)", "mean(G) * W", Factors.Means)]
    [InlineData("l1_norm(W) * negate(G)", "negate(mean(G)) * abs(W)", Factors.Means)]
    [InlineData("std(W) * G", "G * std(W)", Factors.Numbers)]
    [InlineData("H * W", "H * W", Factors.Numbers)]
    [InlineData("W + G", "G + W", Factors.Numbers)]
    public void A_product_of_tensors_of_one_shape_is_told_from_one_of_numbers(string expression, string canonical, Factors factors)
    {
        var verdict = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean, Combination.Tensors).Judge(ProxyText.ParseProxy(expression));
        Assert.Null(verdict.Refusal);
        Assert.Equal((canonical, factors), (verdict.Canonical!.ToString(), verdict.Canonical.Factors));
        Assert.Equal(factors == Factors.Tensors ? [canonical.Replace("negate(G)", "G", StringComparison.Ordinal)] : [],
            verdict.Canonical.Branches.Where(branch => branch.Chain.Factor is not null).Select(branch => branch.ToString()));
    }

    [Theory]
    [InlineData("normalize(W) * normalize(negate(W))", "value-free")]
    [InlineData("exp(W) * exp(negate(W))", "value-free")]
    [InlineData("exp(relu(negate(square(W)))) * softmax(G)", "value-free")]
    [InlineData("relu(negate(square(W))) * G", "product-with-zero")]
    [InlineData("exp(relu(negate(square(W)))) * normalize(G)", "product-with-zero")]
    [InlineData("mean(normalize(W)) * G", "product-with-zero")]
    [InlineData("std(mean(W)) * G", "std-of-number")]
    public void What_is_invalid_under_a_product_of_tensors_is_refused(string expression, string rule) => Assert.Equal(
        rule,
        new RuleBasedPruning(PruningMode.Sound, Reduction.Mean, Combination.Tensors).Judge(ProxyText.ParseProxy(expression)).Refusal?.Name);

    [Theory]
    [InlineData("exp(exp(exp(exp(exp(exp(exp(exp(l1_norm(log_softmax(H)))))))))) * negate(W)", 12)]
    [InlineData("exp(exp(exp(exp(exp(exp(exp(exp(l1_norm(log_softmax(H)))))))))) + W", 11)]
    [InlineData("exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(H)))))))))) * negate(W)", 11)]
    public void The_form_of_the_longest_chain_may_be_longer_and_is_read_back(string expression, int operations)
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        var canonical = pruning.Judge(ProxyText.ParseProxy(expression)).Canonical!;
        var text = canonical.ToString();
        Assert.Equal(operations, ProxyText.ParseProxy(text).Left.Chain.Count);
        Assert.Equal(canonical, pruning.Judge(ProxyText.ParseProxy(text)).Canonical);
        Assert.Null(new StoredTerms([new string('0', 64)], [.. canonical.Branches]).FindProblem());
    }

    [Theory]
    [InlineData(Reduction.Mean, Combination.Means)]
    [InlineData(Reduction.Sum, Combination.Means)]
    [InlineData(Reduction.Mean, Combination.Tensors)]
    public void The_form_of_any_long_proxy_is_read_back(Reduction elements, Combination combine)
    {
        const int Longest = Chain.MaximumLength;
        var pruning = new RuleBasedPruning(PruningMode.Sound, elements, combine);
        var proxies = from left in RandomProxies.LiveBranch(Longest - 1, Longest)
                      from operation in Gen.Elements(Enum.GetValues<BinaryOperation>())
                      from right in RandomProxies.LiveBranch(0, Longest)
                      select new Proxy(left, operation, right, null);
        Properties.Check(20000, proxies, proxy =>
        {
            if (pruning.Judge(proxy).Canonical is { } canonical)
            {
                Assert.Equal(canonical, pruning.Judge(ProxyText.ParseProxy(canonical.ToString())).Canonical);
            }
        });
    }

    [Fact]
    public void The_text_of_a_canonical_form_is_read_back_as_an_equal_proxy()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        Properties.Check(3000, RandomProxies.Proxy(0, 3), proxy =>
        {
            if (pruning.Judge(proxy).Canonical is { } canonical)
            {
                Assert.Equal(canonical, pruning.Judge(ProxyText.ParseProxy(canonical.ToString())).Canonical);
            }
        });
    }
}
