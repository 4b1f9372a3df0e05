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

/// <summary>Name, shape and kind of a parameter, without its values.</summary>
/// <param name="Name">Unique within a layer, such as <c>mixing.query.weight</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsMixing">Whether it belongs to the operation that mixes the tokens.</param>
public sealed record ParameterShape(string Name, ImmutableArray<long> Shape, ParameterKind Kind, bool IsMixing)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Whether it belongs to the feed-forward block: else to the mixing operation, its projection, or a normalisation.</summary>
    public bool IsFeedForward =>
        Name.StartsWith("feed_forward.", StringComparison.Ordinal) || Name.StartsWith("output.dense.", StringComparison.Ordinal);

    /// <summary>Whether it maps states to queries of attention.</summary>
    public bool IsOfQueries => Name.Split('.') is [_, "query", _];

    /// <summary>Whether it maps states to keys of attention, so that it acts through attention's scores alone.</summary>
    public bool IsOfKeys => Name.Split('.') is [_, "key", _];

    /// <summary>True for the weights that the inputs W and G can hold.</summary>
    public bool IsLinearMap => Kind is ParameterKind.Linear or ParameterKind.Convolution;
}
