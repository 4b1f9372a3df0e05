namespace LPZero.Cluster.Tests.Processes;

public sealed class ListeningTests
{
    [Fact]
    public async Task Nodes_listen_on_their_cluster_port_and_where_the_control_API_is_asked_for()
    {
        await using var cluster = new TestCluster(database: null, coordinatorCount: 1);
        cluster.AddSilentCoordinator();
        cluster.AddGpu();
        await cluster.UntilAllUpAsync();
        foreach (var node in cluster.Coordinators.Concat(cluster.Gpus))
        {
            Assert.Equal(node.ControlPort is { } control ? [.. ((int[])[node.Port, control]).Order()] : [node.Port], node.ListeningPorts());
        }
    }
}
