using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests;

public sealed class TermBlockTests
{
    [Fact]
    public void Rows_and_layers_are_kept_apart()
    {
        var block = new TermBlock(
            InputKind.W, [2, 1], [Chain.Empty, Chain.Of(UnaryOperation.Exp)], [1, 3, 7, 10, 30, 70], [5, 5, 4, 1, 1, 1]);
        Assert.Equal([2.0, 7.0], block.LayerValues(0, Reduction.Mean, Reduction.Mean));
        Assert.Equal([20.0, 28.0], block.LayerValues(0, Reduction.Sum, Reduction.Sum));
        Assert.Equal([20.0, 70.0], block.LayerValues(1, Reduction.Sum, Reduction.Mean));
        Assert.Equal([40.0, 70.0], block.LayerValues(1, Reduction.Mean, Reduction.Sum));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Numbers_that_do_not_fit_the_rows_are_refused(int means, int counts) =>
        Assert.Throws<ArgumentException>(() => new TermBlock(InputKind.W, [2, 1], [Chain.Empty], new double[means], new long[counts]));

    [Fact]
    public void Rows_of_another_block_stand_behind_its_own()
    {
        var block = new TermBlock(InputKind.W, [1, 1], [Chain.Empty], [1, 2], [3, 4]);
        var more = new TermBlock(InputKind.W, [1, 1], [Chain.Of(UnaryOperation.Exp)], [5, 6], [7, 8]);
        var both = block.With(more);
        Assert.Equal([Chain.Empty, Chain.Of(UnaryOperation.Exp)], both.Chains.AsEnumerable());
        Assert.Equal([1, 2, 5, 6], both.Means.ToArray());
        Assert.Equal([3L, 4, 7, 8], both.Counts.ToArray());
        Assert.Throws<ArgumentException>(() => block.With(new TermBlock(InputKind.G, [1, 1], [Chain.Empty], [1, 2], [3, 4])));
    }
}
