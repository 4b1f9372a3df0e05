using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// The structural baselines of FlexiBERT. Their figures on the 300 public architectures: layers 0.839, layers x hidden 0.867,
/// layers + hidden/1000 0.925, with ties broken by heads and feed-forwards 0.930, the hand formula 0.942 (Spearman's rho).
/// </summary>
public static class StructuralBaselines
{
    /// <summary>The baseline that a verdict is about: four distinct values on FlexiBERT's public space, yet hard to beat.</summary>
    public static readonly StructuralBaseline LayersAndHidden = new(
        "layers + hidden/1000",
        architecture => Layers(architecture).Length + (architecture.Genotype.HiddenSize / 1000.0));

    /// <summary>All baselines, from the simplest to the most informed, the parameter count last.</summary>
    /// <param name="parameters">Number of parameters of an architecture as its benchmark's shapes build it.</param>
    public static ImmutableArray<StructuralBaseline> All(Func<Architecture, long> parameters) =>
    [
        new("layers", architecture => Layers(architecture).Length),
        new("layers x hidden", architecture => (double)Layers(architecture).Length * architecture.Genotype.HiddenSize),
        LayersAndHidden,
        new("layers, hidden, heads + feed-forwards", architecture =>
            LayersThenHiddenThen(architecture, Layers(architecture).Sum(layer => layer.Heads + layer.FeedForwards))),
        // A hand-made formula: what the last layer's feed-forwards and heads add hardly shows in the truth.
        new("layers, hidden, feed-forwards x heads (not the last)", architecture =>
            LayersThenHiddenThen(architecture, Layers(architecture).SkipLast(1).Sum(layer => layer.FeedForwards * layer.Heads))),
        new("parameters", architecture => parameters(architecture)),
    ];

    /// <summary>The group of architectures with the same number of layers and the same hidden size.</summary>
    public static string GroupOf(Architecture architecture) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Layers(architecture).Length} layers, hidden {architecture.Genotype.HiddenSize}");

    private static ImmutableArray<FlexiBertLayer> Layers(Architecture architecture) => architecture.Genotype.Layers;

    /// <summary>Orders by layers, then hidden size, then the rest: exact in a double while hidden size and rest are below 2^20.</summary>
    private static double LayersThenHiddenThen(Architecture architecture, int rest) =>
        (((Layers(architecture).Length * 1048576.0) + architecture.Genotype.HiddenSize) * 1048576.0) + rest;
}
