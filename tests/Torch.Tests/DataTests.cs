using System.Runtime.InteropServices;

namespace LPZero.Torch.Tests;

public class DataTests : TensorTest
{
    [Fact]
    public void Bytes_are_the_tensors_own_memory()
    {
        var x = Counting(2, 3);

        MemoryMarshal.Cast<byte, float>(x.bytes)[4] = 40;

        AssertTensor([2, 3], [0, 1, 2, 3, 40, 5], x);
        x.fill_(7);
        Assert.All(MemoryMarshal.Cast<byte, float>(x.bytes).ToArray(), value => Assert.Equal(7f, value));
    }

    [Fact]
    public void Bytes_of_a_tensor_that_is_not_contiguous_are_refused()
    {
        var transposed = Counting(2, 3).t();

        Assert.False(transposed.is_contiguous());
        Assert.Throws<InvalidOperationException>(() => transposed.bytes.Length);
        Assert.Equal(24, transposed.contiguous().bytes.Length);
    }

    [Fact]
    public void Data_come_in_the_order_of_the_indices_also_from_a_view()
    {
        var view = Counting(2, 3).t();

        Assert.Equal([0f, 3, 1, 4, 2, 5], view.data<float>().ToArray());
        Assert.Equal(4f, view.data<float>()[1, 1]);
        Assert.Equal(6, view.data<float>().Count);
    }

    [Fact]
    public void Data_of_another_type_are_refused()
    {
        var x = Counting(2);

        Assert.Throws<ArgumentException>(() => x.data<double>());
        Assert.Throws<ArgumentException>(() => x[0].item<long>());
        Assert.Throws<ArgumentException>(() => x.item<float>());
    }

    [Fact]
    public void A_single_element_is_read_in_its_own_type()
    {
        Assert.Equal(1.5f, tensor(1.5f).item<float>());
        Assert.Equal(0.1, tensor(0.1).item<double>());
        Assert.Equal(long.MaxValue, tensor(long.MaxValue).item<long>());
        Assert.True(tensor(new[] { true }).item<bool>());
        Assert.Equal(2.5, tensor(2.5f).ToScalar().ToDouble());
    }

    [Fact]
    public void A_conversion_changes_the_type_and_leaves_the_source()
    {
        var x = tensor(new[] { 1.9f, -1.9f, 0 });

        AssertTensor([3], [1, -1, 0], x.to(int64));
        Assert.Equal(ScalarType.Bool, x.to(ScalarType.Bool).dtype);
        AssertTensor([3], [1.9, -1.9, 0], x.to(float64));
        AssertTensor([3], [1.9, -1.9, 0], x);
    }

    [Fact]
    public void A_clone_has_its_own_memory_and_a_detached_tensor_has_not()
    {
        var x = Counting(2);
        var clone = x.clone();
        var detached = x.detach();

        x.add_(1);

        AssertTensor([2], [0, 1], clone);
        AssertTensor([2], [1, 2], detached);
    }

    [Fact]
    public void Properties_describe_the_tensor()
    {
        var x = zeros([2, 3, 4], float64);

        Assert.Equal(3, x.dim());
        Assert.Equal(3, x.ndim);
        Assert.Equal(24, x.numel());
        Assert.Equal(4, x.size(-1));
        Assert.Equal(8, x.element_size());
        Assert.Equal([12, 4, 1], x.stride());
        Assert.Equal("cpu", x.device.ToString());
        Assert.Equal(ScalarType.Float64, x.dtype);
    }

    [Fact]
    public void A_device_that_the_machine_lacks_is_refused()
    {
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
        if (!cuda.is_available())
            Assert.Throws<InvalidOperationException>(() => device("cuda:0"));
    }
}
