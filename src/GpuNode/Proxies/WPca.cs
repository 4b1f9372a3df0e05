namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Number of parameters x Σ over the feed-forward activations of how many principal components explain 99 % of the variance of the tokens'
/// activations. Wang, "W-PCA based gradient-free proxy for efficient search of lightweight language models", ICLR 2025;
/// taken behind the activation function, where the paper takes it before.
/// </summary>
public sealed class WPca : IDesignedProxy
{
    private const double Explained = 0.99;

    /// <inheritdoc/>
    public string Id => "w-pca";

    /// <inheritdoc/>
    public string Measures => "parameters times principal components of the feed-forward activations, behind the activation function";

    /// <inheritdoc/>
    public string Source => "Wang, ICLR 2025 (which takes them before the activation function)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Activations;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) =>
        evidence.Structure.TotalParameters is { } parameters
            ? parameters * evidence.Layers.SelectMany(layer => layer.Activations).Sum(Components)
            : ProxyValue.Undefined("its number of parameters is not known");

    private static double Components(Tensor activation)
    {
        using var scope = NewDisposeScope();
        var tokens = activation.reshape(-1, activation.shape[2]).to(ScalarType.Float64);
        var values = Spectrum.SingularValues(tokens.sub(tokens.mean([0], keepdim: true))).Reverse().Select(value => value * value).ToList();
        var (rest, components) = (Explained * values.Sum(), 0);
        if (double.IsNaN(rest))
        {
            return rest;
        }

        while (rest > 0 && components < values.Count)
        {
            rest -= values[components++];
        }

        return components;
    }
}
