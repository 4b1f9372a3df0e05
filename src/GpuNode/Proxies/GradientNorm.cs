namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ ‖∂L/∂W‖ over the linear maps, with the Frobenius norm.
/// Abdelfattah et al., "Zero-cost proxies for lightweight NAS", ICLR 2021 (grad_norm).
/// </summary>
public sealed class GradientNorm : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "gradient-norm";

    /// <inheritdoc/>
    public string Measures => "norms of the gradients of the linear maps";

    /// <inheritdoc/>
    public string Source => "Abdelfattah et al., ICLR 2021 (grad_norm)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) =>
        evidence.Maps.Sum(map => Math.Sqrt(map.Sum((_, gradient) => gradient.Squared())));
}
