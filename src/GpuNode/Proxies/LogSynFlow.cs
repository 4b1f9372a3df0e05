namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ W ln(|∂R/∂W| + 1) over the linear maps, with weights and R as SynFlow has them: without normalisations, scores of
/// attention and gates.
/// Cavagnero et al., "FreeREA: training-free evolution-based architecture search", WACV 2023.
/// </summary>
public sealed class LogSynFlow : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "logsynflow";

    /// <inheritdoc/>
    public string Measures => "SynFlow with the logarithm of its gradients";

    /// <inheritdoc/>
    public string Source => "Cavagnero et al., WACV 2023";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.OtherPass;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.AbsoluteFlow.Logarithms;
}
