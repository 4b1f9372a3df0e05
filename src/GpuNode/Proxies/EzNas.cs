namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ over the matrices of |sigmoid(ln |det(S Sᵀ)|)|, with the signs S of their gradients. A matrix with more rows than columns has a
/// singular product and counts 0, most others 1. The formula that Akhauri et al. ("EZNAS: evolving zero-cost proxies for neural
/// architecture scoring", NeurIPS 2022) found, as LPZero's code (repository pprp/LPZero) applies it to language models.
/// </summary>
public sealed class EzNas : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "eznas";

    /// <inheritdoc/>
    public string Measures => "whether the signs of the gradients' rows are independent";

    /// <inheritdoc/>
    public string Source => "Akhauri et al., NeurIPS 2022; Dong et al., arXiv 2410.04808 (code)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Maps | ProxyNeeds.WeightGradients;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.Maps.Where(map => map.IsMatrix).Sum(map => Of(map.Gradient));

    private static double Of(Tensor gradient)
    {
        if (!NetworkEvidence.IsFinite(gradient))
        {
            return double.NaN;
        }

        if (gradient.shape[0] > gradient.shape[1])
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        var signs = gradient.sign();
        return 1 / (1 + Math.Exp(-Spectrum.LogAbsoluteDeterminant(CheckedCalls.Product(signs, signs.transpose(0, 1)))));
    }
}
