using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Scoring;

/// <summary>
/// The scores of a proxy from its branches' terms: score(network) = R over its layers of g(left, right).
/// </summary>
public static class ProxyScores
{
    /// <summary>One score for each network of the table.</summary>
    /// <param name="table">Holds the terms of the proxy's branches on every network.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="reduction">The run's layer reduction, for a proxy that has none of its own.</param>
    /// <param name="scores">Receives the scores; as long as the table has networks.</param>
    public static void Compute(TermTable table, CanonicalProxy proxy, LayerReduction reduction, Span<double> scores)
    {
        var (first, second) = proxy.Factors == Factors.Tensors
            ? (TensorProduct.Of(proxy.Left, proxy.Right!), null)
            : (proxy.Left, proxy.Right);
        for (var network = 0; network < scores.Length; network++)
        {
            var left = table.LayerValues(first, network);
            var right = second is null ? left : table.LayerValues(second, network);
            scores[network] = Reduce(proxy, left, right, proxy.LayerReduction ?? reduction);
        }
    }

    /// <summary>One score for each architecture of a set.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="table">Holds the terms of the proxy's branches on every network of the set.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="reduction">The run's layer reduction, for a proxy that has none of its own.</param>
    public static double[] Of(ArchitectureSet set, TermTable table, CanonicalProxy proxy, LayerReduction reduction)
    {
        var byNetwork = new double[set.Networks.Length];
        Compute(table, proxy, reduction, byNetwork);
        return [.. set.NetworkOf.Select(network => byNetwork[network])];
    }

    private static double Reduce(CanonicalProxy proxy, ReadOnlySpan<double> left, ReadOnlySpan<double> right, LayerReduction reduction)
    {
        var (first, end) = reduction switch
        {
            LayerReduction.AllButLast => (0, left.Length - 1),
            LayerReduction.Last => (left.Length - 1, left.Length),
            _ => (0, left.Length),
        };
        var sum = 0.0;
        for (var layer = first; layer < end; layer++)
        {
            sum += proxy.Combine(left[layer], right[layer]);
        }

        return reduction == LayerReduction.Mean ? sum / left.Length : sum;
    }
}
