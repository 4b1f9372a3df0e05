namespace LPZero.Cluster.Tests.Processes;

/// <summary>
/// Nodes in real processes that are killed and frozen while they search, and a database that crashes. Every run must end
/// with the events and the terms, bit for bit, of the same search in one process that nothing disturbed.
/// </summary>
[Collection(nameof(SharedCluster))]
public sealed class FailureTests(SharedCluster shared)
{
    private static readonly TimeSpan DatabaseOutage = TimeSpan.FromSeconds(20);
    // By then its peers have removed it.
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(15);

    [PostgresFact]
    public Task A_GPU_node_is_killed() => DisturbAsync("gpu-killed", seed: 11, _ =>
    {
        shared.Cluster.Gpus[0].Kill();
        return Task.CompletedTask;
    });

    [PostgresFact]
    public Task Two_GPU_nodes_are_killed_at_once() => DisturbAsync("gpus-killed", seed: 12, _ =>
    {
        shared.Cluster.Gpus[1].Kill();
        shared.Cluster.Gpus[2].Kill();
        return Task.CompletedTask;
    });

    [PostgresFact]
    public async Task The_node_of_the_runs_owner_is_killed_and_whoever_follows_its_events_there_has_each_once()
    {
        EventWatcher? watcher = null;
        int? lost = null;
        try
        {
            var name = await DisturbAsync("owner-killed", seed: 13, async run =>
            {
                var owner = shared.Cluster.OwnerOf(run);
                lost = owner.ControlPort;
                var nodes = shared.Cluster.Coordinators.OrderByDescending(node => node == owner);
                watcher = new EventWatcher(run, [.. nodes.Select(node => node.ControlPort!.Value)]);
                await watcher.Begun;
                owner.Kill();
            });
            var read = await watcher!.EventsAsync();
            Assert.Equal(Enumerable.Range(1, read.Count).Select(number => (long)number), read.Select(happened => happened.Number));
            Assert.Equal(
                await shared.Cluster.EventsAsync(name),
                TestCluster.SearchEvents(string.Join('\n', read.Select(happened => happened.Text))));
            Assert.Equal(lost, watcher.Places[0]);
            Assert.Contains(watcher.Places, place => place != lost);
        }
        finally
        {
            watcher?.Dispose();
        }
    }

    [PostgresFact]
    public Task The_database_is_away_for_20_seconds() => DisturbAsync("database-away", seed: 14, async _ =>
    {
        await shared.Postgres.CrashAsync();
        await Task.Delay(DatabaseOutage);
        await shared.Postgres.StartAsync();
    });

    [PostgresFact]
    public Task A_GPU_node_is_frozen_for_15_seconds() =>
        DisturbAsync("gpu-frozen", seed: 15, _ => shared.Cluster.Gpus[0].FreezeAsync(Freeze));

    [PostgresFact]
    public Task The_node_of_the_runs_owner_is_frozen_for_15_seconds_and_named_with_those_who_have_lost_sight_of_it() =>
        DisturbAsync("owner-frozen", seed: 16, async run =>
        {
            var owner = shared.Cluster.OwnerOf(run);
            var freezing = owner.FreezeAsync(Freeze);
            var observers = await shared.Cluster.ObserversAsync(owner, freezing);
            await freezing;
            Assert.NotEmpty(observers);
            Assert.All(observers, observer => Assert.DoesNotContain(owner.Address, observer, StringComparison.Ordinal));
        });

    /// <summary>Disturbs a run, which ends as one that nothing disturbed, and returns the run's name.</summary>
    private async Task<string> DisturbAsync(string name, int seed, Func<string, Task> disturb)
    {
        var cluster = shared.Cluster;
        await cluster.UntilAllUpAsync();
        var (search, computed) = await SharedCluster.BeginAsync(cluster, name, seed, SharedCluster.Population);
        var undisturbed = shared.UndisturbedAsync(search);

        await disturb(search.Name);

        await cluster.UntilFinishedAsync(search.Name, computed);
        var expected = await undisturbed;
        Assert.Equal(expected.Events, await cluster.EventsAsync(search.Name));

        var terms = await StoredTerms.ReadAsync(cluster.Database, expected.Terms.Networks);
        Assert.NotEmpty(terms.Values);
        Assert.Equal(expected.Terms.Values.Where(term => terms.Networks.Contains(term.Key.Network)).ToDictionary(), terms.Values);
        // In flight is one request of each network; nothing else may have been computed twice.
        var inFlight = expected.Terms.Networks.Count * terms.LargestRequest;
        Assert.InRange(terms.Repeated, 0, inFlight);
        Assert.InRange(computed.Sum, 0, terms.Values.Count + inFlight);
        return search.Name;
    }
}
