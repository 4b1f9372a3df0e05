using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Networks;

/// <summary>
/// A network with random weights on one device, and the mini-batch that it is probed with. It holds nothing: weights are drawn when they
/// are asked for, always the same, and whoever passes over the network hands them on, so that a pass can use others in their place. What is
/// made belongs to the caller's dispose scope and is tracked for gradients as far as the caller tracks what it hands on.
/// </summary>
public interface INetwork
{
    /// <summary>How the network is probed.</summary>
    ProbeSettings Probe { get; }

    /// <summary>Number of layers.</summary>
    int Layers { get; }

    /// <summary>The parameters of a layer, each with the name by which its weights go.</summary>
    ImmutableArray<ParameterShape> Parameters(int layer);

    /// <summary>The weights of a layer, float32, on the device.</summary>
    IReadOnlyDictionary<string, Tensor> Draw(int layer);

    /// <summary>The hidden states of the mini-batch before the first layer, [B, T, hidden], on the device, not tracked.</summary>
    /// <exception cref="ArgumentException">The mini-batch does not fit the embedding.</exception>
    Tensor Embed();

    /// <summary>What a layer computes, in the type of its weights and of what it is given.</summary>
    /// <param name="layer">Which one, from 0.</param>
    /// <param name="weights">
    /// Its weights. Those of a normalisation may be absent, all of them: then the states pass it as they are. So may those of a gate: then
    /// nothing is multiplied.
    /// </param>
    /// <param name="hidden">Hidden states, [B, T, hidden].</param>
    LayerOutput Forward(int layer, IReadOnlyDictionary<string, Tensor> weights, Tensor hidden);

    /// <summary>The weights that the loss reads behind the layers, float32, on the device; none where it reads none.</summary>
    IReadOnlyDictionary<string, Tensor> DrawForLoss() => ImmutableDictionary<string, Tensor>.Empty;

    /// <summary>The loss on the mini-batch, a single number.</summary>
    /// <param name="weights">The weights of <see cref="DrawForLoss"/>.</param>
    /// <param name="hidden">What the last layer makes of it, [B, T, hidden].</param>
    Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden);
}
