using System.Collections.Immutable;

namespace LPZero.Messages.Architectures;

/// <summary>What can be said of a network without building it: counts, and rankings that need nothing else.</summary>
public sealed record Structure
{
    /// <summary>Number of parameters by group; null where it is not known.</summary>
    public ParameterCounts? Parameters { get; init; }

    /// <summary>Number of all parameters, which may be known where their groups are not; null where it is not, either.</summary>
    public long? TotalParameters
    {
        get => field ?? Parameters?.Total;
        init;
    }

    /// <summary>
    /// Floating-point operations of a forward pass a token: 2 for each multiply-add of linear maps, convolutions and attention; tables,
    /// normalisations and activation functions count nothing, nor does a head that predicts tokens. Null where it is not known.
    /// </summary>
    public double? FlopsPerToken { get; init; }

    /// <summary>Numbers that describe the network; the same names in the same order for every genotype of a space.</summary>
    public required ImmutableArray<NamedValue> Features { get; init; }

    /// <summary>
    /// What a proxy has to beat, higher is better, from the simplest to the most informed; the same names in the same order for every
    /// genotype of a space.
    /// </summary>
    public required ImmutableArray<NamedValue> Baselines { get; init; }

    /// <summary>The name of the baseline that a verdict is about.</summary>
    public required string MainBaseline { get; init; }
}

/// <summary>Numbers of parameters by group.</summary>
/// <param name="Embedding">Tables of tokens and positions, and what stands between them and the first layer.</param>
/// <param name="Attention">What mixes the tokens, of all layers.</param>
/// <param name="FeedForward">Of all layers.</param>
/// <param name="Normalization">Of all layers, and the last.</param>
/// <param name="Output">What the output has for itself.</param>
public sealed record ParameterCounts(long Embedding, long Attention, long FeedForward, long Normalization, long Output)
{
    /// <summary>All but embedding and output.</summary>
    public long NonEmbedding => Attention + FeedForward + Normalization;

    /// <summary>All of them.</summary>
    public long Total => NonEmbedding + Embedding + Output;
}

/// <summary>A number with its name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The number.</param>
public sealed record NamedValue(string Name, double Value);
