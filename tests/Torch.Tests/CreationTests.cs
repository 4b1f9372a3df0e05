namespace LPZero.Torch.Tests;

public class CreationTests : TensorTest
{
    [Fact]
    public void A_tensor_copies_the_array_it_is_made_from()
    {
        float[] numbers = [1, 2, 3, 4];
        var made = tensor(numbers, [2, 2]);

        numbers[0] = 9;

        AssertTensor([2, 2], [1, 2, 3, 4], made);
        Assert.Equal(ScalarType.Float32, made.dtype);
    }

    [Fact]
    public void The_element_type_is_the_arrays_unless_another_is_given()
    {
        Assert.Equal(ScalarType.Float64, tensor(new double[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int64, tensor(new long[] { 1 }).dtype);
        Assert.Equal(ScalarType.Bool, tensor(new[] { true }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new long[] { 1 }, float64).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Empty(tensor(1f).shape);
    }

    [Fact]
    public void Too_few_numbers_for_the_dimensions_are_refused() =>
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));

    [Fact]
    public void Filled_tensors_have_the_shape_type_and_value_asked_for()
    {
        AssertTensor([2, 3], [0, 0, 0, 0, 0, 0], zeros([2, 3]));
        AssertTensor([2], [1, 1], ones([2], float64));
        AssertTensor([1, 2], [7.5, 7.5], full([1, 2], 7.5));
        Assert.Equal([3, 0, 2], empty([3, 0, 2]).shape);
        AssertTensor([2, 3], [1, 0, 0, 0, 1, 0], eye(2, 3));
        AssertTensor([2, 2], [1, 0, 0, 1], eye(2));
        var like = zeros_like(ones([2], int64));
        Assert.Equal(ScalarType.Int64, like.dtype);
        AssertTensor([2], [0, 0], like);
        Assert.True(ones([2], requires_grad: true).requires_grad);
    }

    [Fact]
    public void A_range_of_integers_is_int64_and_of_fractions_float32()
    {
        var integers = arange(2, 8, 3);
        Assert.Equal(ScalarType.Int64, integers.dtype);
        AssertTensor([2], [2, 5], integers);
        var fractions = arange(0.5, 2, 0.5);
        Assert.Equal(ScalarType.Float32, fractions.dtype);
        AssertTensor([3], [0.5, 1, 1.5], fractions);
    }
}
