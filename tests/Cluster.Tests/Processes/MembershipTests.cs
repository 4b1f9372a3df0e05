using Dapper;
using LPZero.Messages.Control;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>Nodes that come and go as their operator wants, and runs side by side: no term is computed twice.</summary>
[Collection(nameof(SharedCluster))]
public sealed class MembershipTests(SharedCluster shared)
{
    [PostgresFact]
    public async Task A_node_that_joins_late_takes_its_share_and_one_that_is_drained_leaves_nothing_to_be_done_again()
    {
        var cluster = shared.Cluster;
        await cluster.UntilAllUpAsync();
        var (search, computed) = await SharedCluster.BeginAsync(cluster, "late-and-drained", seed: 21);

        // The run waits for the late node to get batches of the others, so that there is work left for it.
        await cluster.ControlAsync(search.Name, "pause");
        var before = await LoadedAsync();
        var late = cluster.AddGpu();
        await cluster.UntilAllUpAsync();
        await cluster.UntilAsync("batches move to the late node", async () => await LoadedAsync() < before);
        var undisturbed = shared.UndisturbedAsync(search);
        await cluster.ControlAsync(search.Name, "resume");
        Assert.False(await cluster.IsFinishedAsync(search.Name), "the run is too short: it has ended before the node was drained");
        var leaving = cluster.Gpus[0];
        computed.Take(leaving.Address, await cluster.DrainAsync(leaving));
        await cluster.UntilFinishedAsync(search.Name, computed);

        Assert.Contains(await cluster.NodesAsync(), node => node.Address == late.Address && node.Device?.ComputedTerms > 0);
        var expected = await undisturbed;
        Assert.Equal(expected.Events, await cluster.EventsAsync(search.Name));
        await AssertComputedOnceAsync(expected.Terms, computed);
    }

    [PostgresFact]
    public async Task Two_runs_at_once_share_what_is_loaded_and_computed_and_do_not_disturb_each_other()
    {
        string[] names = ["side-one", "side-two"];
        var cluster = shared.Cluster;
        await cluster.UntilAllUpAsync();
        StartRequest[] searches = [SharedCluster.Search(names[0], seed: 22, iterations: 12),
            SharedCluster.Search(names[1], seed: 22, iterations: 12, "--crossover", "0.9")];
        var undisturbed = searches.Select(shared.UndisturbedAsync).ToList();
        var before = await LoadedAsync();
        var computed = new ComputedTerms(await cluster.NodesAsync());
        foreach (var search in searches)
        {
            await cluster.StartRunAsync(search);
        }

        var connections = 0L;
        foreach (var name in names)
        {
            await cluster.UntilFinishedAsync(name, computed);
            connections = Math.Max(connections, await ConnectionsAsync());
        }

        // What a pool has opened stays open for minutes: of each node one of 6, and of a coordinator another for its journal.
        Assert.InRange(connections, 1, (6 * cluster.Gpus.Count) + (12 * cluster.Coordinators.Count) + 1);

        var expected = await Task.WhenAll(undisturbed);
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Equal(expected[i].Events, await cluster.EventsAsync(names[i]));
        }

        Assert.NotEqual(expected[0].Events, expected[1].Events);
        await AssertComputedOnceAsync(expected[0].Terms, computed);
        Assert.InRange(await LoadedAsync() - before, 1, SharedCluster.Networks);
    }

    private async Task<long> ConnectionsAsync()
    {
        await using var database = new Database(shared.Cluster.Database);
        await using var connection = await database.OpenAsync();
        return await connection.QuerySingleAsync<long>("select count(*) from pg_stat_activity where backend_type = 'client backend'");
    }

    private async Task<int> LoadedAsync() => (await shared.Cluster.NodesAsync()).Sum(node => node.Device?.LoadedArchitectures ?? 0);

    private async Task AssertComputedOnceAsync(StoredTerms expected, ComputedTerms computed)
    {
        var terms = await StoredTerms.ReadAsync(shared.Cluster.Database, expected.Networks);
        Assert.Equal(0, terms.Repeated);
        Assert.Equal(terms.Values.Count, computed.Sum);
    }
}
