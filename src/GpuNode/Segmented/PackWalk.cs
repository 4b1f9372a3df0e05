using System.Runtime.InteropServices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Segmented;

/// <summary>
/// Evaluates chains on concatenated tensors. Results are sums over blocks, which stay on the device until there are many: the host
/// waits for the device once for all of them, not once for each.
/// </summary>
/// <param name="pack">The tensors.</param>
/// <param name="block">Where the means go.</param>
internal sealed class PackWalk(SegmentPack pack, TermBlockBuilder block) : ChainWalk
{
    /// <summary>Bytes that results may take until they are fetched, what fetching them takes included.</summary>
    public const long ResultBytes = 4 * MaximumCells * sizeof(double);

    private const long MaximumCells = 2 * SegmentPlan.MaximumCells;

    private readonly List<(Tensor Sums, Action<Segment, double> Take)> results = [];

    /// <summary>Takes what is still on the device.</summary>
    public void Finish()
    {
        if (results.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var sums = pack.Sum(stack(results.Select(result => result.Sums))).cpu();
        var numbers = MemoryMarshal.Cast<byte, double>(sums.bytes);
        var segments = pack.Plan.Segments;
        for (var r = 0; r < results.Count; r++)
        {
            results[r].Sums.Dispose();
            for (var s = 0; s < segments.Length; s++)
            {
                results[r].Take(segments[s], numbers[(r * segments.Length) + s]);
            }
        }

        results.Clear();
    }

    /// <inheritdoc/>
    protected override Tensor Apply(UnaryOperation operation, Tensor x) => SegmentedOperations.Apply(operation, x, pack);

    /// <inheritdoc/>
    protected override void TakeMean(IReadOnlyList<int> rows, Tensor x) =>
        Add(SegmentedOperations.Sums(x), (segment, sum) => block.SetMean(rows, segment.Column, sum / segment.Count, segment.Count));

    /// <inheritdoc/>
    protected override void TakeNumber(UnaryOperation operation, ChainTree node, Tensor x) =>
        Add(SegmentedOperations.SumsFor(operation, x, pack), (segment, sum) => block.SetNumber(node, SegmentedOperations.Number(operation, sum, segment.Count), segment.Column));

    private void Add(Tensor sums, Action<Segment, double> take)
    {
        if ((results.Count + 1) * pack.Plan.Segments.Length * pack.Plan.BlocksOfLargest > MaximumCells)
        {
            Finish();
        }

        results.Add((sums, take));
    }
}
