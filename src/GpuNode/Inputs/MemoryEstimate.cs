using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Inputs;

/// <summary>Bytes that a network on a mini-batch takes, from its shapes alone.</summary>
/// <param name="Held">What its inputs hold while it is loaded: exact.</param>
/// <param name="Peak">What building it takes at most, <paramref name="Held"/> included: an upper bound.</param>
/// <param name="LargestTensor">The largest tensor of its inputs.</param>
public sealed record MemoryEstimate(long Held, long Peak, long LargestTensor)
{
    private const long ElementSize = sizeof(float);

    /// <summary>The estimate for a network with its shapes resolved.</summary>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public static MemoryEstimate Of(ProbedNetwork target)
    {
        var (held, passing, largestLayer, largestTensor) = (0L, EmbeddingElements(target), 0L, 0L);
        foreach (var layer in target.Network.Layers)
        {
            var sizes = new LayerSizes(target, layer);
            held += sizes.Held;
            passing += sizes.Passing;
            largestLayer = Math.Max(largestLayer, sizes.Held + sizes.Passing);
            largestTensor = Math.Max(largestTensor, sizes.LargestTensor);
        }

        // Backward frees the graph layer by layer but needs, on the layer at hand, a gradient for what forward made.
        return new MemoryEstimate(held * ElementSize, (held + passing + largestLayer) * ElementSize, largestTensor * ElementSize);
    }

    /// <summary>The estimate for a decoder.</summary>
    public static MemoryEstimate Of(DecoderShape shape, ProbeSettings probe)
    {
        var tokens = (long)probe.BatchSize * probe.SequenceLength;
        var states = tokens * shape.Hidden;
        var (held, passing, largestLayer, largestTensor) = (0L, OutputElements(shape, tokens) + (4 * states), 0L, states);
        foreach (var layer in shape.Layers)
        {
            var parameters = DecoderParameters.Layer(shape, layer);
            var shown = parameters.Where(own => InputProbe.IsShown(own, probe.Weights)).ToList();
            var weights = shown.Sum(own => own.Count);
            var (head, activation) = (tokens * layer.HeadsWidth, tokens * layer.FeedForward);
            var softmax = tokens * probe.SequenceLength * layer.Heads;
            var ofLayer = activation + states + head + softmax + (2 * weights);

            // Both normalisations and sums; query, key and value with their heads apart, as they are and rotated, and the context twice;
            // scores before and after scaling and mask; what the tanh form of GELU keeps for its gradient.
            var ofPass = parameters.Sum(own => own.Count) - weights + (8 * states) + (12 * head) + (3 * softmax) + (9 * activation);
            held += ofLayer;
            passing += ofPass;
            largestLayer = Math.Max(largestLayer, ofLayer + ofPass);
            largestTensor = new[] { largestTensor, activation, head, softmax, shown.Max(own => own.Count) }.Max();
        }

        return new MemoryEstimate(held * ElementSize, (held + passing + largestLayer) * ElementSize, largestTensor * ElementSize);
    }

    /// <summary>
    /// All tables, the cumulative distribution of the tokens, and of each token's logits and their logarithms with their gradients; in an
    /// adaptive softmax every token has the first cluster's and, at most, the largest other one's.
    /// </summary>
    private static long OutputElements(DecoderShape shape, long tokens)
    {
        var sizes = shape.Embedding.Sizes;
        long columns = sizes.Length == 1 ? sizes[0] : sizes[0] + sizes.Length + sizes.Skip(1).Max();
        return DecoderParameters.Embedding(shape).Concat(DecoderParameters.Output(shape)).Sum(own => own.Count)
            + (2L * shape.Vocabulary) + (4 * tokens * columns);
    }

    /// <summary>
    /// Sum, normalised sum and projection, the embedding's weights, its rows in use, and the vocabulary's cumulative distribution, which is
    /// in double.
    /// </summary>
    private static long EmbeddingElements(ProbedNetwork target)
    {
        var sizes = target.Probe.Sizes;
        var tokens = (long)target.Probe.BatchSize * target.Probe.SequenceLength;
        var used = FlexiBertParameters.Embedding(target.Network.HiddenSize, target.Probe.Sizes)
            .Where(shape => shape.Kind != ParameterKind.Embedding).Sum(shape => shape.Count);
        var rows = Math.Min(tokens, sizes.Vocabulary) + 2;
        return (tokens * ((3L * sizes.Embedding) + (2L * target.Network.HiddenSize))) + used + (rows * sizes.Embedding)
            + (2L * sizes.Vocabulary);
    }

    /// <summary>Numbers of elements that a layer makes.</summary>
    private readonly struct LayerSizes
    {
        public LayerSizes(ProbedNetwork target, FlexiBertLayer layer)
        {
            var hidden = target.Network.HiddenSize;
            var tokens = (long)target.Probe.BatchSize * target.Probe.SequenceLength;
            var parameters = FlexiBertParameters.Layer(hidden, layer);
            var shown = parameters.Where(shape => InputProbe.IsShown(shape, target.Probe.Weights)).ToList();
            var widths = FlexiBertParameters.FeedForwardWidths(hidden, layer);
            var activations = tokens * widths.Sum(w => (long)w);
            var states = tokens * hidden;
            var head = tokens * FlexiBertParameters.HeadWidth(hidden, layer);
            var softmax = FlexiBertParameters.HasProjection(layer.Operation)
                ? tokens * target.Probe.SequenceLength * FlexiBertParameters.AttentionHeads(layer)
                : states;
            var weights = shown.Sum(shape => shape.Count);

            Held = activations + states + head + softmax + (2 * weights);
            LargestTensor = new[] { tokens * widths.Max(), states, softmax, shown.Max(shape => shape.Count) }.Max();
            Passing = parameters.Sum(shape => shape.Count) - weights + activations + (5 * states) + layer.Operation switch
            {
                // Query, key and value again with their heads apart; scores before and after the scaling; the context twice.
                MixingOperation.ScaledDotProduct or MixingOperation.WeightedMultiplicative => (9 * states) + (2 * softmax),

                // The transforms' intermediate products and constant matrices.
                MixingOperation.Fourier or MixingOperation.Cosine => (10 * states) + ConstantMatrices(target, layer),

                // Attention on half the heads; a copy of the input and of the values for each offset of the kernel.
                _ => (9 * states) + (2 * softmax) + (3L * MixingOperations.KernelWidth(layer.Operation) * states),
            };
        }

        public long Held { get; }

        public long Passing { get; }

        public long LargestTensor { get; }

        /// <summary>Cosines and sines of both dimensions, in float32 and for a moment in double.</summary>
        private static long ConstantMatrices(ProbedNetwork target, FlexiBertLayer layer)
        {
            var (time, size) = ((long)target.Probe.SequenceLength, target.Network.HiddenSize / layer.Heads);
            return 6 * ((time * time) + (size * size));
        }
    }
}
