using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.Decoders;

/// <summary>What a decoder takes of time on a mini-batch: with a large vocabulary the loss may take more than the layers.</summary>
internal static class DecoderTime
{
    /// <summary>The estimate of the layers with that of the loss, which draws what stands around them.</summary>
    public static TimeEstimate WithLoss(TimeEstimate layers, DecoderShape shape, ProbeSettings probe) => layers with
    {
        Loss = 2.0 * probe.BatchSize * (probe.SequenceLength - 1) * MultiplyAdds(shape),
        Drawn = layers.Drawn + DecoderMemory.Tables(shape),
    };

    /// <summary>
    /// Multiply-adds of a position to predict: of an adaptive softmax the first cluster's with a row for each other one, and those of the
    /// others for as many positions as have their tokens on average.
    /// </summary>
    private static double MultiplyAdds(DecoderShape shape)
    {
        var (embedding, sizes) = (shape.Embedding, shape.Embedding.Sizes);
        if (sizes.Length == 1 && !shape.IsTied)
        {
            return (double)shape.Vocabulary * shape.Hidden;
        }

        var first = Rows(0, sizes[0] + sizes.Length - 1);
        return first + Enumerable.Range(1, sizes.Length - 1).Sum(cluster =>
            MiniBatch.ShareOf(shape.Vocabulary, embedding.Ends[cluster - 1], embedding.Ends[cluster]) * Rows(cluster, sizes[cluster]));

        // On to so many rows of a cluster's width, behind the projection to that where there is one.
        double Rows(int cluster, double rows) =>
            (rows + (DecoderParameters.HasProjections(shape) ? shape.Hidden : 0)) * embedding.WidthOf(embedding.Divisor == 1 ? 0 : cluster);
    }
}
