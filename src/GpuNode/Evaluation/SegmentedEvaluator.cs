using System.Collections.Immutable;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Segmented;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Evaluation;

/// <summary>
/// Evaluates chains on all tensors of an input at once, on any device: flattened and concatenated, with reductions by segment, and
/// common prefixes shared. Made for CUDA, where a small kernel takes as long as its launch: an operation is launched once for a
/// concatenation, not once for each layer and tensor.
/// </summary>
/// <param name="memoryBudget">Bytes that intermediate results may take; a single chain always gets what it takes.</param>
public sealed class SegmentedEvaluator(long memoryBudget = OpByOpEvaluator.DefaultMemoryBudget) : ITermEvaluator
{
    /// <summary>
    /// What is held beside the chains' own results: the concatenation, and what waits on the device, while it is fetched too.
    /// </summary>
    internal const long FixedBytes = PackBytes + (3L * PackWalk.MaximumNumbers * sizeof(double)) + IndexBytes;

    private const long PackBytes = SegmentPlan.MaximumElements * sizeof(float);

    // Of a block its tensor, of a tensor its blocks and which of them are padding; and a gathered and a masked number of each.
    private const long IndexBytes = SegmentPlan.MaximumCells * ((4 * sizeof(long)) + sizeof(bool));

    /// <inheritdoc/>
    public string Name => "segmented 2";

    /// <inheritdoc/>
    public long WorkingBytes(long largestTensor) =>
        FixedBytes + ChainWalk.WorkingBytes(memoryBudget - FixedBytes, Math.Max(PackBytes, largestTensor));

    /// <inheritdoc/>
    public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains)
    {
        var tree = ChainTree.Of(chains);
        var block = new TermBlockBuilder(input, layers, chains);
        using var guard = no_grad();
        var segments = new List<Segment>(block.Tensors.Length);
        foreach (var (column, tensor) in block.Tensors.Index())
        {
            if (tensor.dim() == 0)
            {
                block.SetNumber(tree, OpByOpOperations.Number(tensor), column);
            }
            else
            {
                segments.Add(new Segment(column, tensor.numel(), tensor.size(0)));
            }
        }

        foreach (var plan in SegmentPlan.Pack(segments))
        {
            using var planScope = NewDisposeScope();
            var pack = new SegmentPack(plan, block.Tensors);
            var walk = new PackWalk(pack, block);
            walk.Run(
                tree, pack.Elements, ChainWalk.KeptValues(memoryBudget - FixedBytes, pack.Elements.numel() * pack.Elements.element_size()));
            walk.Finish();
        }

        return block.ToBlock();
    }
}
