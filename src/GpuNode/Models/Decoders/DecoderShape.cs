using System.Collections.Immutable;

namespace LPZero.GpuNode.Models.Decoders;

/// <summary>How hidden states are normalised.</summary>
public enum Normalization
{
    /// <summary>Layer normalisation with gain and shift (Ba et al. 2016).</summary>
    LayerNorm,

    /// <summary>Layer normalisation with a gain alone, as open_lm has it.</summary>
    LayerNormGain,

    /// <summary>Root mean square normalisation with a gain (Zhang and Sennrich 2019).</summary>
    RmsNorm,
}

/// <summary>What a feed-forward block is.</summary>
public enum FeedForwardKind
{
    /// <summary>GELU in the tanh form of Hendrycks and Gimpel (2016), as GPT-2 has it.</summary>
    GeluTanh,

    /// <summary>GELU by the error function.</summary>
    Gelu,

    /// <summary>SwiGLU (Shazeer 2020): silu(x W) * (x V), by two maps, then the output's.</summary>
    SwiGlu,
}

/// <summary>One layer of a decoder.</summary>
/// <param name="Heads">Attention heads.</param>
/// <param name="HeadWidth">Width of each; heads together need not be as wide as the hidden states.</param>
/// <param name="FeedForward">Width of the feed-forward activation.</param>
public sealed record DecoderLayer(int Heads, int HeadWidth, int FeedForward)
{
    /// <summary>Width of the heads together.</summary>
    public int HeadsWidth => Heads * HeadWidth;
}

/// <summary>
/// An adaptive embedding (Baevski and Auli 2019): tokens, sorted by frequency, fall into clusters whose tables grow narrower, each with a
/// projection to the hidden size. One cluster is a plain table.
/// </summary>
/// <param name="Width">Width of the first cluster's table.</param>
/// <param name="Divisor">Each further cluster's table is so many times narrower; 1 is one table for all of them.</param>
/// <param name="Ends">Where each cluster ends, the last at the vocabulary's size.</param>
public sealed record AdaptiveEmbedding(int Width, int Divisor, ImmutableArray<int> Ends)
{
    /// <summary>Tokens of each cluster: 19997, 20000 and 10267 where they end at 19997, 39997 and 50264.</summary>
    public ImmutableArray<int> Sizes => [.. Ends.Select((end, i) => i == 0 ? end : end - Ends[i - 1])];

    /// <summary>Width of a cluster's table.</summary>
    public int WidthOf(int cluster) => Width / (int)Math.Pow(Divisor, cluster);

    /// <inheritdoc/>
    public bool Equals(AdaptiveEmbedding? other) =>
        other is not null && Width == other.Width && Divisor == other.Divisor && Ends.AsSpan().SequenceEqual(other.Ends.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Divisor, Ends.Length, Ends[^1]);
}

/// <summary>A decoder with everything that decides its parameters and what it computes.</summary>
public sealed record DecoderShape
{
    /// <summary>Width of the hidden states.</summary>
    public required int Hidden { get; init; }

    /// <summary>Token ids, in clusters where the embedding is adaptive.</summary>
    public required AdaptiveEmbedding Embedding { get; init; }

    /// <summary>Learned positions; 0 for none.</summary>
    public int Positions { get; init; }

    /// <summary>Share of each head's elements that are rotated by position (Su et al. 2021), the first ones; 0 for none.</summary>
    public double RotaryShare { get; init; }

    /// <summary>How hidden states are normalised.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>What the feed-forward blocks are.</summary>
    public FeedForwardKind FeedForward { get; init; }

    /// <summary>Whether attention and feed-forward read the same states, as in GPT-NeoX; else one follows the other.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether the output uses the embedding's tables.</summary>
    public bool IsTied { get; init; } = true;

    /// <summary>Whether queries and keys are normalised over the width of all heads.</summary>
    public bool HasQueryKeyNorm { get; init; }

    /// <summary>Whether linear maps have biases.</summary>
    public bool HasBiases { get; init; } = true;

    /// <summary>Whether the embedding is multiplied by the square root of the hidden size.</summary>
    public bool IsEmbeddingScaled { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required ImmutableArray<DecoderLayer> Layers { get; init; }

    /// <summary>Number of token ids.</summary>
    public int Vocabulary => Embedding.Ends[^1];
}
