using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using LPZero.Bench.Fixtures;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Micro;

/// <summary>All chains of a weight matrix.</summary>
[MemoryDiagnoser]
public class EvaluatorBenchmarks : IDisposable
{
    private readonly ImmutableArray<Chain> chains = [.. MadeUpBenchmark.LiveChains];
    private readonly FusedEvaluator fused = new();
    private readonly OpByOpEvaluator opByOp = new();
    private Tensor? tensor;

    [Params(256)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        TorchThreads.UseOne();
        tensor = MadeUpTensor.Normal(Rows, 1024);
    }

    [Benchmark]
    public TermBlock Fused() => fused.Evaluate(InputKind.W, [[tensor!]], chains);

    [Benchmark(Baseline = true)]
    public TermBlock OpByOp() => opByOp.Evaluate(InputKind.W, [[tensor!]], chains);

    [GlobalCleanup]
    public void Dispose()
    {
        tensor?.Dispose();
        GC.SuppressFinalize(this);
    }
}
