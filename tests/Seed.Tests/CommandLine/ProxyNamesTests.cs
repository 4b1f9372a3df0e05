using LPZero.GpuNode.Proxies;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class ProxyNamesTests
{
    [Fact]
    public void An_id_is_a_designed_proxy_a_named_formula_or_an_expression()
    {
        Assert.Null(ProxyNames.FindExpression("snip"));
        Assert.Equal("l1_norm(square(W)) + square(softmax(G))", ProxyNames.FindExpression("lpzero-gpt2")!.ToString());
        Assert.Equal("square(W) * H", ProxyNames.FindExpression("square(W) * H")!.ToString());
        Assert.Equal(DesignedProxies.All.Length + 2, ProxyNames.All.Distinct().Count());
    }

    [Fact]
    public void A_mistyped_id_is_answered_with_the_nearest()
    {
        var message = Assert.Throws<UsageException>(() => ProxyNames.FindExpression("synflo")).Message;
        Assert.Contains("unknown proxy 'synflo'", message, StringComparison.Ordinal);
        Assert.Contains("synflow", message[20..], StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
