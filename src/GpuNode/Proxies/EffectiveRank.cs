namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ over the layers of exp(-Σ p ln p), with the singular values of the tokens' output states divided by their sum as p.
/// Roy and Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO 2007.
/// </summary>
public sealed class EffectiveRank : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "effective-rank";

    /// <inheritdoc/>
    public string Measures => "dimensions that the tokens' states fill behind each layer";

    /// <inheritdoc/>
    public string Source => "Roy and Vetterli, EUSIPCO 2007";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Outputs;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.Layers.Sum(layer =>
    {
        var values = Spectrum.SingularValues(layer.Pass.Output.reshape(-1, layer.Pass.Output.shape[2]));
        var sum = values.Sum();
        return Math.Exp(-values.Where(value => value != 0).Sum(value => value / sum * Math.Log(value / sum)));
    });
}
