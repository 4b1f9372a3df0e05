using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.Decoders;

/// <summary>What a decoder takes on a mini-batch. With a large vocabulary the loss and its tables are the most of it.</summary>
internal static class DecoderMemory
{
    private const long ElementSize = sizeof(float);

    /// <summary>The estimate, from the shape alone.</summary>
    public static MemoryEstimate Of(DecoderShape shape, ProbeSettings probe)
    {
        var (held, saved, shown, largestLayer, largestTensor, parameters) = (0L, Embedding(shape, probe), 0L, 0L, 0L, 0L);
        foreach (var layer in shape.Layers)
        {
            var sizes = new LayerSizes(shape, layer, probe);
            held += sizes.Held;
            saved += sizes.Saved;
            shown += sizes.Shown;
            parameters = Math.Max(parameters, DecoderParameters.Layer(shape, layer).Sum(own => own.Count));
            largestLayer = Math.Max(largestLayer, sizes.Held + sizes.Passing);
            largestTensor = Math.Max(largestTensor, sizes.LargestTensor);
        }

        // Backward has freed the loss when it comes to the layers, and there it frees the graph layer by layer.
        return new MemoryEstimate(
            held * ElementSize, (held + saved + Math.Max(largestLayer, Loss(shape, probe))) * ElementSize, largestTensor * ElementSize)
        {
            Shown = (shown + Tables(shape)) * ElementSize,
            LargestLayer = parameters * ElementSize,
            LargestTable = Around(shape).Max(own => own.Count) * ElementSize,
        };
    }

    /// <summary>Tables of the rows in use, what is made of them, and the vocabulary's distribution, which is in double.</summary>
    private static long Embedding(DecoderShape shape, ProbeSettings probe)
    {
        var tokens = (long)probe.BatchSize * probe.SequenceLength;
        var projections = DecoderParameters.Embedding(shape).Where(own => own.IsLinearMap).Sum(own => own.Count);
        return (2L * shape.Vocabulary) + projections + (tokens * ((3L * shape.Embedding.Width) + (6L * shape.Hidden)));
    }

    /// <summary>
    /// The tables, and for each position to predict a row of logits, their softmax, and the gradients of both. Of an adaptive softmax every
    /// position has a row for the first cluster, copied for the tokens within and without, and one more for one of the others.
    /// </summary>
    private static long Loss(DecoderShape shape, ProbeSettings probe)
    {
        var positions = (long)probe.BatchSize * (probe.SequenceLength - 1);
        var sizes = shape.Embedding.Sizes;
        var logits = sizes.Length == 1
            ? 4L * sizes[0]
            : (8L * (sizes[0] + sizes.Length)) + (4L * sizes.Skip(1).Max());
        // The first cluster's table is copied to stand beside the rows of the others.
        var copied = sizes.Length == 1 ? 0 : (long)(sizes[0] + sizes.Length) * (shape.Embedding.Width + 1);
        return Tables(shape) + copied + (positions * (logits + (8L * Math.Max(shape.Hidden, shape.Embedding.Width))));
    }

    /// <summary>Elements of what stands around the layers and the loss reads.</summary>
    public static long Tables(DecoderShape shape) => Around(shape).Sum(own => own.Count);

    private static IEnumerable<ParameterShape> Around(DecoderShape shape) =>
        DecoderParameters.Embedding(shape).Concat(DecoderParameters.Output(shape));

    /// <summary>Numbers of elements that a layer makes.</summary>
    private readonly struct LayerSizes
    {
        public LayerSizes(DecoderShape shape, DecoderLayer layer, ProbeSettings probe)
        {
            var tokens = (long)probe.BatchSize * probe.SequenceLength;
            var parameters = DecoderParameters.Layer(shape, layer);
            var shown = parameters.Where(own => InputProbe.IsShown(own, probe.Weights)).ToList();
            var (states, heads, activation) = (tokens * shape.Hidden, tokens * layer.HeadsWidth, tokens * layer.FeedForward);
            var softmax = tokens * probe.SequenceLength * layer.Heads;
            var weights = shown.Sum(own => own.Count);

            Held = activation + states + heads + softmax + (2 * weights);
            LargestTensor = new[] { activation, states, heads, softmax, shown.Max(own => own.Count) }.Max();

            // The output, key and value, the context behind its map, the gradient of the activation; and the other weights.
            Shown = Held + activation + (2 * states) + (2 * heads) + parameters.Sum(own => own.Count) - weights;

            // What backward reads: of the heads query, key, value and context in order; the states normalised twice, between the blocks and
            // behind them; of the feed-forward what its activation is made of.
            var others = parameters.Sum(own => own.Count) - weights;
            Saved = others + ((4 + (shape.HasQueryKeyNorm ? 2 : 0)) * heads) + (4 * states) + (shape.FeedForward switch
            {
                FeedForwardKind.GeluTanh => 5,
                FeedForwardKind.Gelu => 1,
                _ => 3,
            } * activation);

            // What there is besides until the layer is done: scores before and after scaling and masking, what turns queries and keys, ...
            Passing = others + (3 * softmax)
                + ((9 + (shape.HasQueryKeyNorm ? 2 : 0) + (shape.RotaryShare > 0 ? 10 : 0)) * heads)
                + (6 * states)
                + (shape.FeedForward switch
                {
                    FeedForwardKind.GeluTanh => 10,
                    FeedForwardKind.Gelu => 1,
                    _ => 3,
                } * activation);
        }

        public long Held { get; }

        public long Saved { get; }

        public long Shown { get; }

        public long Passing { get; }

        public long LargestTensor { get; }
    }
}
