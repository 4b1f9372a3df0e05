using System.Collections.Immutable;
using System.Diagnostics;
using LPZero.Bench.Fixtures;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Macro;

/// <summary>
/// The term table of a search set: for each network the inputs, then all chains of all six, networks side by side on as many threads as
/// there are cores.
/// </summary>
/// <param name="batchSize">Sequences.</param>
/// <param name="length">Tokens.</param>
/// <param name="againstOpByOp">Whether the same table is computed op by op too, which takes more than ten times as long.</param>
internal sealed class TermTablePhase(int batchSize, int length, bool againstOpByOp)
{
    private const int Architectures = 50;
    private const long MemoryBudget = 4L << 30;

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var set = PublicBenchmark.SearchSet(Architectures);

        // The first networks are for the just-in-time compiler.
        await TimeAsync(TermEvaluators.Fused, set.Networks[..2]);
        var ours = await TimeAsync(TermEvaluators.Fused, set.Networks);
        double? theirs = againstOpByOp ? await TimeAsync(TermEvaluators.OpByOp, set.Networks) : null;
        return
        [
            new($"term table of {Architectures} architectures ({set.Networks.Length} networks), 6 inputs, {batchSize} x {length} tokens, " +
                $"inputs included, {Environment.ProcessorCount} threads",
                $"{ours:F1} s", theirs is null ? "" : $"op by op {theirs:F1} s", theirs is null ? "" : $"{theirs / ours:F1} x faster",
                againstOpByOp ? "10 x, about 25 s" : "about 100 s"),
        ];
    }

    private async Task<double> TimeAsync(string evaluator, ImmutableArray<Genotype> networks)
    {
        var threads = Environment.ProcessorCount;
        using var devices = new DeviceThreads(
            [.. Enumerable.Repeat("cpu", threads)], MemoryBudget, TermEvaluators.Factory(evaluator, MemoryBudget / threads / 4));
        ImmutableArray<Chain> chains = [.. MadeUpBenchmark.LiveChains];
        ImmutableArray<ChainSet> wanted = [.. Enum.GetValues<InputKind>().Select(input => new ChainSet(input, chains))];
        var probe = new ProbeSettings(batchSize, length, WeightsSeed: 42, BatchSeed: 42, WeightSelection.All, FlexiBertSpace.PublicSizes);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            networks.Select((network, i) => devices.EvaluateAsync(
                new TermRequest(i, 1, new ProbedNetwork(network, probe), wanted), new DeviceShare("bench"),
                () => Task.FromResult(true), CancellationToken.None)));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
