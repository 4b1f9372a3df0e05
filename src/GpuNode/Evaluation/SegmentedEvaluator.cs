using System.Collections.Immutable;
using LPZero.GpuNode.Segmented;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Evaluation;

/// <summary>
/// Evaluates chains on all tensors of an input at once, on any device: flattened and concatenated, with reductions by segment, and
/// common prefixes shared. Made for CUDA, where a small kernel takes as long as its launch: launches do not grow with the number of
/// layers and tensors.
/// </summary>
/// <param name="memoryBudget">Bytes that intermediate results may take; a single chain always gets what it takes.</param>
public sealed class SegmentedEvaluator(long memoryBudget = OpByOpEvaluator.DefaultMemoryBudget) : ITermEvaluator
{
    private const long PackBytes = SegmentPlan.MaximumElements * sizeof(float);

    // The concatenation, and results that wait on the device.
    private const long FixedBytes = PackBytes + PackWalk.ResultBytes;

    /// <inheritdoc/>
    public string Name => "segmented 1";

    /// <inheritdoc/>
    public long WorkingBytes(long largestTensor)
    {
        var largest = Math.Max(PackBytes, largestTensor);
        return Math.Clamp(memoryBudget, FixedBytes + (ChainWalk.SingleChainFactor * largest), FixedBytes + ((ChainWalk.SingleChainFactor + Chain.MaximumLength) * largest));
    }

    /// <inheritdoc/>
    public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains)
    {
        var tree = ChainTree.Of(chains);
        var block = new TermBlockBuilder(input, layers, chains);
        using var scope = NewDisposeScope();
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
            using var pack = new SegmentPack(plan, block.Tensors);
            var walk = new PackWalk(pack, block);
            walk.Run(tree, pack.Elements, ChainWalk.KeptValues(memoryBudget - FixedBytes, pack.Elements.numel() * pack.Elements.element_size()));
            walk.Finish();
        }

        return block.ToBlock();
    }
}
