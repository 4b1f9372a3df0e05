using System.Collections.Immutable;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Proxies;

/// <summary>Scores one network with proxies that share its passes.</summary>
public static class ProxyScoring
{
    /// <summary>What each proxy says of the network, in the order of the proxies.</summary>
    /// <param name="evidence">What the network shows, at least all that they need.</param>
    /// <param name="proxies">The proxies.</param>
    public static ImmutableArray<ProxyScore> Of(NetworkEvidence evidence, IEnumerable<IDesignedProxy> proxies) =>
        [.. proxies.Select(proxy => Of(evidence, proxy))];

    private static ProxyScore Of(NetworkEvidence evidence, IDesignedProxy proxy)
    {
        using var scope = NewDisposeScope();
        using var guard = enable_grad();
        var (value, seconds) = evidence.Time(
            proxy.Needs, () => evidence.FindMissing(proxy.Needs) is { } missing ? ProxyValue.Undefined(missing) : proxy.Score(evidence));
        return new ProxyScore(proxy.Id, value.Number, seconds, value.Reason);
    }
}
