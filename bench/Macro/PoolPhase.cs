using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using LPZero.Cluster.Coordination;
using LPZero.Cluster.Devices;
using LPZero.Coordinator.Pruning;
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
/// in one actor system without a network: on real threads, and on many whose evaluator only waits. In turn, several times, so that what
/// else the machine does falls on both; the ratio is the median of the turns'.
/// </summary>
internal sealed class PoolPhase
{
    private const long MemoryBudget = 4L << 30;
    private const int Turns = 5;
    private const int MostThreads = 64;
    private const int RealNetworks = 12;
    private const int SimulatedNetworks = 300;
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(50);
    private static readonly SearchConfiguration Configuration = SearchConfiguration.Presets["default"];
    private static readonly RuleBasedPruning Pruning = new(Configuration.Pruning, Configuration.ElementReduction);

    // What a default search asks of a network.
    private static readonly ImmutableArray<ChainSet> Wanted =
    [
        .. Configuration.Inputs.Select(input =>
            new ChainSet(input, TermPlan.CanonicalChains(input, Configuration.UnaryOperations, Pruning))),
    ];

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var real = Targets(PublicBenchmark.SearchSet(RealNetworks).Networks, batchSize: 4, length: 64, EmbeddingSizes.FlexiBert);
        var small = Targets(
            [.. Enumerable.Range(1, SimulatedNetworks)
                .Select(width => new FlexiBertGenotype(8, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, width, 1)]))],
            batchSize: 1, length: 2, new EmbeddingSizes(10, 4, 8));
        var evaluator = TermEvaluators.Factory(TermEvaluators.Fused, MemoryBudget);

        // The first turns are for the just-in-time compiler.
        await CompareAsync("", 1, real[..1], evaluator);
        await CompareAsync("", MostThreads, small, () => new WaitingEvaluator(TimeSpan.Zero));
        return
        [
            await CompareAsync("real", 1, real, evaluator),
            await CompareAsync("real", 2, real, evaluator),
            await CompareAsync("simulated", 16, small, () => new WaitingEvaluator(Service)),
            await CompareAsync("simulated", MostThreads, small, () => new WaitingEvaluator(Service)),
        ];
    }

    private static ImmutableArray<ProbedNetwork> Targets(
        ImmutableArray<FlexiBertGenotype> networks, int batchSize, int length, EmbeddingSizes sizes) =>
        [.. networks.Select(network =>
            new ProbedNetwork(network, new ProbeSettings(batchSize, length, WeightsSeed: 42, BatchSeed: 42, WeightSelection.All, sizes)))];

    private static async Task<Row> CompareAsync(
        string kind, int threads, ImmutableArray<ProbedNetwork> targets, Func<ITermEvaluator> createEvaluator)
    {
        var turns = new List<(Use Ours, Use Theirs)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            var theirs = turn % 2 == 0 ? await PoolAsync(threads, targets, createEvaluator) : null;
            var ours = await ActorsAsync(threads, targets, createEvaluator);
            turns.Add((ours, theirs ?? await PoolAsync(threads, targets, createEvaluator)));
        }

        var ratios = turns.Select(turn => turn.Ours.Seconds / turn.Theirs.Seconds).Order().ToList();
        return new Row(
            $"{targets.Length} networks, 6 inputs, {threads} {kind} threads: collection, batches and device threads",
            Text(turns.Select(turn => turn.Ours)), $"embedded pool {Text(turns.Select(turn => turn.Theirs))}",
            $"{Median(ratios):F2} x its time ({ratios[0]:F2} to {ratios[^1]:F2}), " +
                $"{Median(turns.Select(turn => turn.Ours.Processor / turn.Theirs.Processor)):F2} x its processor time",
            "at most 1.05 x its time");
    }

    private static string Text(IEnumerable<Use> uses) =>
        $"{Median(uses.Select(use => use.Seconds)):F2} s, of a processor {Median(uses.Select(use => use.Processor)):F2} s";

    private static double Median(IEnumerable<double> numbers) => numbers.Order().ElementAt(Turns / 2);

    private static async Task<Use> PoolAsync(int threads, ImmutableArray<ProbedNetwork> targets, Func<ITermEvaluator> createEvaluator)
    {
        await using var devices = new DevicePool(threads, MemoryBudget, createEvaluator);
        await devices.NumericProfileAsync;
        var started = Use.Now;
        await Task.WhenAll(targets.Select((target, i) => devices.EvaluateAsync(new TermRequest(i, 1, target, Wanted, IsLast: true))));
        return Use.Now - started;
    }

    private static async Task<Use> ActorsAsync(int threads, ImmutableArray<ProbedNetwork> targets, Func<ITermEvaluator> createEvaluator)
    {
        using var devices = new DeviceThreads([.. Enumerable.Repeat("cpu", threads)], MemoryBudget, createEvaluator);
        var table = new TermTable(targets.Length, Configuration.ElementReduction, Configuration.TensorReduction);
        ImmutableArray<string> batches = [.. targets.Select((_, i) => $"batch-{i / ArchitectureBatches.Size}")];
        var collection = new TermCollection(
            table, targets, batches, TermPlan.For(Configuration, Pruning), new CoordinatorSettings(), firstId: 0);
        collection.Begin([.. Wanted.Select(set => new Branch(set.Input, set.Chains[0]))]);
        using var system = ActorSystem.Create("pool", "akka { loglevel = ERROR, stdout-loglevel = ERROR }");
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = Use.Now;
        system.ActorOf(Props.Create(() => new LocalAsker(devices, collection, done)));
        await done.Task;
        var used = Use.Now - started;
        await system.Terminate();
        return used;
    }

    /// <summary>Time and processor time of this process. The latter is what other processes on the machine change least.</summary>
    private sealed record Use(double Seconds, double Processor)
    {
        public static Use Now => new(
            Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency, Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);

        public static Use operator -(Use later, Use earlier) => new(later.Seconds - earlier.Seconds, later.Processor - earlier.Processor);
    }
}
