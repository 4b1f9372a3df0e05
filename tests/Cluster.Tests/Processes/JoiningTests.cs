using System.Globalization;
using System.Net;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>Nodes that look for their cluster, lose it, or come to one that is not theirs.</summary>
public sealed class JoiningTests
{
    private const int WrongUsage = 2;

    [Fact]
    public async Task A_node_without_seeds_on_any_free_port_begins_a_cluster()
    {
        await using var cluster = new TestCluster(database: null, coordinatorCount: 0);
        var control = Ports.Free();
        await using var node = new NodeProcess(
            cluster.Folder, "alone", port: 0, control,
            "--roles", "coordinator", "--port", "0", "--control", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{control}"),
            "--db", cluster.Database);
        using var client = new HttpClient();
        await cluster.UntilAsync("the node is ready", async () =>
        {
            try
            {
                using var response = await client.GetAsync(string.Create(CultureInfo.InvariantCulture,
                    $"http://127.0.0.1:{control}/readyz"));
                return response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false; // it does not listen yet
            }
        });
    }

    [Fact]
    public async Task The_only_coordinator_started_again_finds_the_living_nodes_and_the_run_goes_on()
    {
        // GPU nodes wait for a coordinator four times as long: enough for one to be started again on a busy machine.
        await using var cluster = await ClusterAsync(gpuNodes: 2, patience: 15);
        var (search, computed) = await SharedCluster.BeginAsync(cluster, "restarted", seed: 61);
        cluster.Coordinators[0].Kill();
        await cluster.UntilFinishedAsync(search.Name, computed);
        Assert.Equal((1, 0), (cluster.Coordinators[0].Restarts, cluster.Gpus.Sum(node => node.Restarts)));
    }

    [Fact]
    public async Task A_node_with_another_database_is_refused_and_GPU_nodes_without_a_coordinator_end_with_that_reason()
    {
        await using var cluster = await ClusterAsync(gpuNodes: 1);
        await using (var stranger = cluster.StartStranger())
        {
            await cluster.UntilAsync("the stranger ends", () => Task.FromResult(stranger.LastExitCode is not null));
            Assert.Equal(WrongUsage, stranger.LastExitCode);
            Assert.True(stranger.HasSaid("has another database than this node"));
            Assert.Equal(0, cluster.Restarts);
        }

        var gpu = cluster.Gpus[0];
        await cluster.Coordinators[0].DrainAsync();
        await cluster.UntilAsync("the GPU node ends", () => Task.FromResult(gpu.Restarts > 0));
        // With an exit code that lets it be started again.
        Assert.Equal(1, gpu.LastExitCode);
        Assert.True(gpu.HasSaid("lpzero: there has been no coordinator for"));
    }

    [Fact]
    public async Task A_run_goes_on_when_the_oldest_GPU_node_is_lost_for_good_and_the_coordinator_when_the_others_are_at_once()
    {
        await using var cluster = await ClusterAsync(gpuNodes: 3);
        var (search, computed) = await SharedCluster.BeginAsync(cluster, "lost", seed: 62);
        await cluster.LoseAsync(cluster.Gpus[0]);
        await cluster.UntilFinishedAsync(search.Name, computed);

        // Two of the three nodes that are left, which would be a majority.
        await Task.WhenAll(cluster.Gpus.ToList().Select(cluster.LoseAsync));
        await cluster.UntilAllUpAsync();
        Assert.Equal(0, cluster.Restarts);
    }

    private static async Task<TestCluster> ClusterAsync(int gpuNodes, int patience = 3)
    {
        var cluster = new TestCluster(database: null, coordinatorCount: 1, patience: patience);
        cluster.AddGpu();
        // Before the others, so that it is the oldest.
        await cluster.UntilAllUpAsync();
        for (var i = 1; i < gpuNodes; i++)
        {
            cluster.AddGpu();
        }

        await cluster.UntilAllUpAsync();
        return cluster;
    }
}
