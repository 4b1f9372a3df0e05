namespace LPZero.GpuNode.Proxies;

/// <summary>
/// ln of the mean over the sequences of ‖f(x) - f(x + noise)‖, the last layer's output where normal noise, 1 % as large as the embedded
/// mini-batch, is added to it. Lin et al., "Zen-NAS: a zero-shot NAS for high-performance image recognition", ICCV 2021,
/// without its correction for batch normalisation, which these networks do not have.
/// </summary>
public sealed class ZenNas : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "zennas";

    /// <inheritdoc/>
    public string Measures => "how far a little noise moves the output";

    /// <inheritdoc/>
    public string Source => "Lin et al., ICCV 2021";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Outputs | ProxyNeeds.OtherPass;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence)
    {
        var moved = evidence.PerturbedOutput.sub(evidence.Layers[^1].Pass.Output).to(ScalarType.Float64);
        return Math.Log(NetworkEvidence.Total(moved.Squared().sum([1, 2]).sqrt()) / moved.shape[0]);
    }
}
