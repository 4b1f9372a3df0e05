namespace LPZero.Cluster.Tests.Processes;

/// <summary>Real processes on loopback that are killed, frozen and drained while they search.</summary>
[Collection(nameof(FailureTests))]
public sealed class FailureTests
{
    private const int Progress = 8;

    [PostgresFact]
    public async Task Killed_and_frozen_nodes_and_a_crashed_database_leave_the_result_bit_for_bit()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var cluster = new TestCluster(postgres.ConnectionString, coordinators: 2);
        var gpus = Enumerable.Range(0, 3).Select(_ => cluster.AddGpu()).ToList();
        string[] search = [.. Search("run", iterations: 160), "--unary", "3"];
        var expected = await EmbeddedAsync(cluster.Folder, "run", search);
        await cluster.UntilNodesAsync(5);
        Assert.Equal(0, (await cluster.CommandAsync([.. search, "--detach"])).ExitCode);

        await StepAsync("one GPU node is killed", () =>
        {
            gpus[0].Kill();
            return Task.CompletedTask;
        });
        await StepAsync("two GPU nodes are killed at once", () =>
        {
            gpus[1].Kill();
            gpus[2].Kill();
            return Task.CompletedTask;
        });
        await StepAsync("a coordinator node is killed", () =>
        {
            cluster.Coordinators[0].Kill();
            return Task.CompletedTask;
        });
        await StepAsync("the database is away for 20 s", async () =>
        {
            await postgres.CrashAsync();
            await Task.Delay(TimeSpan.FromSeconds(20));
            await postgres.StartAsync();
        });
        await StepAsync("a GPU node is frozen for 30 s", () => FreezeAsync(gpus[0]));
        await StepAsync("the other coordinator node is killed", () =>
        {
            cluster.Coordinators[1].Kill();
            return Task.CompletedTask;
        });
        await StepAsync("a coordinator node is frozen for 30 s", () => FreezeAsync(cluster.Coordinators[0]));
        await cluster.UntilFinishedAsync("run");

        Assert.Equal(expected, await cluster.EventsAsync("run"));
        var (terms, repeated) = await cluster.StoredTermsAsync();
        // What a frozen node had in its hands may be stored by it too, when it wakes: a request for each of its batches.
        Assert.InRange(repeated, 0, terms / 100);
        await cluster.DisposeAsync();
        cluster.DeleteFolder();

        async Task StepAsync(string what, Func<Task> disturb)
        {
            await cluster.UntilProgressAsync("run", Progress);
            Assert.False(await cluster.IsFinishedAsync("run"), $"the run is too short: it ended before {what}");
            await disturb();
        }
    }

    [PostgresFact]
    public async Task Nodes_that_join_late_or_leave_and_two_runs_at_once_compute_every_term_once()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var cluster = new TestCluster(postgres.ConnectionString, coordinators: 1);
        var first = cluster.AddGpu();
        string[] one = [.. Search("one", iterations: 40), "--unary", "3"];
        string[] two = [.. Search("two", iterations: 40), "--unary", "3", "--crossover", "0.9"];
        var expectedOne = await EmbeddedAsync(cluster.Folder, "one", one);
        var expectedTwo = await EmbeddedAsync(cluster.Folder, "two", two);
        await cluster.UntilNodesAsync(2);
        Assert.Equal(0, (await cluster.CommandAsync([.. one, "--detach"])).ExitCode);
        Assert.Equal(0, (await cluster.CommandAsync([.. two, "--detach"])).ExitCode);
        await cluster.UntilProgressAsync("one", Progress);

        cluster.AddGpu();
        await cluster.UntilNodesAsync(3);
        await cluster.UntilProgressAsync("one", Progress);
        await first.DrainAsync();
        await cluster.UntilFinishedAsync("one");
        await cluster.UntilFinishedAsync("two");

        Assert.Equal(expectedOne, await cluster.EventsAsync("one"));
        Assert.Equal(expectedTwo, await cluster.EventsAsync("two"));
        Assert.Equal(0, (await cluster.StoredTermsAsync()).Repeated);
        var late = Assert.Single(await cluster.NodesAsync(), node => node.Device is not null);
        Assert.True(late.Device!.ComputedTerms > 0, "the node that joined late has computed nothing");
        await cluster.DisposeAsync();
        cluster.DeleteFolder();
    }

    private static async Task FreezeAsync(NodeProcess node)
    {
        await node.FreezeAsync();
        await Task.Delay(TimeSpan.FromSeconds(30));
        await node.ThawAsync();
    }

    private static string[] Search(string name, int iterations) =>
    [
        "search", "start", "--benchmark", Path.Combine(Repository.Root, "data", "tiny-flexibert.json"), "--name", name,
        "--iterations", iterations.ToString(System.Globalization.CultureInfo.InvariantCulture), "--population", "16", "--batch", "4x32", "--seed", "7",
    ];

    /// <summary>The events of the same search in one process.</summary>
    private static async Task<string> EmbeddedAsync(string folder, string name, string[] search)
    {
        string[] database = ["--db", Path.Combine(folder, name + ".db")];
        var (code, output) = await TestCluster.RunAsync(folder, [.. search, .. database, "--threads", "1", "--memory", "1", "--json"]);
        Assert.True(code == 0, output);
        return TestCluster.SearchEvents((await TestCluster.RunAsync(folder, ["search", "events", name, .. database])).Output);
    }
}
