using System.Collections.Immutable;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Macro;

/// <summary>Takes a fixed time for an input, without a processor, and makes its terms up.</summary>
internal sealed class WaitingEvaluator(TimeSpan service) : ITermEvaluator
{
    public string Name => "waiting";

    public long WorkingBytes(long largestTensor) => 0;

    public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains)
    {
        Thread.Sleep(service);
        var values = chains.Length * layers.Sum(layer => layer.Length);
        return new TermBlock(
            input, [.. layers.Select(layer => layer.Length)], chains, new double[values], [.. Enumerable.Repeat(1L, values)]);
    }
}
