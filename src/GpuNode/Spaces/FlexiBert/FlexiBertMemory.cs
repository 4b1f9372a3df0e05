using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>Bytes that a FlexiBERT encoder on a mini-batch takes, from its shapes alone.</summary>
internal static class FlexiBertMemory
{
    public static MemoryEstimate Of(FlexiBertGenotype network, ProbeSettings probe)
    {
        const long ElementSize = sizeof(float);
        var (held, passing, shown, largestLayer, largestTensor, parameters) = (0L, EmbeddingElements(network, probe), 0L, 0L, 0L, 0L);
        foreach (var layer in network.Layers)
        {
            var sizes = new LayerSizes(network.HiddenSize, probe, layer);
            held += sizes.Held;
            passing += sizes.Passing;
            shown += sizes.Shown;
            parameters = Math.Max(parameters, FlexiBertParameters.Layer(network.HiddenSize, layer).Sum(own => own.Count));
            largestLayer = Math.Max(largestLayer, sizes.Held + sizes.Passing);
            largestTensor = Math.Max(largestTensor, sizes.LargestTensor);
        }

        // Backward has freed the loss when it comes to the layers. It frees the graph layer by layer but needs, on the layer at hand, a
        // gradient for what forward made.
        var tables = LossTables(network, probe);
        return new MemoryEstimate(
            held * ElementSize, (held + passing + tables + Math.Max(largestLayer, LossElements(network, probe))) * ElementSize,
            largestTensor * ElementSize)
        {
            Shown = (shown + tables) * ElementSize,
            LargestLayer = parameters * ElementSize,
            LargestTable = TablesOfLoss(network, probe).DefaultIfEmpty().Max() * ElementSize,
        };
    }

    /// <summary>
    /// Sum, normalised sum and projection, the embedding's weights, its rows in use, and the vocabulary's cumulative distribution, which is
    /// in double.
    /// </summary>
    private static long EmbeddingElements(FlexiBertGenotype network, ProbeSettings probe)
    {
        var sizes = probe.Sizes;
        var width = FlexiBertParameters.EmbeddingWidth(sizes);
        var tokens = (long)probe.BatchSize * probe.SequenceLength;
        var used = FlexiBertParameters.Embedding(network.HiddenSize, sizes)
            .Where(shape => shape.Kind != ParameterKind.Embedding).Sum(shape => shape.Count);
        var rows = Math.Min(tokens, sizes.Vocabulary) + 2;
        var dropout = probe.Mode == ProbeMode.Training ? 2L * width : 0;
        return (tokens * ((3L * width) + dropout + (2L * network.HiddenSize))) + used + (rows * width)
            + (2L * sizes.Vocabulary);
    }

    /// <summary>Elements of the tables that the loss of masked tokens reads; 0 of a loss that reads none.</summary>
    public static long LossTables(FlexiBertGenotype network, ProbeSettings probe) => TablesOfLoss(network, probe).Sum();

    private static IEnumerable<long> TablesOfLoss(FlexiBertGenotype network, ProbeSettings probe) => probe.Loss == LossKind.Masked
        ? FlexiBertParameters.Embedding(network.HiddenSize, probe.Sizes).Where(FlexiBertNetwork.IsOfLoss).Select(shape => shape.Count)
        : [];

    /// <summary>Of each masked token a row of logits, their softmax, the gradients of both, and states on the way there.</summary>
    private static long LossElements(FlexiBertGenotype network, ProbeSettings probe) => probe.Loss == LossKind.Masked
        ? MaskedTokens.MostPlaces(probe) * ((4L * probe.Sizes.Vocabulary)
            + (4L * (network.HiddenSize + FlexiBertParameters.EmbeddingWidth(probe.Sizes))))
        : 0;

    /// <summary>Numbers of elements that a layer makes.</summary>
    private readonly struct LayerSizes
    {
        public LayerSizes(int hidden, ProbeSettings probe, FlexiBertLayer layer)
        {
            var tokens = (long)probe.BatchSize * probe.SequenceLength;
            var parameters = FlexiBertParameters.Layer(hidden, layer);
            var shown = parameters.Where(shape => InputProbe.IsShown(shape, probe.Weights)).ToList();
            var widths = FlexiBertParameters.FeedForwardWidths(hidden, layer);
            var activations = tokens * widths.Sum(w => (long)w);
            var states = tokens * hidden;
            var head = tokens * FlexiBertParameters.HeadWidth(hidden, layer);
            var softmax = FlexiBertParameters.HasProjection(layer.Operation)
                ? tokens * probe.SequenceLength * FlexiBertParameters.AttentionHeads(layer)
                : states;
            var weights = shown.Sum(shape => shape.Count);

            Held = activations + states + head + softmax + (2 * weights);
            LargestTensor = new[] { tokens * widths.Max(), states, softmax, shown.Max(shape => shape.Count) }.Max();

            // The output, query, key and value, the context, gradients of the activations; and what no input shows of the weights.
            Shown = Held + activations + (5 * states) + parameters.Sum(shape => shape.Count) - weights;
            Passing = parameters.Sum(shape => shape.Count) - weights + activations + (5 * states) + layer.Operation switch
            {
                // Query, key and value again with their heads apart; scores before and after the scaling; the context twice.
                MixingOperation.ScaledDotProduct or MixingOperation.WeightedMultiplicative => (9 * states) + (2 * softmax),

                // The transforms' intermediate products and constant matrices.
                MixingOperation.Fourier or MixingOperation.Cosine => (10 * states) + ConstantMatrices(hidden, probe, layer),

                // Attention on half the heads; a copy of the input and of the values for each offset of the kernel.
                _ => (9 * states) + (2 * softmax) + (3L * MixingOperations.KernelWidth(layer.Operation) * states),
            };

            // Masks and what they leave, of the probabilities, behind the projection and behind the block.
            Passing += probe.Mode == ProbeMode.Training ? (2 * softmax) + (4 * states) : 0;
        }

        public long Held { get; }

        public long Passing { get; }

        public long Shown { get; }

        public long LargestTensor { get; }

        /// <summary>Cosines and sines of both dimensions, in float32 and for a moment in double.</summary>
        private static long ConstantMatrices(int hidden, ProbeSettings probe, FlexiBertLayer layer)
        {
            var (time, size) = ((long)probe.SequenceLength, hidden / layer.Heads);
            return 6 * ((time * time) + (size * size));
        }
    }
}
