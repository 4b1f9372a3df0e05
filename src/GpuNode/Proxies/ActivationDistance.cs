namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ over the feed-forward activations of Σ over pairs of tokens of one sequence of how many units are active on both or on neither: the
/// width minus the Hamming distance of the tokens' codes; the mean over the sequences. Normalised: the mean of the activations' sums.
/// Mellor et al., "Neural architecture search without training", ICML 2021, with tokens in place of samples as in the code of
/// Serianni and Kalita (ACL 2023, repository aaronserianni/training-free-nas), which looks at the first sequence alone.
/// </summary>
/// <param name="isNormalized">Whether it is the mean.</param>
public sealed class ActivationDistance(bool isNormalized) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => isNormalized ? "activation-distance-normalized" : "activation-distance";

    /// <inheritdoc/>
    public string Measures => "how alike the tokens' patterns of active units are";

    /// <inheritdoc/>
    public string Source => "Mellor et al., ICML 2021; Serianni and Kalita, ACL 2023";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Activations;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => Values.SumOrMean(
        evidence.Layers.SelectMany(layer => layer.Activations).Select(Agreement), isNormalized, "it has no feed-forward activation");

    /// <summary>A unit that is active on n of T tokens agrees on n² + (T - n)² pairs, so no pair is looked at.</summary>
    private static double Agreement(Tensor activation)
    {
        using var scope = NewDisposeScope();
        if (!NetworkEvidence.IsFinite(activation))
        {
            return double.NaN;
        }

        var active = activation.gt(KeptScalar.Zero).sum(1).to(ScalarType.Float64);
        var inactive = active.neg().Plus(activation.shape[1]);
        return NetworkEvidence.Total(active.Squared().Plus(inactive.Squared())) / activation.shape[0];
    }
}
