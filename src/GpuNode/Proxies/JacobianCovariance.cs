namespace LPZero.GpuNode.Proxies;

/// <summary>
/// -Σ (ln(v + k) + 1 / (v + k)) over the eigenvalues v of the matrix of correlations between the gradients of the loss with respect to the
/// units of the states before the first layer, summed over the sequences; k = 1e-5.
/// Mellor et al., "Neural architecture search without training", first version (arXiv 2006.04647v1): jacob_cov. On units and
/// positions as in the code of Serianni and Kalita (ACL 2023, repository aaronserianni/training-free-nas), where it is the "Jacobian
/// score".
/// </summary>
public sealed class JacobianCovariance : IDesignedProxy
{
    private const double Floor = 1e-5;

    /// <inheritdoc/>
    public string Id => "jacobian-covariance";

    /// <inheritdoc/>
    public string Measures => "how little the units of the embedding correlate in what the loss makes of them (jacob_cov)";

    /// <inheritdoc/>
    public string Source => "Mellor et al., arXiv 2006.04647v1; Serianni and Kalita, ACL 2023";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Jacobian;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence)
    {
        var jacobian = JacobianCosine.OfUnits(evidence);
        if (!NetworkEvidence.IsFinite(jacobian))
        {
            return double.NaN;
        }

        var centred = jacobian.sub(jacobian.mean([1], keepdim: true));
        var directions = centred.div(centred.Squared().sum(1, keepdim: true).sqrt());
        var correlations = CheckedCalls.Product(directions, directions.transpose(0, 1));
        if (!double.IsFinite(NetworkEvidence.Total(correlations)))
        {
            return ProxyValue.Undefined("a unit of the embedding has the same gradient on every position");
        }

        // Rounding leaves eigenvalues a little below 0.
        return -Spectrum.Eigenvalues(correlations).Sum(value =>
            Math.Log(Math.Max(0, value) + Floor) + (1 / (Math.Max(0, value) + Floor)));
    }
}
