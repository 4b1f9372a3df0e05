namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ |W ⊙ ∂L/∂W| over the matrices of the mixing operation. Normalised: the mean of the matrices' sums.
/// After Michel, Levy and Neubig, "Are sixteen heads really better than one?", NeurIPS 2019, in the form of the code of
/// Serianni and Kalita (ACL 2023, repository aaronserianni/training-free-nas), which takes the weights in place of a mask on each head.
/// </summary>
/// <param name="isNormalized">Whether it is the mean.</param>
public sealed class HeadImportance(bool isNormalized) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => isNormalized ? "head-importance-normalized" : "head-importance";

    /// <inheritdoc/>
    public string Measures => "weights of the mixing operations times their gradients, absolute";

    /// <inheritdoc/>
    public string Source => "Michel, Levy and Neubig, NeurIPS 2019; Serianni and Kalita, ACL 2023";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.Blocks | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => Values.SumOrMean(
        evidence.Maps.Where(map => map.IsMatrix && map.Shape.IsMixing)
            .Select(map => map.Saliency),
        isNormalized, "it has no matrix in a mixing operation");
}
