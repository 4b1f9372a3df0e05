using System.Collections.Immutable;

namespace LPZero.GpuNode.Models;

/// <summary>What the operation that mixes tokens computes, and what it shows.</summary>
/// <param name="Context">Its result, [B, T, hidden].</param>
/// <param name="Head">Output of the query projection or of the input projection, [B, T, width of the heads].</param>
/// <param name="Softmax">Attention probabilities [B, heads, T, T]; of a linear transform the softmax of its result, [B, heads, T,
/// hidden / heads].</param>
/// <param name="Projections">Outputs of the linear maps that make query (of two in a row both), key and value, or of a linear transform's
/// input map, the head among them; [B, T, width of each].</param>
/// <param name="HasProbabilities">Whether the softmax is attention probabilities.</param>
public sealed record MixingOutput(
    Tensor Context, Tensor Head, Tensor Softmax, ImmutableArray<Tensor> Projections, bool HasProbabilities = true);

/// <summary>What a layer computes, and what it shows.</summary>
/// <param name="Mixing">The mixing operation's part.</param>
/// <param name="Mixed">After projection, residual and layer normalisation, where the operation has them; [B, T, hidden].</param>
/// <param name="Activations">Output of each feed-forward activation function, [B, T, width].</param>
/// <param name="Output">The layer's output, [B, T, hidden].</param>
public sealed record LayerOutput(MixingOutput Mixing, Tensor Mixed, ImmutableArray<Tensor> Activations, Tensor Output);
