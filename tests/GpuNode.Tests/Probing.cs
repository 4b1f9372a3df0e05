using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests;

/// <summary>Small networks for tests.</summary>
internal static class Probing
{
    public static readonly EmbeddingSizes Sizes = new(Vocabulary: 500, Embedding: 16, Positions: 32);

    /// <summary>A network with a layer of every operation.</summary>
    public static readonly FlexiBertGenotype Varied = Network(32,
        (MixingOperation.ScaledDotProduct, 1), (MixingOperation.WeightedMultiplicative, 3), (MixingOperation.Fourier, 1),
        (MixingOperation.Cosine, 3), (MixingOperation.Convolution5, 1), (MixingOperation.Convolution9, 3));

    public static FlexiBertGenotype Network(int hiddenSize, params (MixingOperation Operation, int FeedForwards)[] layers) =>
        new(hiddenSize, [.. layers.Select(layer => new FlexiBertLayer(layer.Operation, 4, 24, layer.FeedForwards))]);

    public static ProbedNetwork Target(
        Genotype? network = null, ulong seed = 7, int batch = 3, int length = 10, WeightSelection weights = WeightSelection.All) =>
        new(network ?? Varied, new ProbeSettings(batch, length, seed, seed, weights, Sizes));

    /// <summary>All six inputs of a network, on the CPU.</summary>
    public static ArchitectureInputs Inputs(ProbedNetwork target) => InputProbe.Run(GpuNode.Spaces.Network.Of(target, CPU), InputProbe.All);
}
