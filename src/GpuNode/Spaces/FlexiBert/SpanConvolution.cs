using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// Span-based dynamic convolution beside self-attention (ConvBERT, Jiang et al. 2020): half of the heads attend, the
/// other half are convolved with kernels that the input itself generates.
/// </summary>
internal static class SpanConvolution
{
    public static MixingOutput Forward(LayerWeights weights, Tensor input)
    {
        var heads = FlexiBertParameters.AttentionHeads(weights.Layer);
        var kernel = MixingOperations.KernelWidth(weights.Layer.Operation);
        var (batch, time) = (input.shape[0], input.shape[1]);

        var head = weights.Linear("mixing.query", input);
        var (key, value) = (weights.Linear("mixing.key", input), weights.Linear("mixing.value", input));
        var (attended, probabilities) = SelfAttention.Attend(weights, head, key, value, heads);

        var span = SeparableConvolution(weights, input, kernel) * head;
        var kernels = nn.functional.softmax(weights.Linear("mixing.convolution_kernel", span).view(batch, time, heads, kernel), -1);
        var values = weights.Linear("mixing.convolution_output", input);
        var size = values.shape[2] / heads;
        var convolved = SumOfShifts(values, kernel, (shifted, offset) =>
            shifted.view(batch, time, heads, size) * kernels.narrow(3, offset, 1)).view(batch, time, heads * size);

        return new MixingOutput(cat([attended, convolved], 2), head, probabilities, [head, key, value]);
    }

    /// <summary>Depthwise then pointwise convolution over time, [B, T, hidden] to [B, T, width].</summary>
    private static Tensor SeparableConvolution(LayerWeights weights, Tensor input, int kernel)
    {
        var depthwise = weights["mixing.key_convolution.depthwise.weight"];
        var pointwise = weights["mixing.key_convolution.pointwise.weight"];
        var width = pointwise.shape[0];
        var filtered = SumOfShifts(
            input, kernel, (shifted, offset) => shifted * depthwise.narrow(2, offset, 1).reshape(depthwise.shape[0]));
        return nn.functional.linear(
            filtered, pointwise.view(width, pointwise.shape[1]), weights["mixing.key_convolution.bias"].view(width));
    }

    /// <summary>
    /// The sum over the kernel's offsets of a function of the input shifted by that offset, zeros beyond both ends. A sum
    /// of shifts rather than a library convolution: with as many groups as channels that one is slow on a CPU.
    /// </summary>
    private static Tensor SumOfShifts(Tensor input, int kernel, Func<Tensor, int, Tensor> term)
    {
        var (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var border = zeros([batch, kernel / 2, width], dtype: input.dtype, device: input.device);
        var padded = cat([border, input, border], 1);
        var sum = term(padded.narrow(1, 0, time).contiguous(), 0);
        for (var offset = 1; offset < kernel; offset++)
        {
            sum = sum.Plus(term(padded.narrow(1, offset, time).contiguous(), offset));
        }

        return sum;
    }
}
