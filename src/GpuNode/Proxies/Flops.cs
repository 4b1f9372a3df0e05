namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Floating-point operations of a forward pass a token, 2 for each multiply-add. Kaplan et al., "Scaling laws for neural language models",
/// arXiv 2001.08361.
/// </summary>
public sealed class Flops : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "flops";

    /// <inheritdoc/>
    public string Measures => "floating-point operations of a forward pass a token";

    /// <inheritdoc/>
    public string Source => "Kaplan et al., arXiv 2001.08361";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Description;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) =>
        evidence.Structure.FlopsPerToken is { } flops ? flops : ProxyValue.Undefined("its operations are not known");
}
