namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ |W ⊙ ∂L/∂W| over the maps of the feed-forward blocks. Normalised: the mean of the maps' sums.
/// Tanaka et al., "Pruning neural networks without any data", NeurIPS 2020, over the maps that the code of Serianni and Kalita
/// (ACL 2023, repository aaronserianni/training-free-nas) takes.
/// </summary>
/// <param name="isNormalized">Whether it is the mean.</param>
public sealed class SynapticSaliency(bool isNormalized) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => isNormalized ? "synaptic-saliency-normalized" : "synaptic-saliency";

    /// <inheritdoc/>
    public string Measures => "weights of the feed-forward blocks times their gradients, absolute";

    /// <inheritdoc/>
    public string Source => "Tanaka et al., NeurIPS 2020; Serianni and Kalita, ACL 2023";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.Blocks | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => Values.SumOrMean(
        evidence.Maps.Where(map => map.Shape.IsFeedForward).Select(map => map.Saliency),
        isNormalized, "W and G hold no map of a feed-forward block: use --weights all");
}
