using LPZero.GpuNode.Models.Decoders;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Inputs;

/// <summary>Bytes that a network on a mini-batch takes, from its shapes alone.</summary>
/// <param name="Held">What its inputs hold while it is loaded: exact.</param>
/// <param name="Peak">What building it takes at most, <paramref name="Held"/> included: an upper bound.</param>
/// <param name="LargestTensor">The largest tensor of its inputs.</param>
public sealed record MemoryEstimate(long Held, long Peak, long LargestTensor)
{
    private const long ElementSize = sizeof(float);

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
}
