using System.Collections.Immutable;
using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Proxies;

/// <summary>
/// What a layer shows on the mini-batch: its inputs of terms, as far as they are needed. No tensor is tracked for gradients. To read what
/// nobody said to need throws <see cref="InvalidOperationException"/>.
/// </summary>
/// <param name="Maps">Its linear maps: those that the inputs W and G hold.</param>
public sealed record LayerEvidence(ImmutableArray<MapEvidence> Maps)
{
    private readonly LayerStates? states;
    private readonly LayerPass? pass;
    private readonly Tensor? inputGradient;

    /// <summary>What a forward pass shows of it.</summary>
    public LayerStates States { get => Needed.Of(states); init => states = value; }

    /// <summary>Output of each feed-forward activation function, [B, T, width].</summary>
    public ImmutableArray<Tensor> Activations => States.Activations;

    /// <summary>Its attention probabilities, [B, heads, T, T]; none where it has no attention.</summary>
    public ImmutableArray<Tensor> Probabilities => States.Probabilities;

    /// <summary>The gradient of the loss with respect to the hidden states before it, [B, T, hidden].</summary>
    public Tensor InputGradient { get => Needed.Of(inputGradient); init => inputGradient = value; }

    /// <summary>What else the pass over a network shows that is built here.</summary>
    public LayerPass Pass { get => Needed.Of(pass); init => pass = value; }
}

/// <summary>What the inputs A, H and S hold of a layer.</summary>
/// <param name="Activations">Output of each feed-forward activation function, [B, T, width].</param>
/// <param name="Heads">Outputs of its query projections.</param>
/// <param name="Softmax">What the input S holds.</param>
/// <param name="Probabilities">Those of it that are attention probabilities, [B, heads, T, T].</param>
public sealed record LayerStates(
    ImmutableArray<Tensor> Activations, ImmutableArray<Tensor> Heads, ImmutableArray<Tensor> Softmax, ImmutableArray<Tensor> Probabilities);

/// <summary>What a pass over a layer shows that none of the inputs holds.</summary>
/// <param name="Input">The hidden states before it, [B, T, hidden].</param>
/// <param name="Output">The hidden states behind it, [B, T, hidden].</param>
/// <param name="Mixing">What its mixing operation computes.</param>
public sealed record LayerPass(Tensor Input, Tensor Output, MixingOutput Mixing)
{
    private readonly IReadOnlyList<Tensor>? activationGradients;

    /// <summary>The gradient of the loss with respect to each of the activations.</summary>
    public IReadOnlyList<Tensor> ActivationGradients { get => Needed.Of(activationGradients); init => activationGradients = value; }
}

/// <summary>A linear map of a layer.</summary>
/// <param name="shape">Its name, shape, kind and role.</param>
/// <param name="weight">Its weight.</param>
/// <param name="gradient">The gradient of the loss with respect to the weight; null where it is not needed.</param>
public sealed class MapEvidence(ParameterShape shape, Tensor weight, Tensor? gradient)
{
    private double? nuclearNorm;
    private double? saliency;

    /// <summary>Its name, shape, kind and role.</summary>
    public ParameterShape Shape => shape;

    /// <summary>Its weight, [out, in]; of a convolution [out, in, width].</summary>
    public Tensor Weight => weight;

    /// <summary>The gradient of the loss with respect to the weight.</summary>
    public Tensor Gradient => Needed.Of(gradient);

    /// <summary>Whether it is a matrix: not the kernel of a convolution.</summary>
    public bool IsMatrix => shape.Kind == ParameterKind.Linear;

    /// <summary>Σ |W ⊙ ∂L/∂W|; computed once.</summary>
    public double Saliency => saliency ??= Sum((own, its) => (own * its).abs());

    /// <summary>The sum of a matrix's singular values; computed once.</summary>
    public double NuclearNorm => nuclearNorm ??= Spectrum.SingularValues(weight).Sum();

    /// <summary>The sum, in double, of what is made of weight and gradient element by element.</summary>
    /// <param name="value">Makes a tensor of some rows of both: of each element of them one, whatever the others are.</param>
    public double Sum(Func<Tensor, Tensor, Tensor> value) => ElementSums.Of(weight, Gradient, value);
}

/// <summary>What is computed where somebody needs it.</summary>
file static class Needed
{
    public static T Of<T>(T? shown)
        where T : class =>
        shown ?? throw new InvalidOperationException("this was not computed or not recorded: the proxy needs more than it says");
}
