using System.Collections.Immutable;
using LPZero.Bench.Fixtures;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.Bench.Macro;

/// <summary>
/// All chains of many small tensors, concatenated against one by one; one thread each. On the CPU a library call on a few thousand elements
/// takes longer than its arithmetic, as the launch of a small kernel does on a GPU.
/// </summary>
internal static class SmallTensorsPhase
{
    private const int Tensors = 96;
    private const int Side = 32;

    public static IEnumerable<Row> Run(int runs)
    {
        TorchThreads.UseOne();
        using var scope = NewDisposeScope();
        ImmutableArray<ImmutableArray<Tensor>> layers =
        [
            [.. Enumerable.Range(0, Tensors).Select(i => MadeUpTensor.Normal(i % 4 == 0 ? 4 * Side : Side, Side))],
        ];
        ImmutableArray<Chain> chains = [.. MadeUpBenchmark.LiveChains];
        var segmented = new SegmentedEvaluator();
        var opByOp = new OpByOpEvaluator();
        var (fewCalls, manyCalls) = (Calls(segmented), Calls(opByOp));
        var ours = Timing.Best(runs, () => segmented.Evaluate(InputKind.A, layers, chains));
        var theirs = Timing.Best(Math.Max(1, runs / 2), () => opByOp.Evaluate(InputKind.A, layers, chains));
        yield return new Row(
            $"all chains of {Tensors} tensors of {Side * Side:N0} and {4 * Side * Side:N0} elements, segmented, one thread",
            $"{ours:F3} s, {fewCalls:N0} tensors made", $"op by op {theirs:F3} s, {manyCalls:N0} tensors made",
            $"{theirs / ours:F1} x faster", "");

        // Most calls of the library make a tensor, and each of those is a kernel or a view.
        long Calls(ITermEvaluator evaluator)
        {
            var before = Made();
            evaluator.Evaluate(InputKind.A, layers, chains);
            return Made() - before;
        }
    }

    private static long Made() =>
        DisposeScopeManager.Statistics.CreatedInScopeCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
}
