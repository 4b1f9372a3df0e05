using System.Collections.Immutable;

namespace LPZero.GpuNode.Models.Decoders;

/// <summary>
/// One pre-normalised decoder layer in eval mode. Works in the type of its tensors; what it makes belongs to the caller's dispose scope.
/// </summary>
public static class DecoderBlock
{
    /// <summary>The layer's output and what it shows.</summary>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">Hidden states, [B, T, hidden].</param>
    public static LayerOutput Forward(DecoderWeights weights, DecoderLayer layer, Tensor input)
    {
        var mixing = Attend(weights, layer, weights.Norm("norm.attention", input));
        var mixed = mixing.Context.Plus(input);
        var (activation, result) = FeedForward(weights, weights.Norm("norm.feed_forward", weights.Shape.IsParallel ? input : mixed));
        return new LayerOutput(mixing, mixed, [activation], result.Plus(mixed));
    }

    private static MixingOutput Attend(DecoderWeights weights, DecoderLayer layer, Tensor input)
    {
        var shape = weights.Shape;
        var head = weights.Linear("attention.query", input);
        ImmutableArray<Tensor> projections = [head, weights.Linear("attention.key", input), weights.Linear("attention.value", input)];
        var (query, key) = (head, projections[1]);
        if (shape.HasQueryKeyNorm)
        {
            (query, key) = (DecoderWeights.PlainNorm(query), DecoderWeights.PlainNorm(key));
        }

        var scores = CheckedCalls.Product(
            RotaryPositions.Rotate(Heads.Split(query, layer.Heads), shape.RotaryShare),
            RotaryPositions.Rotate(Heads.Split(key, layer.Heads), shape.RotaryShare).transpose(-1, -2)).Over(Math.Sqrt(layer.HeadWidth));
        var time = input.shape[1];
        var later = ones([time, time], dtype: ScalarType.Bool, device: input.device).triu(1);
        var probabilities = nn.functional.softmax(KeptScalar.Use(double.NegativeInfinity, never => scores.masked_fill(later, never)), -1);
        var context = Heads.Join(CheckedCalls.Product(probabilities, Heads.Split(projections[2], layer.Heads)));
        return new MixingOutput(weights.Linear("attention.output", context), head, probabilities, projections);
    }

    private static (Tensor Activation, Tensor Output) FeedForward(DecoderWeights weights, Tensor input)
    {
        var activation = weights.Shape.FeedForward switch
        {
            FeedForwardKind.GeluTanh => GeluTanh(weights.Linear("feed_forward.input", input)),
            FeedForwardKind.Gelu => nn.functional.gelu(weights.Linear("feed_forward.input", input)),
            FeedForwardKind.SwiGlu when weights.Find("feed_forward.gate.weight") is null => weights.Linear("feed_forward.input", input),
            FeedForwardKind.SwiGlu =>
                nn.functional.silu(weights.Linear("feed_forward.gate", input)).mul(weights.Linear("feed_forward.input", input)),
            var other => throw new ArgumentOutOfRangeException(nameof(weights), other, null),
        };
        return (activation, weights.Linear("feed_forward.output", activation));
    }

    /// <summary>x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
    private static Tensor GeluTanh(Tensor x)
    {
        var inner = x.Plus(x.Squared().mul(x).Over(1 / 0.044715)).Over(Math.Sqrt(Math.PI / 2));
        return x.Over(2).mul(inner.tanh().Plus(1.0));
    }
}
