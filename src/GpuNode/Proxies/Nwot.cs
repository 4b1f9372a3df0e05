namespace LPZero.GpuNode.Proxies;

/// <summary>
/// ln |det K|, where K_ij is on how many units of the feed-forward activations, on all tokens, the sequences i and j are both active or
/// both not. Mellor et al., "Neural architecture search without training", ICML 2021 (NASWOT), with sequences in place of
/// images.
/// </summary>
public sealed class Nwot : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => "nwot";

    /// <inheritdoc/>
    public string Measures => "how different the sequences' patterns of active units are";

    /// <inheritdoc/>
    public string Source => "Mellor et al., ICML 2021 (NASWOT)";

    /// <inheritdoc/>
    public ProxyNeeds Needs => ProxyNeeds.Activations;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence)
    {
        var activations = evidence.Layers.SelectMany(layer => layer.Activations).ToList();
        if (activations.Count == 0)
        {
            return ProxyValue.Undefined("it has no feed-forward activation");
        }

        if (!activations.All(NetworkEvidence.IsFinite))
        {
            return double.NaN;
        }

        var batch = activations[0].shape[0];
        var kernel = zeros([batch, batch], dtype: ScalarType.Float64);
        foreach (var activation in activations)
        {
            using var scope = NewDisposeScope();

            // Counts, so exact in float32 up to 2^24 units and tokens.
            var active = activation.gt(KeptScalar.Zero).reshape(batch, -1).to(ScalarType.Float32);
            var inactive = active.neg().Plus(1.0);
            var agreement = CheckedCalls.Product(active, active.transpose(0, 1))
                .Plus(CheckedCalls.Product(inactive, inactive.transpose(0, 1)));
            kernel = kernel.Plus(agreement.to(ScalarType.Float64).cpu()).MoveToOuterDisposeScope();
        }

        var logarithm = Spectrum.LogAbsoluteDeterminant(kernel);
        return double.IsFinite(logarithm) ? logarithm : ProxyValue.Undefined("two sequences have the same pattern of active units");
    }
}
