using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Models.Decoders;

/// <summary>
/// The parameters of a decoder, as shapes: counts, random weights, the inputs W and G and the memory estimate follow from this table.
/// Counts equal the published ones of LiteTransformerSearch's GPT-2 (repository microsoft/archai, branch neurips-lts), of HW-GPT-Bench
/// (automl/HW-GPT-Bench) and of open_lm's scaling grid (mlfoundations/scaling).
/// </summary>
public static class DecoderParameters
{
    /// <summary>How many parameters each part has.</summary>
    public static ParameterCounts Count(DecoderShape shape)
    {
        var layers = shape.Layers.Select(layer => Layer(shape, layer)).ToList();
        return new ParameterCounts(
            Sum(Embedding(shape)),
            Sum(layers.SelectMany(layer => layer).Where(p => p.Name.StartsWith("attention.", StringComparison.Ordinal))),
            Sum(layers.SelectMany(layer => layer).Where(p => p.Name.StartsWith("feed_forward.", StringComparison.Ordinal))),
            Sum(layers.SelectMany(layer => layer).Where(p => p.Name.StartsWith("norm.", StringComparison.Ordinal))) + Sum(LastNorm(shape)),
            Sum(Output(shape)));
    }

    /// <summary>Token tables from the widest on, a projection where a table is not as wide as the hidden states, and positions.</summary>
    public static ImmutableArray<ParameterShape> Embedding(DecoderShape shape)
    {
        var table = TableOf(shape);
        if (shape.Positions > 0)
        {
            table.Add("position.weight", ParameterKind.Embedding, shape.Positions, shape.Hidden);
        }

        var embedding = shape.Embedding;
        // With divisor 1 all clusters have one table, and the clusters matter to the output alone.
        var sizes = embedding.Divisor == 1 ? [shape.Vocabulary] : embedding.Sizes;
        foreach (var (cluster, size) in sizes.Index())
        {
            var width = embedding.WidthOf(cluster);
            table.Add($"token.{cluster}.weight", ParameterKind.Embedding, size, width);
            if (HasProjections(shape))
            {
                table.Add($"token.{cluster}.projection.weight", ParameterKind.Linear, shape.Hidden, width);
            }
        }

        return table.ToImmutable();
    }

    /// <summary>Parameters of one layer.</summary>
    public static ImmutableArray<ParameterShape> Layer(DecoderShape shape, DecoderLayer layer)
    {
        var table = TableOf(shape);
        table.Norm("norm.attention", shape.Hidden);
        table.Role = ParameterRole.Mixing;
        table.Linear("attention.query", shape.Hidden, layer.HeadsWidth, ParameterRole.Queries);
        table.Linear("attention.key", shape.Hidden, layer.HeadsWidth, ParameterRole.Keys);
        table.Linear("attention.value", shape.Hidden, layer.HeadsWidth);
        table.Linear("attention.output", layer.HeadsWidth, shape.Hidden);
        table.Norm("norm.feed_forward", shape.Hidden);
        table.Role = ParameterRole.FeedForward;
        if (shape.FeedForward == FeedForwardKind.SwiGlu)
        {
            table.Linear("feed_forward.gate", shape.Hidden, layer.FeedForward, ParameterRole.Gate);
        }

        table.Linear("feed_forward.input", shape.Hidden, layer.FeedForward);
        table.Linear("feed_forward.output", layer.FeedForward, shape.Hidden);
        return table.ToImmutable();
    }

    /// <summary>The normalisation behind the last layer.</summary>
    public static ImmutableArray<ParameterShape> LastNorm(DecoderShape shape)
    {
        var table = TableOf(shape);
        table.Norm("norm.last", shape.Hidden);
        return table.ToImmutable();
    }

    /// <summary>
    /// What the output has beside what it ties: its own table where it is not tied; of an adaptive softmax (Grave et al. 2017) a row and
    /// a shift for each further cluster, a shift for each token, and the first cluster's projection. Further ones are the embedding's.
    /// </summary>
    public static ImmutableArray<ParameterShape> Output(DecoderShape shape)
    {
        var table = TableOf(shape);
        var embedding = shape.Embedding;
        if (!shape.IsTied)
        {
            table.Add("output.weight", ParameterKind.Linear, shape.Vocabulary, shape.Hidden);
        }

        if (embedding.Ends.Length > 1)
        {
            table.Add("output.cluster.weight", ParameterKind.Linear, embedding.Ends.Length - 1, embedding.Width);
            table.Add("output.cluster.bias", ParameterKind.Bias, embedding.Ends.Length - 1);
            table.Add("output.bias", ParameterKind.Bias, shape.Vocabulary);
            if (HasProjections(shape))
            {
                table.Add("output.projection.weight", ParameterKind.Linear, shape.Hidden, embedding.Width);
            }
        }

        return table.ToImmutable();
    }

    /// <summary>Whether a projection stands between the tables and the hidden states.</summary>
    public static bool HasProjections(DecoderShape shape) => shape.Embedding.Divisor > 1 || shape.Embedding.Width != shape.Hidden;

    private static long Sum(IEnumerable<ParameterShape> shapes) => shapes.Sum(shape => shape.Count);

    private static ParameterTable TableOf(DecoderShape shape) =>
        new(shape.HasBiases, shape.Normalization == Normalization.LayerNorm);
}
