namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ over the outputs of the linear maps that make query, key and value of the mean, over sequences and units, of the greatest value that a
/// unit has on any token. Of a linear transform it is the input map; of weighted multiplicative attention also the second map of the query,
/// which reads the first; a span convolution's map of the values that its kernels sum is left out. Normalised: the mean over those outputs.
/// "Head confidence" of Serianni and Kalita (ACL 2023, repository aaronserianni/training-free-nas), after Voita et al. (ACL 2019).
/// </summary>
/// <param name="isNormalized">Whether it is the mean.</param>
public sealed class AttentionConfidence(bool isNormalized) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => isNormalized ? "attention-confidence-normalized" : "attention-confidence";

    /// <inheritdoc/>
    public string Measures => "the greatest values of the units of query, key and value";

    /// <inheritdoc/>
    public string Source => "Serianni and Kalita, ACL 2023 (head confidence)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Projections;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => Values.SumOrMean(
        evidence.Layers.SelectMany(layer => layer.Pass.Mixing.Projections)
            .Select(output => NetworkEvidence.IsFinite(output)
                ? NetworkEvidence.Total(output.amax([1])) / (output.shape[0] * output.shape[2])
                : double.NaN),
        isNormalized, "no mixing operation has a query, key or value");
}
