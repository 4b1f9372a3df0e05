using System.Collections.Immutable;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Fused;

public sealed class FusedEvaluatorTests
{
    private static readonly ImmutableArray<Chain> Chains = ConnectedChains.Of(2);

    [Fact]
    public void An_evaluation_allocates_its_block_and_little_else_whatever_the_tensors_size()
    {
        using var scope = NewDisposeScope();
        var evaluator = new FusedEvaluator();
        var (small, large) = (SampleTensors.Small[1].ToTensor(), SampleTensors.Big.ToTensor());
        Allocated(small);
        Allocated(large);

        // Of each chain a mean and a count, in the block and on their way there.
        var block = 2 * Chains.Length * (sizeof(double) + sizeof(long));
        Assert.InRange(Allocated(small), block, block + 2_000);
        Assert.InRange(Allocated(large), block, block + 2_000);

        long Allocated(Tensor tensor)
        {
            ImmutableArray<ImmutableArray<Tensor>> layers = [[tensor]];
            var before = GC.GetAllocatedBytesForCurrentThread();
            evaluator.Evaluate(InputKind.A, layers, Chains);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
