using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// What can be said of a FlexiBERT encoder without building it. The baselines' figures on the 300 public architectures: layers 0.839,
/// layers x hidden 0.867, layers + hidden/1000 0.925, with ties broken by heads and feed-forwards 0.930, the hand formula 0.942
/// (Spearman's rho).
/// </summary>
internal static class FlexiBertStructure
{
    // Four distinct values on the public space, yet hard to beat.
    private const string LayersAndHidden = "layers + hidden/1000";

    public static Structure Of(FlexiBertGenotype network, EmbeddingSizes sizes, int sequenceLength)
    {
        var parameters = FlexiBertParameters.Count(network, sizes);
        return new Structure
        {
            Parameters = parameters,
            FlopsPerToken = 2.0 * MultiplyAdds(network, sizes, sequenceLength),
            Features = Features(network),
            Baselines = Baselines(network, parameters.Total),
            MainBaseline = LayersAndHidden,
        };
    }

    private static ImmutableArray<NamedValue> Features(FlexiBertGenotype network)
    {
        var (layers, hidden) = (network.Layers, network.HiddenSize);
        return
        [
            new("layers", layers.Length),
            new("hidden", hidden),
            new("heads", layers.Sum(layer => layer.Heads)),
            new("heads (not the last)", layers.SkipLast(1).Sum(layer => layer.Heads)),
            new("feed-forward width", layers.Sum(Width)),
            new("feed-forward width (not the last)", layers.SkipLast(1).Sum(Width)),
            new("head width", layers.Average(layer => (double)hidden / layer.Heads)),
        ];

        double Width(FlexiBertLayer layer) => FlexiBertParameters.FeedForwardWidths(hidden, layer).Sum(width => (double)width);
    }

    private static ImmutableArray<NamedValue> Baselines(FlexiBertGenotype network, long parameters)
    {
        var (layers, hidden) = (network.Layers, network.HiddenSize);
        return
        [
            new("layers", layers.Length),
            new("layers x hidden", (double)layers.Length * hidden),
            new(LayersAndHidden, layers.Length + (hidden / 1000.0)),
            new("layers, hidden, heads + feed-forwards", LayersThenHiddenThen(layers.Sum(layer => layer.Heads + layer.FeedForwards))),

            // A hand-made formula: what the last layer's feed-forwards and heads add hardly shows in the truth.
            new("layers, hidden, feed-forwards x heads (not the last)",
                LayersThenHiddenThen(layers.SkipLast(1).Sum(layer => layer.FeedForwards * layer.Heads))),
            new("parameters", parameters),
        ];

        // Orders by layers, then hidden size, then the rest: exact in a double while hidden size and rest are below 2^20.
        double LayersThenHiddenThen(int rest) => (((layers.Length * 1048576.0) + hidden) * 1048576.0) + rest;
    }

    /// <summary>Multiply-adds of a forward pass a token: each weight of a linear map or convolution once, and the mixing.</summary>
    private static double MultiplyAdds(FlexiBertGenotype network, EmbeddingSizes sizes, int sequenceLength) =>
        FlexiBertParameters.Embedding(network.HiddenSize, sizes).Where(shape => shape.IsLinearMap).Sum(shape => (double)shape.Count)
        + network.Layers.Sum(layer =>
            FlexiBertParameters.Layer(network.HiddenSize, layer).Where(shape => shape.IsLinearMap).Sum(shape => (double)shape.Count)
            + Mixing(network.HiddenSize, layer, sequenceLength));

    private static double Mixing(int hidden, FlexiBertLayer layer, int sequenceLength) => layer.Operation switch
    {
        // Two products with matrices over time and over the head's size, as they are computed here; the Fourier transform has two parts.
        MixingOperation.Cosine => (double)hidden * (sequenceLength + (hidden / layer.Heads)),
        MixingOperation.Fourier => 2.0 * hidden * (sequenceLength + (hidden / layer.Heads)),

        // Scores and context of the heads that attend, and the generated kernels over the others.
        _ => FlexiBertParameters.HeadWidth(hidden, layer)
            * ((2.0 * sequenceLength) + MixingOperations.KernelWidth(layer.Operation)),
    };
}
