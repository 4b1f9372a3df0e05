using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Fused;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Evaluation;

/// <summary>
/// Evaluates all chains in one walk over the elements of a tensor on the CPU, without copies of the tensor. Belongs to one thread.
/// </summary>
public sealed class FusedEvaluator : ITermEvaluator
{
    // Tile buffers and sums, whatever the tensors' sizes.
    private const long ScratchBytes = 16 << 20;

    private readonly FusedScratch scratch = new();
    private FusedPlan plan = FusedPlan.For([]);

    /// <inheritdoc/>
    public string Name => FusedPlan.NumericProfile;

    /// <inheritdoc/>
    public long WorkingBytes(long largestTensor) => ScratchBytes;

    /// <inheritdoc/>
    public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains)
    {
        // The same chains are wanted of one architecture after another.
        if (!plan.Chains.AsSpan().SequenceEqual(chains.AsSpan()))
        {
            plan = FusedPlan.For(chains);
        }

        var block = new TermBlockBuilder(input, layers, chains);
        Span<double> means = new double[chains.Length];
        Span<long> counts = new long[chains.Length];
        for (var column = 0; column < block.Tensors.Length; column++)
        {
            var tensor = block.Tensors[column];
            var rows = tensor.dim() == 0 ? 1 : (int)tensor.shape[0];
            plan.Evaluate(MemoryMarshal.Cast<byte, float>(tensor.bytes), rows, means, counts, scratch);
            for (var row = 0; row < chains.Length; row++)
            {
                block.Set(row, column, means[row], counts[row]);
            }
        }

        return block.ToBlock();
    }
}
