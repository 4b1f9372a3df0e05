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
        var parsed = Commands.Root().Parse(Words(name, seed, iterations, more));
        Assert.Empty(parsed.Errors);
        var benchmark = BenchmarkSource.Load(parsed.GetValue(SearchVerbs.Benchmark)!);
        return new StartRequest(name, SearchVerbs.Configuration.Read(parsed, benchmark), benchmark);
    }

    /// <summary>The command line of a search.</summary>
    internal static string[] Words(string name, int seed, int iterations, params string[] more) =>
    [
        "search", "start", "--benchmark", Path.Combine(Repository.Root!, "data", "tiny-flexibert.json"), "--name", name,
        "--seed", Text(seed), "--weights-seed", Text(seed), "--iterations", Text(iterations), "--population", Text(Population),
        "--search-architectures", Text(Networks), "--batch", "2x24", "--unary", "3", .. more,
    ];

    /// <summary>The events and terms of the same search in one process that nothing disturbs.</summary>
    internal async Task<(string Events, StoredTerms Terms)> UndisturbedAsync(StartRequest search)
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
