using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Choosing;

/// <summary>Ranks architectures by one proxy or by the rank sum of several.</summary>
/// <param name="Proxies">The proxies, each with its layer reduction.</param>
/// <param name="StructureFirst">Whether layers, then hidden size, come before the proxies.</param>
public sealed record Predictor(ImmutableArray<CanonicalProxy> Proxies, bool StructureFirst)
{
    /// <summary>The rank of an architecture's structure: by layers, then by hidden size.</summary>
    public static int StratumOf(Architecture architecture) =>
        (architecture.Genotype.LayerCount << 20) + architecture.Genotype.HiddenSize;

    /// <summary>A score for each architecture of the set, higher is better.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="table">The proxies' terms on the set's networks.</param>
    public double[] Score(ArchitectureSet set, TermTable table)
    {
        var total = new double[set.Architectures.Length];
        foreach (var proxy in Proxies)
        {
            var ranks = Rank(proxy, StructureFirst, set, table);
            for (var i = 0; i < total.Length; i++)
            {
                total[i] += ranks[i];
            }
        }

        return total;
    }

    /// <summary>
    /// The centred ranks of the architectures by a proxy, or by structure and then the proxy; a score that is not a number ranks lowest.
    /// </summary>
    /// <param name="proxy">The proxy, with its layer reduction.</param>
    /// <param name="structureFirst">Whether layers and hidden size come first.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="table">The proxy's terms on the set's networks.</param>
    public static long[] Rank(CanonicalProxy proxy, bool structureFirst, ArchitectureSet set, TermTable table)
    {
        var byNetwork = new double[set.Networks.Length];
        ProxyScores.Compute(table, proxy, LayerReduction.Sum, byNetwork);
        var ranks = new long[set.Architectures.Length];
        long below = 0;
        foreach (var stratum in Enumerable.Range(0, ranks.Length).GroupBy(i => structureFirst ? StratumOf(set.Architectures[i]) : 0)
            .OrderBy(group => group.Key))
        {
            int[] members = [.. stratum];
            double[] scores =
            [
                .. members.Select(i => byNetwork[set.NetworkOf[i]]).Select(score => double.IsNaN(score) ? double.NegativeInfinity : score),
            ];
            var own = new long[members.Length];
            Ranks.TryCentre(scores, own);
            for (var i = 0; i < members.Length; i++)
            {
                ranks[members[i]] = own[i] + below - (ranks.Length - below - members.Length);
            }

            below += members.Length;
        }

        return ranks;
    }

    /// <summary>The predictor as an expression for reports.</summary>
    public override string ToString()
    {
        var proxies = Proxies.Length == 1 ? Proxies[0].ToString() : $"rank sum of {string.Join(" and ", Proxies)}";
        return StructureFirst ? $"layers, then hidden size, then {proxies}" : proxies;
    }
}
