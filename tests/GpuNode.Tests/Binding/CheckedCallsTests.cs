namespace LPZero.GpuNode.Tests.Binding;

/// <summary>What would end the process is refused before libtorch sees it; a failure here is a crash of the test host.</summary>
public sealed class CheckedCallsTests
{
    public static TheoryData<long[], long[]> Unfitting => new()
    {
        { [2, 3], [4, 5] },
        { [3], [3] },
        { [], [2, 2] },
        { [2, 2, 3], [3, 3, 4] },
        { [5, 2, 2, 3], [4, 2, 3, 4] },
    };

    [Theory]
    [MemberData(nameof(Unfitting))]
    public void A_product_of_unfitting_shapes_is_refused_with_both(long[] left, long[] right)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => CheckedCalls.Product(zeros(left), zeros(right)));
        Assert.Contains($"[{string.Join(", ", left)}] and [{string.Join(", ", right)}]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 4 }, "2,4")]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 3, 4 }, "5,2,4")]
    [InlineData(new long[] { 3, 3 }, new long[] { 2, 4, 3, 5 }, "2,4,3,5")]
    [InlineData(new long[] { 2, 1, 2, 3 }, new long[] { 1, 4, 3, 5 }, "2,4,2,5")]
    public void A_product_of_fitting_shapes_is_libtorch_s(long[] left, long[] right, string expected)
    {
        using var scope = NewDisposeScope();
        var product = CheckedCalls.Product(ones(left), ones(right));
        Assert.Equal(expected, string.Join(',', product.shape));
        Assert.Equal(3, product.max().item<float>());
    }

    [Fact]
    public void A_gradient_with_respect_to_what_takes_no_part_is_refused()
    {
        using var scope = NewDisposeScope();
        var used = ones([2, 3]).requires_grad_();
        var unused = ones([2, 3]).requires_grad_();
        var error = Assert.Throws<ArgumentException>(() => CheckedCalls.Gradients(used.sum(), [used, unused]));
        Assert.Contains("input 1 takes no part", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_of_or_with_respect_to_what_is_not_tracked_is_refused()
    {
        using var scope = NewDisposeScope();
        var tracked = ones([2, 3]).requires_grad_();
        Assert.Throws<ArgumentException>(() => CheckedCalls.Gradients(tracked.sum(), [ones([2, 3])]));
        Assert.Throws<ArgumentException>(() => CheckedCalls.Gradients(ones([1]), [tracked]));
    }

    [Fact]
    public void A_cotangent_that_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        var tracked = ones([2, 3]).requires_grad_();
        Assert.Throws<ArgumentException>(() => CheckedCalls.Gradients(tracked.exp(), [tracked], ones([5])));
        Assert.Throws<ArgumentException>(() => CheckedCalls.Gradients(tracked.exp(), [tracked]));
    }

    [Fact]
    public void Gradients_are_libtorch_s()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2, 3 }).requires_grad_();
        var y = tensor(new float[] { 4, 5, 6 }).requires_grad_();
        var gradients = CheckedCalls.Gradients(x.mul(y), [x, y], tensor(new float[] { 1, 10, 100 }));
        Assert.Equal([4, 50, 600], gradients[0].data<float>().ToArray());
        Assert.Equal([1, 20, 300], gradients[1].data<float>().ToArray());
    }
}
