namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ |W ⊙ ∂L/∂W| over the linear maps: how much the loss would change without each weight.
/// Lee, Ajanthan and Torr, "SNIP: single-shot network pruning based on connection sensitivity", ICLR 2019, summed as by
/// Abdelfattah et al. (ICLR 2021).
/// </summary>
public sealed class Snip : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "snip";

    /// <inheritdoc/>
    public string Measures => "weights times their gradients, absolute";

    /// <inheritdoc/>
    public string Source => "Lee, Ajanthan and Torr, ICLR 2019; Abdelfattah et al., ICLR 2021";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.Maps.Sum(map => map.Saliency);
}
