using System.Collections.Immutable;
using LPZero.Bench.Fixtures;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.Bench.Macro;

/// <summary>All chains of one tensor of a million elements, fused against op by op, which shares prefixes; one thread each.</summary>
internal static class ChainsPhase
{
    private const int Side = 1024;

    public static IEnumerable<Row> Run(int runs)
    {
        TorchThreads.UseOne();
        using var scope = NewDisposeScope();
        using var tensor = MadeUpTensor.Normal(Side, Side);
        ImmutableArray<ImmutableArray<Tensor>> layers = [[tensor]];
        ImmutableArray<Chain> chains = [.. MadeUpBenchmark.LiveChains];
        var fused = new FusedEvaluator();
        var opByOp = new OpByOpEvaluator();
        fused.Evaluate(InputKind.A, layers, chains);
        var ours = Timing.Best(runs, () => fused.Evaluate(InputKind.A, layers, chains));
        var theirs = Timing.Best(Math.Max(1, runs / 2), () => opByOp.Evaluate(InputKind.A, layers, chains));
        yield return new Row(
            "all chains of one 1M-element tensor, one thread", $"{ours:F3} s", $"op by op {theirs:F3} s", $"{theirs / ours:F1} x faster",
            "10 x");
    }
}
