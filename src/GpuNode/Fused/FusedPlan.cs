using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// How a set of chains is evaluated on a float32 tensor in cache-sized tiles, without temporaries of the tensor's size.
/// Made once for a set of chains; immutable, so that threads may share it, each with its own <see cref="FusedScratch"/>.
/// </summary>
/// <remarks>
/// <para>The chains form a tree by their common beginnings. Each pass over the tensor computes, tile by tile, the elements of
/// every node that has followers, and adds up what its last operations give. Most last operations cost nothing: their
/// mean follows from the statistics of what they are applied to. A further pass is needed only behind a normalize
/// or min_max, whose parameters are statistics of a whole tensor; a softmax along dimension 0 needs those of its columns
/// alone, so tiles are walked panel of columns by panel of columns.</para>
/// <para>Element operations are float32. Sums and statistics are double; normalize and min_max round them to float32
/// before they meet an element (a mean to two float32). A number that a chain has reduced its tensor to stays double. The order of
/// additions depends on the tensor's shape alone.</para>
/// </remarks>
public sealed class FusedPlan
{
    private readonly int[] nodeOfChain;

    private FusedPlan(ImmutableArray<Chain> chains)
    {
        Chains = chains;
        nodeOfChain = new int[chains.Length];
        var nodes = new List<PlanNode> { new(0, UnaryOperation.NoOp, null) };
        for (var i = 0; i < chains.Length; i++)
        {
            if (chains[i].Factor is not null)
            {
                throw new ArgumentException($"'{chains[i]}' is a product of two chains.", nameof(chains));
            }

            var node = nodes[0];
            foreach (var operation in chains[i])
            {
                if (operation == UnaryOperation.Disconnect)
                {
                    throw new ArgumentException($"Chain '{chains[i]}' is disconnected: it has no value to evaluate.", nameof(chains));
                }

                node = operation == UnaryOperation.NoOp ? node : node.Following(operation, nodes);
            }

            node.Want();
            nodeOfChain[i] = node.Index;
        }

        Nodes = [.. nodes];
        var columnStatistics = 0;
        var columnSums = 0;
        foreach (var node in Nodes.Where(n => n.IsByColumn))
        {
            var parent = node.Parent!;
            if (parent.ColumnStatisticsSlot < 0)
            {
                parent.ColumnStatisticsSlot = columnStatistics++;
            }

            if (node is { Operation: UnaryOperation.LogSoftmax, IsWanted: true })
            {
                parent.ColumnSumsSlot = columnSums++;
            }
        }

        ColumnStatisticsSlots = columnStatistics;
        ColumnSumsSlots = columnSums;
        Depths = 1 + Nodes.Where(n => n.Source != MeanSource.Scalar).Max(n => n.Depth);
        var stages = 1 + Nodes.Where(n => n.HasElements).Max(n => n.Stage);
        Passes = [.. Enumerable.Range(0, stages).Select(stage => new FusedPass(Nodes, stage))];
    }

    /// <summary>
    /// What the numbers depend on besides the tensor, for the key under which they are cached: this evaluator's version, and whether
    /// the processor multiplies and adds with one rounding.
    /// </summary>
    public static string NumericProfile { get; } =
        $"fused 3{(Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? " fma" : "")}" +
        $"{(Vector256.IsHardwareAccelerated ? "" : " narrow")}";

    /// <summary>The chains, in the order in which results are written.</summary>
    public ImmutableArray<Chain> Chains { get; }

    /// <summary>The nodes of the tree, a parent before its children; the first is the tensor itself.</summary>
    internal ImmutableArray<PlanNode> Nodes { get; }

    /// <summary>The passes over the tensor.</summary>
    internal ImmutableArray<FusedPass> Passes { get; }

    /// <summary>The number of tile buffers that a path down the tree needs.</summary>
    internal int Depths { get; }

    /// <summary>The number of nodes of which a softmax is taken.</summary>
    internal int ColumnStatisticsSlots { get; }

    /// <summary>The number of nodes of whose log_softmax the mean is wanted.</summary>
    internal int ColumnSumsSlots { get; }

    /// <summary>The plan for the given chains, of any length and in any order.</summary>
    /// <exception cref="ArgumentException">A chain holds <see cref="UnaryOperation.Disconnect"/>, or has a factor.</exception>
    public static FusedPlan For(ImmutableArray<Chain> chains) => new(chains);

    /// <summary>The mean of each chain's result on one tensor.</summary>
    /// <param name="data">The tensor's elements, row-major.</param>
    /// <param name="rows">The size of its dimension 0; 1 for a tensor without dimensions.</param>
    /// <param name="means">Receives the mean of each chain's result.</param>
    /// <param name="counts">Receives the number of elements of each chain's result: those of the tensor, or 1 for a number.</param>
    /// <param name="scratch">Working memory, of one thread at a time.</param>
    /// <exception cref="ArgumentException">The tensor is empty, its rows do not divide it, or a result has no place for
    /// every chain.</exception>
    public void Evaluate(ReadOnlySpan<float> data, int rows, Span<double> means, Span<long> counts, FusedScratch scratch)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException("An empty tensor has no mean.", nameof(data));
        }

        if (rows < 1 || data.Length % rows != 0)
        {
            throw new ArgumentException($"{data.Length} elements are not {rows} equal rows.", nameof(rows));
        }

        if (means.Length != Chains.Length || counts.Length != Chains.Length)
        {
            throw new ArgumentException(
                $"{Chains.Length} chains need as many means and counts, not {means.Length} and {counts.Length}.", nameof(means));
        }

        new TensorEvaluation(this, data, rows, scratch).Run();
        for (var i = 0; i < nodeOfChain.Length; i++)
        {
            means[i] = scratch.Values[nodeOfChain[i]];
            counts[i] = Nodes[nodeOfChain[i]].Source == MeanSource.Scalar ? 1 : data.Length;
        }
    }
}
