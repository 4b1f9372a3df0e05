using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>A load that one node does not hold: three operations a branch over a twelfth of the public benchmark.</summary>
[Collection(nameof(SharedCluster))]
public sealed class LoadTests(SharedCluster shared)
{
    private const string Name = "load";
    private const int GpuNodes = 3;
    private const int Networks = 24;

    // What a node takes besides the inputs of networks: the runtime and the libraries.
    private const double NodeItself = 0.6e9;

    // Nobody dies here: nodes that are all busy on a machine that has more to do are not to take one another for dead.
    private const int SilenceOfNodes = 60;

    // Of what all architectures take together: three nodes hold them, also where one has a few batches more than another.
    private const double ShareOfOneNode = 0.45;

    [PublicBenchmarkFact]
    [Trait("Category", "All")]
    public async Task Three_operations_a_branch_over_24_architectures_that_only_all_nodes_together_hold()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + PublicBenchmarkFactAttribute.FlexiBert);
        Assert.Equal(300, benchmark.Architectures.Length);
        var configuration = new SearchConfiguration { Preset = "default" } with
        {
            UnaryOperations = 3,
            SearchArchitectures = Networks,
            Shapes = Shapes.Genotype,
            Population = 4,
            Iterations = 2,
            BatchSize = 1,
            SequenceLength = 8,
            Seed = 41,
            // Of all linear maps they would take more than a machine that tests should need.
            Weights = WeightSelection.Mixing,
        };
        var probe = configuration.Probe(benchmark.Sizes);
        var networks = SearchSample.Of(benchmark, configuration).Search.Networks;
        var needed = networks.Sum(network => Network.MemoryOf(new ProbedNetwork(network, probe)).Held);

        var database = await shared.Postgres.NewDatabaseAsync();
        await using var cluster = new TestCluster(
            database, coordinatorCount: 1, memory: (NodeItself + (needed * ShareOfOneNode)) / 1e9, patience: SilenceOfNodes);
        for (var i = 0; i < GpuNodes; i++)
        {
            cluster.AddGpu();
        }

        var expected = await LocalAsync(cluster.Folder, benchmark, configuration, (long)NodeItself + (needed * 2));
        await cluster.UntilAllUpAsync();
        var computed = new ComputedTerms(await cluster.NodesAsync());
        await cluster.StartRunAsync(new StartRequest(Name, configuration, benchmark));
        await cluster.UntilFinishedAsync(Name, computed);

        Assert.Equal(expected.Events, await cluster.EventsAsync(Name));
        var terms = await StoredTerms.ReadAsync(database);
        Assert.Equal(expected.Terms.Values, terms.Values);
        Assert.Equal((0, terms.Values.Count), (terms.Repeated, (int)computed.Sum));
        var devices = (await cluster.NodesAsync()).Select(node => node.Device).OfType<DeviceDescription>().ToList();
        Assert.Equal(GpuNodes, devices.Count);
        // The networks of the held-out set may have stayed, too.
        Assert.InRange(devices.Sum(device => device.LoadedArchitectures), networks.Length, benchmark.Architectures.Length);
        var held = devices.Sum(device => device.LoadedBytes);
        Assert.All(devices, device => Assert.InRange(device.LoadedBytes, 1, device.MemoryBudget));
        Assert.True(held > 2 * needed * ShareOfOneNode, $"one node could hold {needed * ShareOfOneNode} of {held} bytes");
    }

    private static async Task<(string Events, StoredTerms Terms)> LocalAsync(
        string folder, Benchmark benchmark, SearchConfiguration configuration, long memory)
    {
        var path = Path.Combine(folder, "local.db");
        using var devices = new DeviceThreads(
            [.. Enumerable.Repeat("cpu", Environment.ProcessorCount)], memory, () => new FusedEvaluator());
        var (events, _) = await LocalRun.ToEndAsync(path, new StartRequest(Name, configuration, benchmark), devices);
        return (string.Join('\n', events), await StoredTerms.ReadAsync(path));
    }
}

/// <summary>A test over the public FlexiBERT benchmark on nodes that share PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublicBenchmarkFactAttribute : FactAttribute
{
    public PublicBenchmarkFactAttribute()
    {
        Skip = PostgresServer.Missing
            ?? (File.Exists(FlexiBert) ? null : "the public FlexiBERT benchmark is not there (../shared/benchmarks or LPZERO_BENCHMARKS)");
    }

    /// <summary>Its file.</summary>
    public static string FlexiBert { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("LPZERO_BENCHMARKS") ?? Path.Combine(Repository.Root!, "..", "shared", "benchmarks"),
        "flexibert", "BERT_benchmark.json");
}
