using System.Collections.Immutable;
using System.Diagnostics;
using LPZero.Bench.Fixtures;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Embedded;

namespace LPZero.Bench.Macro;

/// <summary>
/// The term table of a search set: for each network the inputs, then all chains of all six, networks side by side on as many threads as
/// there are cores. The op-by-op path, an hour's work at 8 x 128, computes the first networks only and is compared with the fused path on
/// the same ones.
/// </summary>
/// <param name="batchSize">Sequences.</param>
/// <param name="length">Tokens.</param>
/// <param name="opByOpNetworks">Networks that are also computed op by op; 0 for none.</param>
internal sealed class TermTablePhase(int batchSize, int length, int opByOpNetworks)
{
    private const int Architectures = 50;
    private const long MemoryBudget = 4L << 30;

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var set = PublicBenchmark.SearchSet(Architectures);
        var all = await TimeAsync(TermEvaluators.Names[0], set.Networks);
        var rows = new List<Row>
        {
            new($"term table of {Architectures} architectures ({set.Networks.Length} networks), 6 inputs, {batchSize} x {length} tokens, inputs included, {Environment.ProcessorCount} threads",
                $"{all:F1} s", "", "", (batchSize, length) == (4, 64) ? "about 25 s" : "about 100 s"),
        };
        if (opByOpNetworks > 0)
        {
            var some = set.Networks[..opByOpNetworks];
            var ours = await TimeAsync(TermEvaluators.Names[0], some);
            var theirs = await TimeAsync(TermEvaluators.Names[1], some);
            rows.Add(new Row($"the same for {opByOpNetworks} of the networks", $"{ours:F2} s", $"op by op {theirs:F1} s", $"{theirs / ours:F1} x faster", "10 x"));
        }

        return rows;
    }

    private async Task<double> TimeAsync(string evaluator, ImmutableArray<FlexiBertGenotype> networks)
    {
        var threads = Environment.ProcessorCount;
        await using var devices = new DevicePool(threads, MemoryBudget, TermEvaluators.Factory(evaluator, MemoryBudget / threads / 4));
        await devices.NumericProfileAsync;
        ImmutableArray<Chain> chains = [.. MadeUpBenchmark.LiveChains];
        ImmutableArray<ChainSet> wanted = [.. Enum.GetValues<InputKind>().Select(input => new ChainSet(input, chains))];
        var probe = new ProbeSettings(batchSize, length, Seed: 42, WeightSelection.All, EmbeddingSizes.FlexiBert);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(networks.Select((network, i) => devices.EvaluateAsync(new TermRequest(i, 1, new ProbedNetwork(network, probe), wanted))));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
