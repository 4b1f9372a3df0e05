namespace LPZero.Torch.Tests;

public class ReductionTests : TensorTest
{
    [Fact]
    public void Reductions_of_the_whole_tensor_give_one_number()
    {
        var x = tensor(new double[] { 3, -4, 0, 1 }, [2, 2]);

        AssertTensor([], [0], x.sum());
        AssertTensor([], [0], x.mean());
        AssertTensor([], [Math.Sqrt(26.0 / 3)], x.std());
        AssertTensor([], [Math.Sqrt(26.0 / 4)], x.std(unbiased: false));
        AssertTensor([], [-4], x.min());
        AssertTensor([], [3], x.max());
        AssertTensor([], [Math.Sqrt(26)], x.norm());
        AssertTensor([], [8], x.norm(1f));
    }

    [Fact]
    public void Reductions_along_dimensions_keep_the_others()
    {
        var x = Counting(2, 2, 3);

        AssertTensor([2, 3], [3, 5, 7, 15, 17, 19], x.sum(1));
        AssertTensor([2, 1, 3], [3, 5, 7, 15, 17, 19], x.sum(1, keepdim: true));
        AssertTensor([2], [15, 51], x.sum([1, 2]));
        AssertTensor([2], [2.5, 8.5], x.mean([1, 2]));
        AssertTensor([1, 1, 3], [4.5, 5.5, 6.5], x.mean([0, 1], keepdim: true));
        AssertTensor([2, 2], [1, 1, 1, 1], x.std([2]));
        AssertTensor([2], [0, 6], x.amin([1, 2]));
        AssertTensor([2], [5, 11], x.amax([1, 2]));
        AssertTensor([2, 2], [2, 2, 2, 2], x.argmax(-1));
        AssertTensor([2, 3], [3, Math.Sqrt(17), Math.Sqrt(29), Math.Sqrt(117), Math.Sqrt(149), Math.Sqrt(185)], x.norm(1));
    }

    [Fact]
    public void A_sum_of_integers_is_int64_unless_a_type_is_given()
    {
        var truths = tensor(new[] { true, true, false });

        Assert.Equal(2, truths.sum().item<long>());
        Assert.Equal(2.0, truths.sum(float64).item<double>());
    }

    [Fact]
    public void Softmax_is_a_distribution_along_its_dimension_and_log_softmax_its_logarithm()
    {
        var x = tensor(new[] { 0, Math.Log(3), 0, 0 }, [2, 2]);

        AssertTensor([2, 2], [0.25, 0.75, 0.5, 0.5], x.softmax(1));
        AssertTensor([2, 2], [0.5, 0.75, 0.5, 0.25], softmax(x, 0));
        AssertTensor([2, 2], [Math.Log(0.25), Math.Log(0.75), Math.Log(0.5), Math.Log(0.5)], x.log_softmax(-1));
    }
}
