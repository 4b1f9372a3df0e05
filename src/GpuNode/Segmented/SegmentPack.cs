using System.Collections.Immutable;

namespace LPZero.GpuNode.Segmented;

/// <summary>
/// Several tensors, concatenated on their device, and what it takes to reduce each of them on its own, with as many calls as one tensor
/// takes and a few more. Nothing is added atomically, and the shapes that are reduced do not depend on what else is computed.
/// </summary>
internal sealed class SegmentPack
{
    private readonly Tensor counts;
    private readonly Tensor countsLessOne;

    // Absent where every tensor is one block.
    private readonly Tensor? segmentOfBlock;
    private readonly Tensor? blocksOfSegment;
    private readonly Tensor? isPadding;

    /// <summary>Concatenates the plan's tensors; a single one is viewed, not copied. What is made belongs to the dispose scope.</summary>
    /// <param name="plan">Which tensors.</param>
    /// <param name="tensors">All tensors, by column; contiguous, of one element type and device.</param>
    public SegmentPack(SegmentPlan plan, ImmutableArray<Tensor> tensors)
    {
        Plan = plan;
        var flat = plan.Segments.Select(segment => tensors[segment.Column].view(-1)).ToList();
        Elements = (flat.Count == 1 ? flat[0] : cat(flat)).view(plan.Blocks, plan.BlockSize);
        var sizes = plan.Segments.Select(segment => (double)segment.Count).ToArray();
        counts = tensor(sizes, device: Elements.device);
        countsLessOne = tensor(Array.ConvertAll(sizes, size => size - 1), device: Elements.device);
        if (plan.IsUniform)
        {
            return;
        }

        var owners = new long[plan.Blocks];
        var blocks = new long[plan.Segments.Length * plan.BlocksOfLargest];
        var padding = new bool[blocks.Length];
        var first = 0L;
        for (var s = 0; s < plan.Segments.Length; s++)
        {
            var own = plan.Segments[s].Count / plan.BlockSize;
            for (var b = 0L; b < plan.BlocksOfLargest; b++)
            {
                // Padded with its own last block, which changes neither a minimum nor a maximum.
                var cell = (s * plan.BlocksOfLargest) + b;
                blocks[cell] = first + Math.Min(b, own - 1);
                padding[cell] = b >= own;
            }

            owners.AsSpan((int)first, (int)own).Fill(s);
            first += own;
        }

        segmentOfBlock = tensor(owners, device: Elements.device);
        blocksOfSegment = tensor(blocks, device: Elements.device);
        isPadding = tensor(padding, [plan.Segments.Length, plan.BlocksOfLargest], device: Elements.device);
    }

    /// <summary>What is packed, and how.</summary>
    public SegmentPlan Plan { get; }

    /// <summary>The elements, blocks x block size.</summary>
    public Tensor Elements { get; }

    /// <summary>The sum over each tensor's blocks: [blocks] to [tensors].</summary>
    public Tensor Sum(Tensor ofBlocks) => Plan.IsUniform ? ofBlocks : Gathered(ofBlocks).masked_fill(isPadding!, KeptScalar.Zero).sum(1);

    /// <summary>The smallest of each tensor's blocks: [blocks] to [tensors]; NaN where there is one.</summary>
    public Tensor Minimum(Tensor ofBlocks) => Plan.IsUniform ? ofBlocks : Gathered(ofBlocks).amin([1]);

    /// <summary>The largest of each tensor's blocks: [blocks] to [tensors]; NaN where there is one.</summary>
    public Tensor Maximum(Tensor ofBlocks) => Plan.IsUniform ? ofBlocks : Gathered(ofBlocks).amax([1]);

    /// <summary>A number of each tensor for each of its blocks: [tensors] to [blocks, 1], which fits the elements.</summary>
    public Tensor Spread(Tensor ofTensors) => (Plan.IsUniform ? ofTensors : ofTensors.index_select(0, segmentOfBlock!)).unsqueeze(-1);

    /// <summary>Sums to means: [tensors].</summary>
    public Tensor Mean(Tensor sums) => sums / counts;

    /// <summary>Sums of squared deviations to standard deviations over n - 1, NaN for a single element: [tensors].</summary>
    public Tensor StandardDeviation(Tensor sums) => (sums / countsLessOne).sqrt();

    private Tensor Gathered(Tensor ofBlocks) => ofBlocks.index_select(0, blocksOfSegment!).view(Plan.Segments.Length, Plan.BlocksOfLargest);
}
