namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ ‖W‖* ‖∂L/∂W‖* over the matrices of the mixing operation and its projection, with the nuclear norm ‖·‖*, the sum of singular values:
/// how far they are from collapsing to a lower rank. Normalised: the mean instead of the sum.
/// Zhou et al., "Training-free transformer architecture search", CVPR 2022; over the matrices that the code of Serianni and
/// Kalita (ACL 2023, repository aaronserianni/training-free-nas) takes.
/// </summary>
/// <param name="isNormalized">Whether it is the mean.</param>
public sealed class SynapticDiversity(bool isNormalized) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => isNormalized ? "synaptic-diversity-normalized" : "synaptic-diversity";

    /// <inheritdoc/>
    public string Measures => "nuclear norms of attention's weights times those of their gradients";

    /// <inheritdoc/>
    public string Source => "Zhou et al., CVPR 2022; Serianni and Kalita, ACL 2023";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.Blocks | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => Values.SumOrMean(
        evidence.Maps.Where(map => map.IsMatrix && !map.Shape.IsFeedForward)
            .Select(map => map.NuclearNorm * Spectrum.SingularValues(map.Gradient).Sum()),
        isNormalized, "it has no matrix outside its feed-forward blocks");
}
