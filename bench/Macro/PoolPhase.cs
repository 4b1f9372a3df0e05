using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using LPZero.Bench.Fixtures;
using LPZero.Cluster.Coordination;
using LPZero.Cluster.Devices;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Embedded;

namespace LPZero.Bench.Macro;

/// <summary>
/// The same terms through the embedded pool, which is given one request a network, and through collection, batches and device threads
/// in one actor system without a network: on real threads, and on many whose evaluator only waits.
/// </summary>
internal sealed class PoolPhase
{
    private const long MemoryBudget = 4L << 30;
    private const int RealNetworks = 24;
    private const int SimulatedNetworks = 300;
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(50);
    private static readonly ImmutableArray<Chain> Chains = [.. MadeUpBenchmark.LiveChains];

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var real = Targets(PublicBenchmark.SearchSet(RealNetworks).Networks, batchSize: 4, length: 64, EmbeddingSizes.FlexiBert);
        var small = Targets(
            [.. Enumerable.Range(1, SimulatedNetworks)
                .Select(width => new FlexiBertGenotype(8, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, width, 1)]))],
            batchSize: 1, length: 2, new EmbeddingSizes(10, 4, 8));
        var evaluator = TermEvaluators.Factory(TermEvaluators.Fused, MemoryBudget);

        // The first networks are for the just-in-time compiler.
        await CompareAsync("", 1, real[..1], evaluator);
        return
        [
            await CompareAsync("real", 1, real, evaluator),
            await CompareAsync("real", 2, real, evaluator),
            await CompareAsync("simulated", 16, small, () => new WaitingEvaluator(Service)),
            await CompareAsync("simulated", 64, small, () => new WaitingEvaluator(Service)),
        ];
    }

    private static ImmutableArray<ProbedNetwork> Targets(
        ImmutableArray<FlexiBertGenotype> networks, int batchSize, int length, EmbeddingSizes sizes) =>
        [.. networks.Select(network =>
            new ProbedNetwork(network, new ProbeSettings(batchSize, length, WeightsSeed: 42, BatchSeed: 42, WeightSelection.All, sizes)))];

    private static async Task<Row> CompareAsync(
        string kind, int threads, ImmutableArray<ProbedNetwork> targets, Func<ITermEvaluator> createEvaluator)
    {
        var theirs = await PoolAsync(threads, targets, createEvaluator);
        var ours = await ActorsAsync(threads, targets, createEvaluator);
        return new Row(
            $"{targets.Length} networks, 6 inputs, {threads} {kind} threads: collection, batches and device threads",
            $"{ours:F2} s", $"embedded pool {theirs:F2} s", $"{ours / theirs:F2} x its time", "at most 1.05 x");
    }

    private static async Task<double> PoolAsync(int threads, ImmutableArray<ProbedNetwork> targets, Func<ITermEvaluator> createEvaluator)
    {
        await using var devices = new DevicePool(threads, MemoryBudget, createEvaluator);
        await devices.NumericProfileAsync;
        ImmutableArray<ChainSet> wanted = [.. Enum.GetValues<InputKind>().Select(input => new ChainSet(input, Chains))];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(targets.Select((target, i) => devices.EvaluateAsync(new TermRequest(i, 1, target, wanted, IsLast: true))));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> ActorsAsync(int threads, ImmutableArray<ProbedNetwork> targets, Func<ITermEvaluator> createEvaluator)
    {
        using var devices = new DeviceThreads([.. Enumerable.Repeat("cpu", threads)], MemoryBudget, createEvaluator);
        var configuration = SearchConfiguration.Presets["default"];
        var table = new TermTable(targets.Length, configuration.ElementReduction, configuration.TensorReduction);
        ImmutableArray<string> batches = [.. targets.Select((_, i) => $"batch-{i / ArchitectureBatches.Size}")];
        var collection = new TermCollection(table, targets, batches, TermPlan.NeededOnce, new CoordinatorSettings(), firstId: 0);
        collection.Begin([.. Enum.GetValues<InputKind>().SelectMany(input => Chains.Select(chain => new Branch(input, chain)))]);
        using var system = ActorSystem.Create("pool");
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = Stopwatch.GetTimestamp();
        system.ActorOf(Props.Create(() => new LocalAsker(devices, collection, done)));
        await done.Task;
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await system.Terminate();
        return elapsed;
    }
}
