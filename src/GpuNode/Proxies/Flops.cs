namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Floating-point operations of a forward pass a token, 2 for each multiply-add of linear maps, convolutions and attention. The output over
/// the vocabulary counts nothing. After Kaplan et al., "Scaling laws for neural language models", arXiv 2001.08361, whose count has 2 T d
/// a layer for attention over T tokens, with heads d wide together; here scores and context have as much each.
/// </summary>
public sealed class Flops : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "flops";

    /// <inheritdoc/>
    public string Measures => "floating-point operations of a forward pass a token, without the output over the vocabulary";

    /// <inheritdoc/>
    public string Source => "after Kaplan et al., arXiv 2001.08361 (attention's term is twice theirs)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Description;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) =>
        evidence.Structure.FlopsPerToken is { } flops ? flops : ProxyValue.Undefined("its operations are not known");
}
