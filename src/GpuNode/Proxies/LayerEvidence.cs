using System.Collections.Immutable;
using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Proxies;

/// <summary>What a layer shows on the mini-batch: its inputs of terms. No tensor is tracked for gradients.</summary>
/// <param name="InputGradient">The gradient of the loss with respect to the hidden states before it, [B, T, hidden].</param>
/// <param name="Heads">Outputs of its query projections.</param>
/// <param name="Softmax">What the input S holds.</param>
/// <param name="Probabilities">Those of it that are attention probabilities, [B, heads, T, T].</param>
/// <param name="Activations">Output of each feed-forward activation function, [B, T, width].</param>
/// <param name="Maps">Its linear maps: those that the inputs W and G hold.</param>
public sealed record LayerEvidence(
    Tensor InputGradient,
    ImmutableArray<Tensor> Heads,
    ImmutableArray<Tensor> Softmax,
    ImmutableArray<Tensor> Probabilities,
    ImmutableArray<Tensor> Activations,
    ImmutableArray<MapEvidence> Maps)
{
    private readonly LayerPass? pass;

    /// <summary>What else the pass over a network shows that is built here.</summary>
    /// <exception cref="InvalidOperationException">The inputs were recorded.</exception>
    public LayerPass Pass
    {
        get => pass ?? throw new InvalidOperationException("recorded inputs do not show this: the proxy needs more than it says");
        init => pass = value;
    }
}

/// <summary>What a pass over a layer shows that none of the inputs holds.</summary>
/// <param name="Input">The hidden states before it, [B, T, hidden].</param>
/// <param name="Output">The hidden states behind it, [B, T, hidden].</param>
/// <param name="Mixing">What its mixing operation computes.</param>
/// <param name="ActivationGradients">The gradient of the loss with respect to each of the activations.</param>
public sealed record LayerPass(Tensor Input, Tensor Output, MixingOutput Mixing, ImmutableArray<Tensor> ActivationGradients);

/// <summary>A linear map of a layer.</summary>
/// <param name="shape">Its name, shape, kind and role.</param>
/// <param name="weight">Its weight.</param>
/// <param name="gradient">The gradient of the loss with respect to the weight.</param>
public sealed class MapEvidence(ParameterShape shape, Tensor weight, Tensor gradient)
{
    private double? nuclearNorm;
    private double? saliency;

    /// <summary>Its name, shape, kind and role.</summary>
    public ParameterShape Shape => shape;

    /// <summary>Its weight, [out, in]; of a convolution [out, in, width].</summary>
    public Tensor Weight => weight;

    /// <summary>The gradient of the loss with respect to the weight.</summary>
    public Tensor Gradient => gradient;

    /// <summary>Whether it is a matrix: not the kernel of a convolution.</summary>
    public bool IsMatrix => shape.Kind == ParameterKind.Linear;

    /// <summary>Σ |W ⊙ ∂L/∂W|; computed once.</summary>
    public double Saliency => saliency ??= Sum((own, its) => (own * its).abs());

    /// <summary>The sum of a matrix's singular values; computed once.</summary>
    public double NuclearNorm => nuclearNorm ??= Spectrum.SingularValues(weight).Sum();

    /// <summary>The sum, in double, of what is made of weight and gradient element by element.</summary>
    /// <param name="value">Makes a tensor of some rows of both: of each element of them one, whatever the others are.</param>
    public double Sum(Func<Tensor, Tensor, Tensor> value) => ElementSums.Of(weight, gradient, value);
}
