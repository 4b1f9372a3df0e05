using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Proxies;

/// <summary>
/// A number of parameters: of all, of those outside embedding and output, of the decoder's (attention and feed-forward blocks), or of one
/// group. Javaheripi et al., "LiteTransformerSearch: training-free neural architecture search for efficient language models", NeurIPS 2022,
/// rank decoders by their decoder parameters.
/// </summary>
/// <param name="id">Its id.</param>
/// <param name="what">What is counted, for people.</param>
/// <param name="of">The number; null where it is not known.</param>
public sealed class ParameterCount(string id, string what, Func<Structure, long?> of) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => id;

    /// <inheritdoc/>
    public string Measures => $"number of parameters {what}";

    /// <inheritdoc/>
    public string Source => "Javaheripi et al., NeurIPS 2022";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Description;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) =>
        of(evidence.Structure) is { } count ? count : ProxyValue.Undefined($"its number of parameters {what} is not known");
}
