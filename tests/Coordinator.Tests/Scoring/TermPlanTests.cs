using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Scoring;

public sealed class TermPlanTests
{
    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        UnaryOperations = 1,
        Inputs = [InputKind.W, InputKind.G],
    };

    private static readonly Branch Product = ProxyText.ParseBranch("abs(G) * abs(W)");

    [Fact]
    public void Products_of_tensors_are_asked_for_alone_and_an_input_is_asked_for_whole()
    {
        var plan = Plan(Combination.Tensors);
        var table = new TermTable(1, Reduction.Mean, Reduction.Mean);
        Assert.Equal([Product.Chain], plan.Missing(table, 0, [Product]).Single().Chains.AsEnumerable());

        var both = plan.Missing(table, 0, [Product, new Branch(InputKind.G, Chain.Of(UnaryOperation.Exp))]).Single();
        Assert.Equal(Product.Chain, both.Chains[^1]);
        Assert.Equal(Whole(InputKind.G).Length + 1, both.Chains.Length);
    }

    [Fact]
    public void A_network_of_which_products_may_be_asked_is_never_left()
    {
        ChainSet[] everything = [.. Configuration.Inputs.Select(input => new ChainSet(input, Whole(input)))];
        var table = new TermTable(1, Reduction.Mean, Reduction.Mean);
        Assert.True(Plan(Combination.Means).LeavesNothing(table, 0, everything));
        Assert.False(Plan(Combination.Tensors).LeavesNothing(table, 0, everything));
    }

    private static TermPlan Plan(Combination combine)
    {
        var configuration = Configuration with { Combine = combine };
        return TermPlan.For(configuration, RuleBasedPruning.Of(configuration));
    }

    private static ImmutableArray<Chain> Whole(InputKind input) =>
        TermPlan.CanonicalChains(input, 1, RuleBasedPruning.Of(Configuration));
}
