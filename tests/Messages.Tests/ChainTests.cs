using LPZero.Messages.Proxies;

namespace LPZero.Messages.Tests;

public sealed class ChainTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 21)]
    [InlineData(2, 441)]
    public void All_chains_of_a_length_are_listed_once_and_in_order(int length, int count)
    {
        var chains = Chain.All(length).ToList();
        Assert.Equal(count, chains.Count);
        Assert.Equal(count, chains.Distinct().Count());
        Assert.Equal(chains.Order(), chains);
        Assert.All(chains, chain => Assert.Equal(length, chain.Count));
    }

    [Fact]
    public void Of_makes_every_chain_and_of_up_to_two_operations_one_instance_each()
    {
        foreach (var chain in Enumerable.Range(0, 4).SelectMany(Chain.All))
        {
            var same = Chain.Of([.. chain]);
            Assert.True(chain == same);
            Assert.Equal(chain.GetHashCode(), same.GetHashCode());
            Assert.Equal(chain.Count <= 2, ReferenceEquals(same, Chain.Of([.. chain])));
        }

        // One that this program does not know is kept as it is.
        Assert.Equal(99, (int)Chain.Of((UnaryOperation)99)[0]);
    }

    [Fact]
    public void Chains_and_proxies_of_the_same_content_are_equal()
    {
        var (one, other) = (ProxyText.ParseProxy("exp(log(H)) + W"), ProxyText.ParseProxy("exp( log( H ) )+W"));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.True(one.Left.Chain == other.Left.Chain);
        Assert.True(one.Left.Chain != one.Right.Chain);
        Assert.NotEqual(one, one with { Operation = BinaryOperation.Product });
        Assert.NotEqual(Chain.Of(UnaryOperation.Exp, UnaryOperation.Log), Chain.Of(UnaryOperation.Log, UnaryOperation.Exp));
    }

    [Fact]
    public void Shorter_chains_come_first()
    {
        var (empty, log, disconnect, two) = (Chain.Empty, Chain.Of(UnaryOperation.Log), Chain.Of(UnaryOperation.Disconnect),
            Chain.Of(UnaryOperation.Log, UnaryOperation.Log));
        Assert.True(empty < log && log < disconnect && disconnect < two);
        Assert.True(two > log && two >= Chain.Of(UnaryOperation.Log, UnaryOperation.Log) && log <= Chain.Of(UnaryOperation.Log));
        Assert.True(empty.CompareTo(null) > 0);
    }

    [Fact]
    public void A_branch_is_absent_wherever_its_chain_disconnects()
    {
        Assert.True(ProxyText.ParseBranch("exp(disconnect(H))").IsDisconnected);
        Assert.True(ProxyText.ParseBranch("disconnect(exp(H))").IsDisconnected);
        Assert.False(ProxyText.ParseBranch("exp(H)").IsDisconnected);
    }

    [Fact]
    public void A_product_differs_from_its_first_chain_and_stands_behind_all_chains_without_a_factor()
    {
        var (log, factor) = (Chain.Of(UnaryOperation.Log), new Branch(InputKind.G, Chain.Of(UnaryOperation.Abs)));
        var product = log.Times(factor);
        Assert.Equal(product, Chain.Of(UnaryOperation.Log).Times(factor with { }));
        Assert.Equal(product.GetHashCode(), Chain.Of(UnaryOperation.Log).Times(factor with { }).GetHashCode());
        Assert.NotEqual(log, product);
        Assert.NotEqual(log.Times(factor with { Input = InputKind.W }), product);
        Assert.Equal("log * abs(G)", product.ToString());
        Chain[] ordered =
        [
            log, Chain.Of(UnaryOperation.Log, UnaryOperation.Log), Chain.Empty.Times(factor), product,
            log.Times(factor with { Chain = Chain.Of(UnaryOperation.Exp) }), log.Times(factor with { Input = InputKind.W }),
        ];
        Assert.Equal(ordered.Order(), ordered.Reverse().Order());
        Assert.True(log < Chain.Empty.Times(factor) && Chain.Empty.Times(factor) < product);
        Assert.Throws<ArgumentException>(() => log.Times(new Branch(InputKind.W, product)));
    }
}
