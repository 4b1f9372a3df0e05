namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ W ⊙ ∂L/∂W over the linear maps: how much the loss would change if all weights grew in proportion.
/// Mozer and Smolensky, "Skeletonization", NIPS 1988, as Abdelfattah et al. (ICLR 2021, code: plain) use it.
/// </summary>
public sealed class Plain : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "plain";

    /// <inheritdoc/>
    public string Measures => "weights times their gradients, with their signs";

    /// <inheritdoc/>
    public string Source => "Mozer and Smolensky, NIPS 1988; Abdelfattah et al., ICLR 2021 (plain)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.Maps.Sum(map => map.Sum((weight, gradient) => weight * gradient));
}
