namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ over the layers' attention operations of the mean, over sequences, heads and queries, of the greatest attention probability.
/// Normalised: the mean over those operations. Voita et al., "Analyzing multi-head self-attention", ACL 2019 (a head's confidence). The
/// published code (repository aaronserianni/training-free-nas) takes the maximum over the heads in place of the keys.
/// </summary>
/// <param name="isNormalized">Whether it is the mean.</param>
public sealed class SoftmaxConfidence(bool isNormalized) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => isNormalized ? "softmax-confidence-normalized" : "softmax-confidence";

    /// <inheritdoc/>
    public string Measures => "the greatest attention probability of each query";

    /// <inheritdoc/>
    public string Source => "Voita et al., ACL 2019; Serianni and Kalita, ACL 2023 (softmax confidence)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Probabilities;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => Values.SumOrMean(
        evidence.Layers.SelectMany(layer => layer.Probabilities)
            .Select(softmax => NetworkEvidence.IsFinite(softmax)
                ? NetworkEvidence.Total(softmax.amax([-1])) * softmax.shape[^1] / softmax.numel()
                : double.NaN),
        isNormalized, "no layer has attention probabilities");
}
