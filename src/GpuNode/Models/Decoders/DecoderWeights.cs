namespace LPZero.GpuNode.Models.Decoders;

/// <summary>A decoder's weights by the names of <see cref="DecoderParameters"/>: of one layer, or of what is around them.</summary>
/// <param name="shape">The decoder.</param>
/// <param name="tensors">The weights.</param>
public sealed class DecoderWeights(DecoderShape shape, IReadOnlyDictionary<string, Tensor> tensors)
{
    private const double Epsilon = 1e-5;

    /// <summary>The decoder.</summary>
    public DecoderShape Shape => shape;

    /// <summary>The weight of that name.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>The weight of that name; null where the decoder has none.</summary>
    public Tensor? Find(string name) => tensors.GetValueOrDefault(name);

    /// <summary>x Wᵀ + b over the last dimension; no b where the decoder has none.</summary>
    /// <param name="name">Name of the map, without <c>.weight</c>.</param>
    /// <param name="input">[..., in].</param>
    public Tensor Linear(string name, Tensor input) =>
        nn.functional.linear(input, tensors[name + ".weight"], tensors.GetValueOrDefault(name + ".bias"));

    /// <summary>The decoder's normalisation over the last dimension; the input itself where its weights are left out.</summary>
    /// <param name="name">Its name, without <c>.weight</c>.</param>
    /// <param name="input">[..., width].</param>
    public Tensor Norm(string name, Tensor input)
    {
        if (tensors.GetValueOrDefault(name + ".weight") is not { } gain)
        {
            return input;
        }

        return shape.Normalization == Normalization.RmsNorm
            ? input.mul(input.Squared().mean([-1], keepdim: true).Plus(Epsilon).rsqrt()).mul(gain)
            : nn.functional.layer_norm(input, gain.shape, gain, tensors.GetValueOrDefault(name + ".bias"), Epsilon);
    }

    /// <summary>Layer normalisation without gain and shift, for queries and keys.</summary>
    public static Tensor PlainNorm(Tensor input) => nn.functional.layer_norm(input, [input.shape[^1]], null, null, Epsilon);
}
