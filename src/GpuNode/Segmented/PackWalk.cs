using System.Runtime.InteropServices;
using LPZero.GpuNode.Chains;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Segmented;

/// <summary>
/// Evaluates chains on concatenated tensors. Results are sums over blocks, which stay on the device until there are many: the host waits
/// for the device once for all of them, not once for each, and adds up the blocks of each tensor in their order.
/// </summary>
/// <param name="pack">The tensors.</param>
/// <param name="block">Where the means go.</param>
internal sealed class PackWalk(SegmentPack pack, TermBlockBuilder block) : ChainWalk
{
    /// <summary>Numbers that wait on the device at most.</summary>
    public const int MaximumNumbers = 1 << 18;

    // A CUDA allocation is never smaller: 512 bytes.
    private const int LeastNumbers = 64;

    private readonly List<(Tensor Sums, Action<Segment, double> Take)> results = [];

    /// <summary>Takes what is still on the device.</summary>
    public void Finish()
    {
        if (results.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var sums = stack(results.Select(result => result.Sums)).cpu();
        var numbers = MemoryMarshal.Cast<byte, double>(sums.bytes);
        foreach (var (result, take) in results)
        {
            result.Dispose();
            foreach (var segment in pack.Plan.Segments)
            {
                var sum = 0.0;
                var blocks = (int)(segment.Count / pack.Plan.BlockSize);
                foreach (var number in numbers[..blocks])
                {
                    sum += number;
                }

                numbers = numbers[blocks..];
                take(segment, sum);
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
        Add(SegmentedOperations.SumsFor(operation, x, pack),
            (segment, sum) => block.SetNumber(node, SegmentedOperations.Number(operation, sum, segment.Count), segment.Column));

    private void Add(Tensor sums, Action<Segment, double> take)
    {
        if ((results.Count + 1) * Math.Max(pack.Plan.Blocks, LeastNumbers) > MaximumNumbers)
        {
            Finish();
        }

        results.Add((sums, take));
    }
}
