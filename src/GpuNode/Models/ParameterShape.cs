using System.Collections.Immutable;

namespace LPZero.GpuNode.Models;

/// <summary>What a parameter is, which decides how it is drawn and which inputs show it.</summary>
public enum ParameterKind
{
    /// <summary>The matrix of a linear map, [out, in].</summary>
    Linear,

    /// <summary>The kernel of a convolution, [out, in, width]; a linear map too, but not a matrix.</summary>
    Convolution,

    /// <summary>A shift, drawn as zeros: of a linear map or of a layer normalisation.</summary>
    Bias,

    /// <summary>The scale of a layer normalisation, drawn as ones.</summary>
    Scale,

    /// <summary>A row for each token, position or token type.</summary>
    Embedding,
}

/// <summary>Name, shape, kind and role of a parameter, without its values.</summary>
/// <param name="Name">Unique within a layer, such as <c>mixing.query.weight</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Role">Which part of a layer it belongs to.</param>
public sealed record ParameterShape(string Name, ImmutableArray<long> Shape, ParameterKind Kind, ParameterRole Role)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Whether it belongs to the operation that mixes the tokens.</summary>
    public bool IsMixing => Role is ParameterRole.Mixing or ParameterRole.Queries or ParameterRole.Keys;

    /// <summary>Whether it belongs to the feed-forward block.</summary>
    public bool IsFeedForward => Role is ParameterRole.FeedForward or ParameterRole.Gate;

    /// <summary>True for the weights that the inputs W and G can hold.</summary>
    public bool IsLinearMap => Kind is ParameterKind.Linear or ParameterKind.Convolution;
}
