using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Scoring;

/// <summary>From terms to layers' numbers to scores.</summary>
public sealed class TermTableTests
{
    private static readonly Branch Head = ProxyText.ParseBranch("H");
    private static readonly Branch Weight = ProxyText.ParseBranch("exp(W)");

    [Theory]
    [InlineData(Reduction.Mean, Reduction.Mean, 2.0, 7.0)]
    [InlineData(Reduction.Mean, Reduction.Sum, 4.0, 7.0)]
    [InlineData(Reduction.Sum, Reduction.Mean, 10.0, 28.0)]
    [InlineData(Reduction.Sum, Reduction.Sum, 20.0, 28.0)]
    public void A_layer_s_number_follows_from_means_and_counts(Reduction elements, Reduction tensors, double first, double second)
    {
        // Two tensors on the first layer: means 1 and 3 of 5 elements each; one on the second: mean 7 of 4 elements.
        var table = new TermTable(1, elements, tensors);
        table.Add(0, new TermBlock(InputKind.H, [2, 1], [Chain.Empty], [1, 3, 7], [5, 5, 4]));
        Assert.Equal([first, second], table.LayerValues(Head, 0).ToArray());
    }

    [Fact]
    public void A_term_that_is_not_there_is_named()
    {
        var table = new TermTable(2, Reduction.Mean, Reduction.Mean);
        table.Add(1, Block(InputKind.H, [Chain.Empty], 1));
        Assert.True(table.Knows(Head, 1));
        Assert.False(table.Knows(Head, 0));
        Assert.False(table.Knows(Weight, 1));
        Assert.Contains(
            "exp(W)", Assert.Throws<KeyNotFoundException>(() => table.LayerValues(Weight, 1).Length).Message, StringComparison.Ordinal);
        Assert.Contains(
            "network 0", Assert.Throws<KeyNotFoundException>(() => table.LayerValues(Head, 0).Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_term_that_is_known_stays()
    {
        var table = new TermTable(1, Reduction.Mean, Reduction.Mean);
        table.Add(0, Block(InputKind.H, [Chain.Empty], 1));
        table.Add(0, Block(InputKind.H, [Chain.Empty], 2));
        Assert.Equal([1.0], table.LayerValues(Head, 0).ToArray());
    }

    [Theory]
    [InlineData("H - W", LayerReduction.Sum, -9.0, 2.0)]
    [InlineData("H * W", LayerReduction.Sum, 30.0, 8.0)]
    [InlineData("W", LayerReduction.Sum, 15.0, 2.0)]
    [InlineData("H + W", LayerReduction.Mean, 7.0, 6.0)]
    [InlineData("H + W", LayerReduction.AllButLast, 6.0, 0.0)]
    [InlineData("H + W", LayerReduction.Last, 15.0, 6.0)]
    [InlineData("last[H + W]", LayerReduction.Sum, 15.0, 6.0)]
    [InlineData("negate(H) - W", LayerReduction.Sum, -21.0, -6.0)]
    public void A_score_reduces_the_layers_combined_numbers(string expression, LayerReduction reduction, double three, double one)
    {
        // The first network has three layers, the second one.
        var table = new TermTable(2, Reduction.Mean, Reduction.Mean);
        table.Add(0, new TermBlock(InputKind.H, [1, 1, 1], [Chain.Empty], [-2, -2, 10], [1, 1, 1]));
        table.Add(0, new TermBlock(InputKind.W, [1, 1, 1], [Chain.Empty], [5, 5, 5], [1, 1, 1]));
        table.Add(1, new TermBlock(InputKind.H, [1], [Chain.Empty], [4], [1]));
        table.Add(1, new TermBlock(InputKind.W, [1], [Chain.Empty], [2], [1]));
        var canonical = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean).Judge(ProxyText.ParseProxy(expression)).Canonical!;
        var scores = new double[2];
        ProxyScores.Compute(table, canonical, reduction, scores);
        Assert.Equal([three, one], scores);
    }

    [Fact]
    public void An_input_of_short_chains_is_asked_for_whole_and_once()
    {
        var configuration = new SearchConfiguration { Preset = "default" };
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        var plan = TermPlan.For(configuration, pruning);
        var table = new TermTable(1, Reduction.Mean, Reduction.Mean);
        var missing = Assert.Single(plan.Missing(table, 0, [Head, ProxyText.ParseBranch("exp(H)")]));
        Assert.Equal(InputKind.H, missing.Input);
        Assert.Equal(TermPlan.CanonicalChains(InputKind.H, 2, pruning).ToArray(), missing.Chains.ToArray());
        table.Add(0, Block(InputKind.H, missing.Chains, 1));
        Assert.Empty(plan.Missing(table, 0, [Head, ProxyText.ParseBranch("exp(H)")]));
        Assert.Equal([InputKind.G, InputKind.W], plan.Missing(table, 0, [Weight, ProxyText.ParseBranch("G"), Head]).Select(s => s.Input));
    }

    [Fact]
    public void Nothing_is_left_to_ask_when_every_input_is_known_or_asked_for_whole()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        var configuration = new SearchConfiguration { Preset = "default" } with { Inputs = [InputKind.H, InputKind.W] };
        var plan = TermPlan.For(configuration, pruning);
        var table = new TermTable(1, Reduction.Mean, Reduction.Mean);
        var head = plan.Missing(table, 0, [Head]);
        Assert.False(plan.LeavesNothing(table, 0, head));
        Assert.True(plan.LeavesNothing(table, 0, plan.Missing(table, 0, [Head, Weight])));
        table.Add(0, Block(InputKind.H, head[0].Chains, 1));
        Assert.True(plan.LeavesNothing(table, 0, plan.Missing(table, 0, [Weight])));

        var longer = TermPlan.For(configuration with { UnaryOperations = 3 }, pruning);
        Assert.False(longer.LeavesNothing(table, 0, longer.Missing(table, 0, [Head, Weight])));
        Assert.True(TermPlan.NeededOnce.LeavesNothing(table, 0, TermPlan.NeededOnce.Missing(table, 0, [Weight])));
    }

    [Fact]
    public void Every_canonical_branch_of_the_space_is_in_the_whole_input()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        foreach (var input in Enum.GetValues<InputKind>())
        {
            var whole = TermPlan.CanonicalChains(input, 2, pruning);
            Assert.Equal(whole.Order(), whole);
            Assert.Equal(whole.Length, whole.Distinct().Count());
            foreach (var chain in Chain.All(2))
            {
                var verdict = pruning.Judge(new Proxy(new Branch(input, chain), BinaryOperation.Sum, new Branch(InputKind.H, Chain.Empty)));
                foreach (var branch in verdict.Canonical?.Branches.Where(b => b.Input == input && b.Input != InputKind.H) ?? [])
                {
                    Assert.Contains(branch.Chain, whole);
                }
            }
        }
    }

    [Fact]
    public void Of_longer_chains_only_what_is_needed_is_asked_for()
    {
        var configuration = new SearchConfiguration { Preset = "default" } with { UnaryOperations = 3 };
        var plan = TermPlan.For(configuration, new RuleBasedPruning(PruningMode.Sound, Reduction.Mean));
        var table = new TermTable(1, Reduction.Mean, Reduction.Mean);
        var missing = plan.Missing(table, 0, [Weight, Weight, Head]);
        Assert.Equal([InputKind.H, InputKind.W], missing.Select(m => m.Input));
        Assert.All(missing, m => Assert.Single(m.Chains));
    }

    private static TermBlock Block(InputKind input, ImmutableArray<Chain> chains, double value)
    {
        var means = new double[chains.Length];
        means.AsSpan().Fill(value);
        var counts = new long[chains.Length];
        counts.AsSpan().Fill(1);
        return new TermBlock(input, [1], chains, means, counts);
    }
}
