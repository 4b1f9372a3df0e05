using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Tests.Run;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>One example and more for every rule: what it makes of an expression, its category and its counter.</summary>
public sealed class RuleExamplesTests
{
    /// <summary>Rule, category, expression, canonical form (null where it is refused).</summary>
    public static TheoryData<string, RuleCategory, string, string?> Examples() => new()
    {
        { "product-with-itself", RuleCategory.Equivalence, "exp(H) * exp(no_op(H))", "square(exp(H))" },
        { "product-with-number", RuleCategory.SpecialCase, "std(W) * G", "G * std(W)" },
        { "no-op", RuleCategory.Equivalence, "no_op(exp(H)) + W", "exp(H) + W" },
        { "normalized-sum-is-mean", RuleCategory.Equivalence, "exp(normalized_sum(H)) + W", "exp(mean(H)) + W" },
        { "mean-of-abs-is-l1-norm", RuleCategory.Equivalence, "exp(mean(abs(H))) + W", "exp(l1_norm(H)) + W" },
        { "closing-mean", RuleCategory.Equivalence, "mean(exp(H)) + W", "exp(H) + W" },
        { "closing-mean", RuleCategory.Equivalence, "mean(S) * W", "W * S" },
        { "closing-mean", RuleCategory.Equivalence, "mean(square(normalize(H))) * W", "square(normalize(H)) * W" },
        { "closing-l1-norm-is-abs", RuleCategory.Equivalence, "l1_norm(H) + W", "abs(H) + W" },
        { "even-of-negate", RuleCategory.Equivalence, "square(negate(H)) + W", "square(H) + W" },
        { "even-of-negate", RuleCategory.Equivalence, "std(negate(H)) + W", "std(H) + W" },
        { "even-of-abs", RuleCategory.Equivalence, "frobenius_norm(abs(H)) + W", "frobenius_norm(H) + W" },
        { "even-of-abs", RuleCategory.Equivalence, "abs_log(abs(H)) + W", "abs_log(H) + W" },
        { "double-negate", RuleCategory.Equivalence, "negate(negate(H)) + W", "H + W" },
        { "negate-outwards", RuleCategory.Equivalence, "normalize(negate(square(H))) + W", "W - normalize(square(H))" },
        { "negate-outwards", RuleCategory.Equivalence, "square(mean(negate(H))) + W", "square(mean(H)) + W" },
        { "log-or-sqrt-of-relu", RuleCategory.Equivalence, "log(relu(H)) + W", "log(H) + W" },
        { "log-or-sqrt-of-relu", RuleCategory.Equivalence, "sqrt(relu(H)) + W", "sqrt(H) + W" },
        { "l1-norm-of-nonnegative", RuleCategory.Equivalence, "exp(l1_norm(sqrt(H))) + W", "exp(mean(sqrt(H))) + W" },
        { "abs-of-nonpositive", RuleCategory.Equivalence, "abs(log_softmax(H)) + W", "W - log_softmax(H)" },
        { "normalize-of-min-max", RuleCategory.Equivalence, "std(square(normalize(min_max(H)))) + W", "std(square(normalize(H))) + W" },
        { "square-of-sqrt", RuleCategory.Equivalence, "square(sqrt(H)) + W", "relu(H) + W" },
        { "of-log-softmax", RuleCategory.Equivalence, "std(exp(log_softmax(H))) + W", "std(softmax(H)) + W" },
        { "of-log-softmax", RuleCategory.Equivalence, "std(softmax(log_softmax(H))) + W", "std(softmax(H)) + W" },
        { "matmul-on-numbers", RuleCategory.Equivalence, "H @ W", "H * W" },
        { "commutative-order", RuleCategory.Equivalence, "W * A", "A * W" },
        { "commutative-order", RuleCategory.Equivalence, "exp(A) + log(A)", "log(A) + exp(A)" },
        { "sign-of-branch", RuleCategory.Equivalence, "negate(H) - W", "negate(H) - W" },
        { "sign-of-branch", RuleCategory.Equivalence, "negate(H) * negate(W)", "H * W" },
        { "sign-of-branch", RuleCategory.Equivalence, "negate(H) + W", "W - H" },
        { "repeated", RuleCategory.Idempotence, "std(square(normalize(normalize(H)))) + W", "std(square(normalize(H))) + W" },
        { "repeated", RuleCategory.Idempotence, "log_softmax(log_softmax(H)) + W", "log_softmax(H) + W" },
        { "abs-or-relu-of-nonnegative", RuleCategory.Idempotence, "relu(relu(H)) + W", "relu(H) + W" },
        { "abs-or-relu-of-nonnegative", RuleCategory.Idempotence, "abs(exp(H)) + W", "exp(H) + W" },
        { "mean-of-number", RuleCategory.SpecialCase, "mean(std(H)) + W", "std(H) + W" },
        { "norm-of-number", RuleCategory.SpecialCase, "l1_norm(mean(H)) + W", "abs(mean(H)) + W" },
        { "norm-of-number", RuleCategory.SpecialCase, "frobenius_norm(std(H)) + W", "std(H) + W" },
        { "cut-to-zero", RuleCategory.Conflict, "relu(negate(exp(H))) + W", "relu(negate(exp(H))) + W" },
        { "cut-to-zero", RuleCategory.Conflict, "sqrt(log_softmax(H)) + W", "sqrt(log_softmax(H)) + W" },
        { "std-of-number", RuleCategory.Degenerate, "std(mean(H)) + W", null },
        { "std-of-number", RuleCategory.Degenerate, "W * exp(std(frobenius_norm(H)))", null },
        { "both-disconnected", RuleCategory.Degenerate, "disconnect(H) + disconnect(W)", null },
        { "disconnected", RuleCategory.SpecialCase, "disconnect(H) * exp(W)", "exp(W)" },
        { "disconnected", RuleCategory.SpecialCase, "negate(H) - disconnect(W)", "negate(H)" },
        { "difference-with-itself", RuleCategory.Degenerate, "exp(H) - exp(no_op(H))", null },
        { "difference-with-itself", RuleCategory.Degenerate, "H + negate(H)", null },
        { "product-with-zero", RuleCategory.Degenerate, "normalize(H) * W", null },
        { "product-with-zero", RuleCategory.Degenerate, "exp(W) @ normalize(min_max(H))", null },
        { "product-with-zero", RuleCategory.Degenerate, "mean(negate(normalize(H))) * W", null },
        { "product-with-zero", RuleCategory.Degenerate, "W * square(mean(normalize(H)))", null },
        { "product-with-zero", RuleCategory.Degenerate, "sqrt(log_softmax(H)) * W", null },
        { "value-free", RuleCategory.ValueFree, "square(normalize(H)) * softmax(W)", null },
        { "value-free", RuleCategory.ValueFree, "S", null },
        { "value-free", RuleCategory.ValueFree, "exp(relu(negate(abs(H)))) + disconnect(W)", null },
        { "inverse-pair", RuleCategory.Inverse, "exp(log(H)) + W", null },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_rule_rewrites_or_refuses_its_example(string rule, RuleCategory category, string expression, string? canonical)
    {
        var mode = category == RuleCategory.Inverse ? PruningMode.Paper : PruningMode.Sound;
        var combine = rule is "product-with-itself" or "product-with-number" ? Combination.Tensors : Combination.Means;
        var verdict = new RuleBasedPruning(mode, Reduction.Mean, combine).Judge(ProxyText.ParseProxy(expression));
        if (canonical is null)
        {
            Assert.Equal(rule, verdict.Refusal?.Name);
            Assert.Equal(category, verdict.Refusal?.Category);
        }
        else
        {
            Assert.Null(verdict.Refusal);
            Assert.Equal(canonical, verdict.Canonical?.ToString());
            Assert.Contains(verdict.Rewrites, acted => acted.Name == rule && acted.Category == category);
        }
    }

    [Theory]
    [InlineData("normalize(H) + W")]
    [InlineData("square(normalize(H)) * W")]
    [InlineData("exp(mean(normalize(H))) * W")]
    [InlineData("log_softmax(mean(normalize(H))) + W")]
    public void Only_a_product_with_a_zero_is_a_zero(string expression) =>
        Assert.Null(new RuleBasedPruning(PruningMode.Sound, Reduction.Mean).Judge(ProxyText.ParseProxy(expression)).Refusal);

    [Theory]
    [InlineData("log(square(H)) + W", "abs_log(square(H)) + W")]
    [InlineData("log(S) + W", "abs_log(S) + W")]
    [InlineData("W - log(S)", "W + abs(log(S))")] // ln(1 + 1e-9) is positive
    public void The_logarithms_differ_where_nothing_is_negative_too(string one, string other)
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        Assert.NotEqual(pruning.Judge(ProxyText.ParseProxy(one)).Canonical, pruning.Judge(ProxyText.ParseProxy(other)).Canonical);
    }

    [Fact]
    public void Under_a_sum_of_elements_a_closing_mean_stays() =>
        Assert.Equal("H + mean(W)",
            new RuleBasedPruning(PruningMode.Sound, Reduction.Sum).Judge(ProxyText.ParseProxy("H + mean(W)")).Canonical?.ToString());

    [Fact]
    public void Every_rule_has_an_example_a_name_of_its_own_and_a_reason()
    {
        var examples = Examples().Select(row => (string)row[0]).Append(Rules.InPopulation.Name).Append(Rules.KnownInvalid.Name);
        Assert.Equal(Rules.All.Select(r => r.Name).Order(), examples.Distinct().Order());
        Assert.Equal(Rules.All.Count, Rules.All.Select(r => r.Name).Distinct().Count());
        Assert.All(Rules.All, rule => Assert.NotEmpty(rule.Reason));
    }

    [Fact]
    public void Searches_count_every_rule_that_acted()
    {
        var random = new SyntheticSearch(SyntheticSearch.Small with
        {
            Strategy = SearchStrategy.Random,
            UnaryOperations = 3,
            OffspringPerIteration = 500,
            Iterations = 20,
        });
        var small = new SyntheticSearch(random.Configuration with { UnaryOperations = 1, OffspringPerIteration = 100 });
        var paper = new SyntheticSearch(SyntheticSearch.Small with { Pruning = PruningMode.Paper });
        var tensors = new SyntheticSearch(random.Configuration with
        {
            UnaryOperations = 1,
            OffspringPerIteration = 100,
            Inputs = [InputKind.W, InputKind.G],
            Combine = Combination.Tensors,
        });
        var counted = new[] { random, small, paper, tensors }.SelectMany(search =>
        {
            search.Run();
            Assert.All(search.State.RuleHits.Values, hits => Assert.True(hits > 0));
            return search.State.RuleHits.Keys;
        });
        Assert.Equal(Rules.All.Select(r => r.Name).Order(), counted.Distinct().Order());
    }

    [Fact]
    public void A_proxy_that_scored_invalid_is_not_proposed_again()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small with { UnaryOperations = 1, Iterations = 1500, Population = 40 });
        search.Run();
        Assert.True(search.State.RuleHits[Rules.KnownInvalid.Name] > 0);
        Assert.Equal(search.State.InvalidEvaluations, search.State.KnownInvalid.Count);
    }
}
