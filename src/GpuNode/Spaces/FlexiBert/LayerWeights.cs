using LPZero.GpuNode.Networks;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>A layer with its weights, by the names of <see cref="FlexiBertParameters.Layer"/>.</summary>
/// <param name="layer">What the layer computes.</param>
/// <param name="tensors">The weights. The widths of the feed-forwards are theirs, whatever the genotype says.</param>
/// <param name="dropout">What is dropped in training mode; null in eval mode.</param>
public sealed class LayerWeights(FlexiBertLayer layer, IReadOnlyDictionary<string, Tensor> tensors, SeededDropout? dropout = null)
{
    // The public code's; so small that a constant row is divided by 1e-6.
    private const double LayerNormEpsilon = 1e-12;

    /// <summary>What the layer computes.</summary>
    public FlexiBertLayer Layer => layer;

    /// <summary>The weight of that name.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>x Wᵀ + b over the last dimension; no b where the layer has none.</summary>
    /// <param name="name">Name of the map, without <c>.weight</c>.</param>
    /// <param name="input">[..., in].</param>
    public Tensor Linear(string name, Tensor input) =>
        nn.functional.linear(input, tensors[name + ".weight"], tensors.GetValueOrDefault(name + ".bias"));

    /// <summary>What dropout leaves of a tensor; the tensor itself in eval mode.</summary>
    /// <param name="name">The place.</param>
    /// <param name="input">The tensor.</param>
    public Tensor Dropout(string name, Tensor input) => dropout?.Apply(name, input) ?? input;

    /// <summary>Layer normalisation over the last dimension; the input itself where its weights are left out.</summary>
    /// <param name="name">Name of the normalisation, without <c>.weight</c>.</param>
    /// <param name="input">[..., width].</param>
    public Tensor LayerNorm(string name, Tensor input) => tensors.GetValueOrDefault(name + ".weight") is { } scale
        ? nn.functional.layer_norm(input, scale.shape, scale, tensors[name + ".bias"], LayerNormEpsilon)
        : input;
}
