namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ |W ⊙ ∂R/∂W| over the linear maps, with absolute weights and the sum R of the output where ones enter the first layer.
/// Tanaka et al., "Pruning neural networks without any data by iteratively conserving synaptic flow", NeurIPS 2020. As
/// Abdelfattah et al. (ICLR 2021) do with batch normalisation, normalisations are left out: behind one, R would be constant. So are the
/// scores of attention, on which nothing depends where all tokens are equal, as they are but behind transforms and convolutions of
/// an encoder; keys and queries count for nothing, queries of a span convolution for what they are to its kernels. So are the gates of
/// SwiGLU, whose activation is then its input map alone: a gate would square the states in each layer; its weights count for nothing. In
/// double, as R grows exponentially with depth.
/// </summary>
public sealed class SynFlow : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "synflow";

    /// <inheritdoc/>
    public string Measures => "flow of ones through absolute weights, without data";

    /// <inheritdoc/>
    public string Source => "Tanaka et al., NeurIPS 2020; Abdelfattah et al., ICLR 2021";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.OtherPass;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.AbsoluteFlow.Products;
}
