using System.Collections.Immutable;
using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// One FlexiBERT encoder layer as the public code computes it, in eval mode unless the weights come with dropout. Works in the type of its
/// tensors; what it makes belongs to the caller's dispose scope.
/// </summary>
public static class EncoderLayer
{
    /// <summary>The layer's output and what it shows.</summary>
    /// <param name="weights">The layer.</param>
    /// <param name="input">Hidden states, [B, T, hidden].</param>
    public static LayerOutput Forward(LayerWeights weights, Tensor input)
    {
        var mixing = weights.Layer.Operation switch
        {
            MixingOperation.ScaledDotProduct or MixingOperation.WeightedMultiplicative => SelfAttention.Forward(weights, input),
            MixingOperation.Fourier or MixingOperation.Cosine => SpectralTransform.Forward(weights, input),
            MixingOperation.Convolution5 or MixingOperation.Convolution9 => SpanConvolution.Forward(weights, input),
            var other => throw new ArgumentOutOfRangeException(nameof(weights), other, null),
        };
        var mixed = FlexiBertParameters.HasProjection(weights.Layer.Operation)
            ? weights.LayerNorm(
                "projection.layer_norm", weights.Dropout("projection", weights.Linear("projection.dense", mixing.Context)).Plus(input))
            : mixing.Context;

        var activations = ImmutableArray.CreateBuilder<Tensor>(weights.Layer.FeedForwards);
        var hidden = mixed;
        for (var i = 0; i < weights.Layer.FeedForwards; i++)
        {
            hidden = nn.functional.gelu(weights.Linear($"feed_forward.{i}", hidden));
            activations.Add(hidden);
        }

        var output = weights.LayerNorm(
            "output.layer_norm", weights.Dropout("output", weights.Linear("output.dense", hidden)).Plus(mixed));
        return new LayerOutput(mixing, mixed, activations.ToImmutable(), output);
    }
}
