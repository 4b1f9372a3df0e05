namespace LPZero.Torch.Tests;

public class SelectionTests : TensorTest
{
    [Fact]
    public void Comparisons_are_true_where_they_hold()
    {
        var x = tensor(new float[] { 1, 2, 3 });
        var y = tensor(new float[] { 3, 2, 1 });

        AssertTensor([3], [0, 1, 0], x.eq(y));
        AssertTensor([3], [1, 0, 1], x.ne(y));
        AssertTensor([3], [0, 0, 1], x.gt(y));
        AssertTensor([3], [0, 1, 1], x.ge(y));
        AssertTensor([3], [1, 0, 0], x.lt(y));
        AssertTensor([3], [1, 1, 0], x.le(y));
        AssertTensor([3], [0, 1, 0], x.eq(2));
        AssertTensor([3], [0, 0, 1], x.gt(2));
        AssertTensor([3], [0, 1, 1], x.ge(2));
        AssertTensor([3], [1, 0, 0], x.lt(2));
        AssertTensor([3], [1, 1, 0], x.le(2));
        AssertTensor([3], [0, 1, 0], x.gt(1).logical_and(x.lt(3)));
        AssertTensor([3], [1, 0, 1], x.le(1).logical_or(x.ge(3)));
        AssertTensor([3], [0, 1, 0], x.ne(2).logical_not());
    }

    [Fact]
    public void Nan_and_the_infinities_are_found()
    {
        var x = tensor(new[] { 1, double.NaN, double.NegativeInfinity });

        AssertTensor([3], [0, 1, 0], x.isnan());
        AssertTensor([3], [0, 0, 1], x.isinf());
        AssertTensor([3], [1, 0, 0], x.isfinite());
        Assert.True(x.isnan().any().item<bool>());
        Assert.False(x.isfinite().all().item<bool>());
        Assert.False(x.allclose(x));
        Assert.True(x.allclose(x, equal_nan: true));
    }

    [Fact]
    public void Elements_are_chosen_by_condition_mask_and_index()
    {
        var x = Counting(2, 3);
        var odd = tensor(new[] { false, true, false, true, false, true }, [2, 3]);

        AssertTensor([2, 3], [0, 1, 0, 3, 0, 5], where(odd, x, zeros([2, 3])));
        AssertTensor([2, 3], [0, -1, 2, -1, 4, -1], x.masked_fill(odd, -1));
        AssertTensor([2, 2], [2, 0, 5, 3], x.index_select(1, tensor(new long[] { 2, 0 })));
        AssertTensor([2, 1], [2, 3], x.gather(1, tensor(new long[] { 2, 0 }, [2, 1])));
    }
}
