namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Σ ‖W‖* over the matrices of attention, of the feed-forward blocks, or half of each sum: a statistic of the weights' singular values by
/// module and their balance. Chen et al., "ZeroLM: data-free Transformer architecture search for language models", arXiv 2503.18646, as far
/// as its abstract and summaries say it: which statistic is meant is not spelled out there, and the balance α is fitted to a benchmark.
/// </summary>
/// <param name="attention">The weight of attention in the balance, 1 for it alone and 0 for the feed-forward blocks alone.</param>
public sealed class ZeroLm(double attention) : IDesignedProxy
{
    /// <inheritdoc/>
    public string Id => attention switch
    {
        1 => "zerolm-attention",
        0 => "zerolm-feed-forward",
        _ => "zerolm",
    };

    /// <inheritdoc/>
    public string Measures => attention switch
    {
        1 => "nuclear norms of attention's weights",
        0 => "nuclear norms of the feed-forward blocks' weights",
        _ => "nuclear norms of attention's and the feed-forward blocks' weights, in balance",
    };

    /// <inheritdoc/>
    public string Source => "Chen et al., arXiv 2503.18646 (in part)";

    /// <summary>The weights of the linear maps, and so no pass; in balance it does not matter which block a matrix belongs to.</summary>
    public ProxyNeeds Needs => attention is 0 or 1 ? ProxyNeeds.Maps | ProxyNeeds.Blocks : ProxyNeeds.Maps;

    /// <inheritdoc/>
    public ProxyValue Score(NetworkEvidence evidence) => evidence.Maps.Where(map => map.IsMatrix)
        .Select(map => (Weight: map.Shape.IsFeedForward ? 1 - attention : attention, map))
        .Where(part => part.Weight > 0).Sum(part => part.Weight * part.map.NuclearNorm);
}
