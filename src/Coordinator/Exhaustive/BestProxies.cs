using System.Collections.Immutable;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>The best of the proxies that were offered, best first.</summary>
/// <param name="capacity">How many are kept.</param>
public sealed class BestProxies(int capacity)
{
    private readonly List<RankedProxy> best = new(capacity + 1);

    /// <summary>Those that are kept.</summary>
    public ImmutableArray<RankedProxy> ToImmutable() => [.. best];

    /// <summary>Whether a proxy of this rho could be kept.</summary>
    public bool Admits(double rho) => best.Count < capacity || rho >= best[^1].Rho;

    /// <summary>Keeps the proxy if it is one of the best.</summary>
    public void Offer(RankedProxy proxy)
    {
        if (best.Count == capacity && (capacity == 0 || proxy >= best[^1]))
        {
            return;
        }

        var place = best.BinarySearch(proxy);
        if (place >= 0)
        {
            return;
        }

        best.Insert(~place, proxy);
        if (best.Count > capacity)
        {
            best.RemoveAt(capacity);
        }
    }
}
