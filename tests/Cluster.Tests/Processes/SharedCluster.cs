using System.Collections.Concurrent;
using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>
/// The cluster that the tests of failures have in common: three coordinator nodes, of which any one may be lost, three GPU nodes,
/// PostgreSQL. Every test searches with a seed of its own, so that no term of one test is of use to another.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Networks that every search ranks.</summary>
    public const int Networks = 32;

    /// <summary>Proxies of the first population.</summary>
    public const int Population = 12;

    private const long Memory = 1L << 32;

    private const int FewestIterations = 40;
    private const int MostIterations = 640;

    private readonly ConcurrentBag<Task> undisturbed = [];
    private PostgresServer? postgres;
    private TestCluster? cluster;

    internal PostgresServer Postgres => postgres!;

    internal TestCluster Cluster => cluster!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
        {
            return; // the tests are skipped
        }

        postgres = await PostgresServer.StartNewAsync();
        cluster = new TestCluster(postgres.ConnectionString, coordinatorCount: 3);
        for (var i = 0; i < 3; i++)
        {
            cluster.AddGpu();
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        // A test that has failed has not waited for its own, and later tests would measure what it does.
        await Task.WhenAll(undisturbed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    /// <summary>
    /// A search. Those of different seeds draw different weights, so that none finds the terms of another.
    /// </summary>
    internal static StartRequest Search(string name, int seed, int iterations, params string[] more)
    {
        var parsed = Commands.Root().Parse(
        [
            "search", "start", "--benchmark", Path.Combine(Repository.Root!, "data", "tiny-flexibert.json"), "--name", name,
            "--seed", Text(seed), "--weights-seed", Text(seed), "--iterations", Text(iterations), "--population", Text(Population),
            "--search-architectures", Text(Networks), "--batch", "2x24", "--unary", "3", .. more,
        ]);
        Assert.Empty(parsed.Errors);
        var benchmark = BenchmarkSource.Load(parsed.GetValue(SearchVerbs.Benchmark)!);
        return new StartRequest(name, SearchVerbs.Configuration.Read(parsed, benchmark), benchmark);
    }

    /// <summary>
    /// Starts a search, waits until it has scored so many proxies and, where given, until something else is done. On a machine so fast
    /// that the run has ended by then, another of twice as many iterations follows: what is returned is still at work.
    /// </summary>
    internal static async Task<(StartRequest Search, ComputedTerms Computed)> BeginAsync(
        TestCluster cluster, string name, int seed, int evaluations = 1, Func<Task>? meanwhile = null)
    {
        for (var iterations = FewestIterations; iterations <= MostIterations; iterations *= 2)
        {
            var search = Search($"{name}-{Text(iterations)}", seed + iterations, iterations);
            var computed = new ComputedTerms(await cluster.NodesAsync());
            await cluster.StartRunAsync(search);
            await cluster.UntilScoredAsync(search.Name, evaluations, computed);
            if (meanwhile is not null)
            {
                await meanwhile();
            }

            if (!await cluster.IsFinishedAsync(search.Name))
            {
                return (search, computed);
            }
        }

        throw new InvalidOperationException($"every run {name} has ended before anything happened to it");
    }

    /// <summary>The events and terms of the same search in one process that nothing disturbs.</summary>
    internal Task<(string Events, StoredTerms Terms)> UndisturbedAsync(StartRequest search)
    {
        var task = RunAloneAsync(search);
        undisturbed.Add(task);
        return task;
    }

    private async Task<(string Events, StoredTerms Terms)> RunAloneAsync(StartRequest search)
    {
        var database = Path.Combine(Cluster.Folder, search.Name + ".db");
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        var (events, _) = await LocalRun.ToEndAsync(database, search, devices);
        return (TestCluster.SearchEvents(string.Join('\n', events)), await StoredTerms.ReadAsync(database));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The tests that share a cluster, one after the other.</summary>
[CollectionDefinition(nameof(SharedCluster))]
public sealed class SharedClusterTests : ICollectionFixture<SharedCluster>;
