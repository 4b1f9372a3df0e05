namespace LPZero.Torch.Tests;

public class NetworkFunctionTests : TensorTest
{
    [Fact]
    public void Linear_multiplies_by_the_transposed_weight_and_adds_the_bias()
    {
        var x = Counting(2, 3);
        var weight = Counting(2, 3);

        AssertTensor([2, 2], [5, 14, 14, 50], nn.functional.linear(x, weight));
        AssertTensor([2, 2], [6, 16, 15, 52], nn.functional.linear(x, weight, tensor(new float[] { 1, 2 })));
    }

    [Fact]
    public void Gelu_has_its_tabulated_values_exact_by_default()
    {
        var x = tensor(new[] { -1.0, 0, 2 });

        AssertTensor([3], [-0.158655254, 0, 1.954499736], nn.functional.gelu(x));
#if TORCHSHARP
        AssertTensor([3], [-0.158808009, 0, 1.954597694], nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh));
#else
        AssertTensor([3], [-0.158808009, 0, 1.954597694], nn.functional.gelu(x, Modules.GELU.Approximate.tanh));
#endif
    }

    [Fact]
    public void Layer_norm_has_mean_zero_and_variance_one_before_weight_and_bias()
    {
        var x = tensor(new double[] { 1, 3, 10, 30 }, [2, 2]);
        var weight = tensor(new double[] { 2, 1 });
        var bias = tensor(new double[] { 0, 5 });

        AssertTensor([2, 2], [-1, 1, -1, 1], nn.functional.layer_norm(x, [2], eps: 0));
        AssertTensor([2, 2], [-2, 6, -2, 6], nn.functional.layer_norm(x, [2], weight, bias, 0));
        AssertTensor([1, 2], [-1 / Math.Sqrt(2), 1 / Math.Sqrt(2)], nn.functional.layer_norm(x.narrow(0, 0, 1), [2], eps: 1));
    }

    [Fact]
    public void Cross_entropy_is_the_negative_log_probability_of_the_right_class()
    {
        var logits = tensor(new[] { 0, Math.Log(3), 0, 0 }, [2, 2]);
        var classes = tensor(new long[] { 1, 0 });
        var (first, second) = (-Math.Log(0.75), -Math.Log(0.5));

        AssertTensor([], [(first + second) / 2], nn.functional.cross_entropy(logits, classes));
        AssertTensor([], [first], nn.functional.cross_entropy(logits, classes, ignore_index: 0));
        AssertTensor([], [first + second], nn.functional.cross_entropy(logits, classes, reduction: nn.Reduction.Sum));
    }

    [Fact]
    public void Activations_of_the_functional_form_are_those_of_the_tensor()
    {
        var x = tensor(new double[] { -1, 2 });

        AssertTensor([2], [0, 2], nn.functional.relu(x));
        Assert.True(nn.functional.softmax(x, 0).allclose(x.softmax(0)));
        Assert.True(nn.functional.log_softmax(x, 0).allclose(x.log_softmax(0)));
    }

    [Fact]
    public void A_convolution_in_groups_sees_only_the_channels_of_its_group()
    {
        var x = tensor(new double[] { 1, 2, 3, 10, 20, 30 }, [1, 2, 3]);
        var kernel = tensor(new double[] { 1, 1, 1, 0, 0, 1 }, [2, 1, 3]);

        AssertTensor([1, 2, 3], [3, 6, 5, 20, 30, 0], nn.functional.conv1d(x, kernel, padding: 1, groups: 2));
        AssertTensor([1, 2, 1], [6 + 1, 30 + 2], nn.functional.conv1d(x, kernel, tensor(new double[] { 1, 2 }), groups: 2));
        AssertTensor([1, 1, 2], [1 + 2 + 10, 2 + 3 + 20], nn.functional.conv1d(x, tensor(new double[] { 1, 1, 1, 0 }, [1, 2, 2])));
        AssertTensor([1, 2, 2], [3, 5, 20, 0], nn.functional.conv1d(x, kernel, stride: 2, padding: 1, groups: 2));
    }

    [Fact]
    public void Unfold_lists_the_windows_as_columns()
    {
        var x = Counting(1, 1, 3, 3);

        AssertTensor(
            [1, 4, 4],
            [0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8],
            nn.functional.unfold(x, (2, 2)));
        AssertTensor([1, 3, 3], [0, 0, 0, 0, 3, 6, 1, 4, 7], nn.functional.unfold(x, (1, 3), padding: (0, 1), stride: (1, 3)).narrow(2, 0, 3));
    }

    [Fact]
    public void The_transform_of_a_wave_has_its_energy_at_its_frequency()
    {
        var wave = tensor(new double[] { 1, 0, -1, 0, 1, 0, -1, 0 }, [2, 4]);

        var transformed = fft.fft2(wave);

        Assert.Equal(ScalarType.ComplexFloat64, transformed.dtype);
        AssertTensor([2, 4], [0, 4, 0, 4, 0, 0, 0, 0], transformed.real);
        AssertTensor([2, 4, 2], [0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0], transformed.view_as_real());
        AssertTensor([2, 3], [0, 2, 0, 0, 2, 0], fft.rfft(wave).real);
        Assert.Throws<ArgumentException>(() => fft.fft2(wave[0]));
    }

    [Fact]
    public void The_two_dimensional_transform_agrees_with_the_sum_that_defines_it()
    {
        var values = Enumerable.Range(0, 12).Select(i => Math.Sin(i * i)).ToArray();
        var expected = new double[12];
        for (var u = 0; u < 3; u++)
        {
            for (var v = 0; v < 4; v++)
            {
                for (var i = 0; i < 12; i++)
                    expected[(u * 4) + v] += values[i] * Math.Cos(2 * Math.PI * ((u * (i / 4) / 3.0) + (v * (i % 4) / 4.0)));
            }
        }

        AssertTensor([3, 4], expected, fft.fft2(tensor(values, [3, 4])).real);
    }
}
