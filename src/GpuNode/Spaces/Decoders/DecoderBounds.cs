using System.Globalization;
using LPZero.GpuNode.Models.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.Decoders;

/// <summary>Whether a decoder can be built.</summary>
public static class DecoderBounds
{
    /// <summary>Of what an embedding's width is divided by from cluster to cluster.</summary>
    public static readonly Bounds Divisor = new(1, 1024);

    /// <summary>Of the number of clusters of an adaptive embedding.</summary>
    public static readonly Bounds Clusters = new(1, 16);

    /// <summary>Why the decoder cannot be built, in one line, or null where it can.</summary>
    public static string? FindProblem(DecoderShape shape) =>
        NetworkBounds.HiddenSize.FindProblem("hidden size", shape.Hidden)
        ?? (shape.Positions == 0 ? null : NetworkBounds.Positions.FindProblem("positions", shape.Positions))
        ?? FindProblem(shape.Embedding)
        ?? NetworkBounds.Layers.FindProblem("layers", shape.Layers.Length)
        ?? shape.Layers.Select((layer, index) => FindProblem(layer, index)).FirstOrDefault(problem => problem is not null);

    private static string? FindProblem(AdaptiveEmbedding embedding)
    {
        if ((NetworkBounds.Embedding.FindProblem("embedding width", embedding.Width)
            ?? Divisor.FindProblem("embedding divisor", embedding.Divisor)
            ?? Clusters.FindProblem("clusters of the embedding", embedding.Ends.Length)
            ?? NetworkBounds.Vocabulary.FindProblem("vocabulary", embedding.Ends[^1])) is { } size)
        {
            return size;
        }

        for (var cluster = 0; cluster < embedding.Ends.Length; cluster++)
        {
            if (embedding.Ends[cluster] <= (cluster == 0 ? 0 : embedding.Ends[cluster - 1]))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"cutoffs {string.Join('/', embedding.Ends)}: give rising ones, all below the vocabulary's size, which is the last");
            }
        }

        var last = embedding.Ends.Length - 1;
        return Math.Pow(embedding.Divisor, last) <= embedding.Width ? null : string.Create(CultureInfo.InvariantCulture,
            $"an embedding of width {embedding.Width} divided by {embedding.Divisor} leaves cluster {last} no width; " +
            $"give a smaller divisor");
    }

    private static string? FindProblem(DecoderLayer layer, int index) =>
        (NetworkBounds.Heads.FindProblem("heads", layer.Heads)
            ?? NetworkBounds.HiddenSize.FindProblem("head width", layer.HeadWidth)
            ?? NetworkBounds.HiddenSize.FindProblem("width of all heads", layer.HeadsWidth)
            ?? NetworkBounds.FeedForwardDimension.FindProblem("feed-forward width", layer.FeedForward)) is { } problem
            ? string.Create(CultureInfo.InvariantCulture, $"layer {index}: {problem}")
            : null;
}
