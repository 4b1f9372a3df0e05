namespace LPZero.GpuNode.Proxies;

/// <summary>
/// 1 - (Σ |c_ij|^(1/20) / 2) / (N² - N), with the cosines c_ij between N different vectors: the gradients of the loss with respect to
/// the states before the first layer, summed over the sequences, one vector for each hidden unit with an element for each position.
/// Serianni and Kalita, ACL 2023, in the form of its code (repository aaronserianni/training-free-nas), which takes the
/// gradients of the embedding of positions; the factor of one half is the code's.
/// </summary>
public sealed class JacobianCosine : IDesignedProxy
{
    private const double Root = 1.0 / 20;

    /// <inheritdoc/>
    public string Id => "jacobian-cosine";

    /// <inheritdoc/>
    public string Measures => "how differently the loss depends on the units of the embedding";

    /// <inheritdoc/>
    public string Source => "Serianni and Kalita, ACL 2023 (Jacobian cosine)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Jacobian;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence)
    {
        var jacobian = OfUnits(evidence);
        var units = jacobian.shape[0];
        if (units < 2)
        {
            return ProxyValue.Undefined("the hidden states have a single unit");
        }

        var directions = jacobian.div(jacobian.Squared().sum(1, keepdim: true).sqrt());
        var cosines = CheckedCalls.Product(directions, directions.transpose(0, 1));

        // Less the identity a unit with itself would leave 1e-16 of rounding, whose twentieth root is 0.16.
        var others = cosines.mul(eye(units, dtype: ScalarType.Float64, device: cosines.device).neg().Plus(1.0)).abs();
        var roots = KeptScalar.Use(Root, root => others.pow(root));
        return 1 - (NetworkEvidence.Total(roots) / 2 / ((units * units) - units));
    }

    /// <summary>The gradients before the first layer, summed over the sequences: [hidden, T], in double.</summary>
    internal static Tensor OfUnits(NetworkEvidence evidence) =>
        evidence.Layers[0].InputGradient.to(ScalarType.Float64).sum([0]).transpose(0, 1);
}
