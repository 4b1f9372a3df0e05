namespace LPZero.GpuNode.Models;

/// <summary>
/// Which part of a layer a parameter belongs to. Proxies that people designed go by it, and so does <c>--weights mixing</c>.
/// </summary>
public enum ParameterRole
{
    /// <summary>None of the others: a projection behind what mixes the tokens, whatever is outside the layers.</summary>
    Other,

    /// <summary>The operation that mixes the tokens, but for its queries and keys.</summary>
    Mixing,

    /// <summary>Of the operation that mixes the tokens, what maps states to queries of attention.</summary>
    Queries,

    /// <summary>
    /// Of the operation that mixes the tokens, what maps states to keys of attention, so that it acts through attention's scores alone.
    /// </summary>
    Keys,

    /// <summary>The feed-forward block, its output map included, but for a gate.</summary>
    FeedForward,

    /// <summary>Of a gated feed-forward block, what makes the factors that its activation is multiplied by.</summary>
    Gate,

    /// <summary>A normalisation, wherever it stands: its scale and its shift.</summary>
    Normalization,
}
