using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using LPZero.Cluster.Storage;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Wire;
using Dapper;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>Nodes on loopback, each in its own process, with a database that they share.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly string database;
    private readonly int[] coordinatorPorts;
    private readonly int[] controlPorts;
    private readonly List<NodeProcess> nodes = [];
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(20) };

    public TestCluster(string database, int coordinators)
    {
        this.database = database;
        coordinatorPorts = [.. Enumerable.Range(0, coordinators).Select(_ => Ports.Free())];
        controlPorts = [.. Enumerable.Range(0, coordinators).Select(_ => Ports.Free())];
        for (var i = 0; i < coordinators; i++)
        {
            nodes.Add(Node($"coordinator-{Text(i)}", "coordinator", coordinatorPorts[i], $"127.0.0.1:{Text(controlPorts[i])}"));
        }
    }

    /// <summary>Where the nodes' logs and the test's files are. Left behind where a test fails.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lpzero-cluster-").FullName;

    public IReadOnlyList<NodeProcess> Coordinators => [.. nodes.Take(coordinatorPorts.Length)];

    public int CoordinatorPort => coordinatorPorts[0];

    public int ControlPort => controlPorts[0];

    /// <summary>Starts a node that computes with one thread.</summary>
    public NodeProcess AddGpu()
    {
        var node = Node($"gpu-{Text(nodes.Count)}", "gpu", Ports.Free(), "none");
        nodes.Add(node);
        return node;
    }

    /// <summary>Runs the command line against the cluster.</summary>
    public Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        RunAsync(Folder, ["--connect", $"127.0.0.1:{Text(ControlPort)}", .. arguments]);

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>Waits until so many nodes are up.</summary>
    public Task UntilNodesAsync(int count) => UntilAsync(
        $"{Text(count)} nodes are up",
        async () => (await GetAsync<ImmutableArray<NodeListing>>("nodes")) is { IsDefault: false } found && found.Count(node => node.Status == "up") >= count);

    /// <summary>Waits until a run has scored so many more proxies than now, or has ended.</summary>
    public async Task UntilProgressAsync(string run, int evaluations)
    {
        int? first = null;
        await UntilAsync($"run {run} gets on", async () =>
        {
            if (await GetAsync<RunStatus>($"runs/{run}") is not { } status)
            {
                return false;
            }

            Assert.True(status.Problem is null, status.Problem);
            first ??= status.Evaluations;
            return status.State == "finished" || status.Evaluations >= first + evaluations;
        });
    }

    public async Task<bool> IsFinishedAsync(string run) => await GetAsync<RunStatus>($"runs/{run}") is { State: "finished" };

    public Task UntilFinishedAsync(string run) => UntilAsync($"run {run} finishes", () => IsFinishedAsync(run));

    public async Task<ImmutableArray<NodeListing>> NodesAsync()
    {
        ImmutableArray<NodeListing> found = default;
        await UntilAsync("nodes are listed", async () => !(found = await GetAsync<ImmutableArray<NodeListing>>("nodes")).IsDefault);
        return found;
    }

    /// <summary>The events of a run that all runs of its configuration have in common.</summary>
    public async Task<string> EventsAsync(string run)
    {
        var (code, output) = await CommandAsync("search", "events", run);
        Assert.Equal(0, code);
        return SearchEvents(output);
    }

    /// <summary>Drops what came from outside.</summary>
    public static string SearchEvents(string lines) => string.Join('\n', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.Contains("\"searchPaused\"", StringComparison.Ordinal) && !line.Contains("\"searchResumed\"", StringComparison.Ordinal)));

    /// <summary>Terms in the cache, and how many of them were stored again.</summary>
    public async Task<(int Terms, int Repeated)> StoredTermsAsync()
    {
        await using var shared = new ClusterDatabase(database);
        await using var connection = await shared.OpenAsync();
        var terms = new HashSet<(string, int, Chain)>();
        var repeated = 0;
        using var reader = await connection.ExecuteReaderAsync("select content_key, input, block from terms");
        while (await reader.ReadAsync())
        {
            var input = Convert.ToInt32(reader.GetValue(1), CultureInfo.InvariantCulture);
            repeated += TermBlockCodec.Decode((InputKind)input, (byte[])reader.GetValue(2)).Chains.Count(chain => !terms.Add((reader.GetString(0), input, chain)));
        }

        return (terms.Count, repeated);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        client.Dispose();
    }

    /// <summary>Removes the logs of a test that has passed.</summary>
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    private NodeProcess Node(string name, string role, int port, string control) => new(
        Folder, name, "--roles", role, "--port", Text(port), "--join", string.Join(',', coordinatorPorts.Select(seed => $"127.0.0.1:{Text(seed)}")),
        "--control", control, "--db", database, "--threads", "1", "--memory", "1", "--stable-after", "5");

    /// <summary>Asks one coordinator after the other; null when none of them answers.</summary>
    private async Task<T?> GetAsync<T>(string path)
    {
        foreach (var port in controlPorts)
        {
            try
            {
                return await client.GetFromJsonAsync<T>($"http://127.0.0.1:{Text(port)}/api/{path}", MessageJson.Options);
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException)
            {
                // This one is down, or its run is on the move.
            }
        }

        return default;
    }

    private async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(deadline.Elapsed < Patience, $"in vain: {what}; the nodes' logs are in {Folder}");
            await Task.Delay(Interval);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
