using System.Runtime.Intrinsics;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// The numbers of branches on the layers that a layer reduction uses, as [branch, layer, lane] with 0 where a network has no such
/// layer: adding 0 changes no score.
/// </summary>
internal sealed class BranchValues
{
    private readonly bool[] isFinite;
    private readonly int[] layersOf;

    public BranchValues(RankedSet ranked, TermTable table, IReadOnlyList<Branch> branches, LayerReduction reduction)
    {
        var set = ranked.Set;
        Layers = Math.Max(1, set.Networks.Max(network => Used(network.LayerCount, reduction).Count));
        Lanes = ranked.Lanes;
        Values = new double[branches.Count * Layers * Lanes];
        Divisors = reduction == LayerReduction.Mean ? new double[Lanes] : null;
        isFinite = new bool[branches.Count];
        layersOf = new int[Lanes / Vector256<double>.Count];
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (ranked.ArchitectureOf[lane] is var architecture and >= 0)
            {
                ref var layers = ref layersOf[lane / Vector256<double>.Count];
                layers = Math.Max(layers, Used(set.Networks[set.NetworkOf[architecture]].LayerCount, reduction).Count);
            }
        }

        for (var branch = 0; branch < branches.Count; branch++)
        {
            isFinite[branch] = true;
            for (var lane = 0; lane < Lanes; lane++)
            {
                if (ranked.ArchitectureOf[lane] < 0)
                {
                    continue;
                }

                var all = table.LayerValues(branches[branch], set.NetworkOf[ranked.ArchitectureOf[lane]]);
                var (first, count) = Used(all.Length, reduction);
                for (var layer = 0; layer < count; layer++)
                {
                    var value = all[first + layer];
                    Values[Row(branch) + (layer * Lanes) + lane] = value;
                    isFinite[branch] &= double.IsFinite(value);
                }
            }
        }

        if (Divisors is not null)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var architecture = ranked.ArchitectureOf[lane];
                Divisors[lane] = architecture < 0 ? 1 : set.Networks[set.NetworkOf[architecture]].LayerCount;
            }
        }
    }

    /// <summary>[branch, layer, lane]</summary>
    public double[] Values { get; }

    /// <summary>Layers of each branch.</summary>
    public int Layers { get; }

    /// <summary>For each four lanes, how many layers the deepest of their networks has: the rest is 0.</summary>
    public ReadOnlySpan<int> LayersOf => layersOf;

    /// <summary>Lanes of each layer.</summary>
    public int Lanes { get; }

    /// <summary>What the sum over the layers of each lane is divided by, if it is.</summary>
    public double[]? Divisors { get; }

    /// <summary>Where the numbers of a branch begin.</summary>
    public int Row(int branch) => branch * Layers * Lanes;

    /// <summary>Whether all numbers of the branch are finite; where one is not, no proxy of the branch has a finite score.</summary>
    public bool IsFinite(int branch) => isFinite[branch];

    private static (int First, int Count) Used(int layers, LayerReduction reduction) => reduction switch
    {
        LayerReduction.AllButLast => (0, layers - 1),
        LayerReduction.Last => (layers - 1, 1),
        _ => (0, layers),
    };
}
