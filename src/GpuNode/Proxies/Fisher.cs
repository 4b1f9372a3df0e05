namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ over the units of the feed-forward activations a of 1/(2 B) Σ over the B sequences of (Σ over its tokens of a ∂L/∂a)².
/// Theis et al., "Faster gaze prediction with dense networks and Fisher pruning", arXiv 1801.05787, summed over units as by
/// Turner et al. ("BlockSwap", ICLR 2020); tokens take the place of an image's pixels.
/// </summary>
public sealed class Fisher : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "fisher";

    /// <inheritdoc/>
    public string Measures => "how much the loss would change without each unit of the feed-forward activations";

    /// <inheritdoc/>
    public string Source => "Theis et al., arXiv 1801.05787; Turner et al., ICLR 2020";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Activations | ProxyNeeds.ActivationGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.Layers.Sum(layer => layer.Activations.Zip(layer.Pass.ActivationGradients)
        .Sum(pair => NetworkEvidence.Total((pair.First * pair.Second).sum(1, type: ScalarType.Float64).Squared())
            / (2 * pair.First.shape[0])));
}
