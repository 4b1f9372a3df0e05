using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Control;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>Nodes on loopback, each in its own process, with a database that they share.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly List<NodeProcess> coordinators = [];
    private readonly List<NodeProcess> gpus = [];
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly string seeds;
    private readonly double memory;
    private readonly int patience;
    private int started;
    private bool isLogNeeded;

    /// <summary>Starts the coordinator nodes.</summary>
    /// <param name="database">What the nodes share; null for a SQLite file of their own.</param>
    /// <param name="coordinatorCount">How many.</param>
    /// <param name="memory">Gigabytes that a GPU node may hold.</param>
    /// <param name="patience">Seconds until a silent node is held unreachable, and again until it is removed.</param>
    public TestCluster(string? database, int coordinatorCount, double memory = 1, int patience = 3)
    {
        this.patience = patience;
        Database = database ?? Path.Combine(Folder, "lpzero.db");
        this.memory = memory;
        var ports = Enumerable.Range(0, coordinatorCount).Select(_ => Ports.Free()).ToList();
        seeds = string.Join(',', ports.Select(port => $"127.0.0.1:{Text(port)}"));
        coordinators.AddRange(ports.Select(port => Start("coordinator", port, Ports.Free())));
    }

    /// <summary>What the nodes share.</summary>
    public string Database { get; }

    /// <summary>
    /// Where the nodes' logs and the tests' files are. It goes with the cluster, unless something was waited for in vain.
    /// </summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lpzero-cluster-").FullName;

    public IReadOnlyList<NodeProcess> Coordinators => coordinators;

    public IReadOnlyList<NodeProcess> Gpus => gpus;

    /// <summary>How often any node was started again.</summary>
    public int Restarts => coordinators.Concat(gpus).Sum(node => node.Restarts);

    /// <summary>Starts a node that computes with one thread.</summary>
    public NodeProcess AddGpu()
    {
        var node = Start("gpu", Ports.Free(), controlPort: null);
        gpus.Add(node);
        return node;
    }

    /// <summary>Starts a GPU node of this cluster's seeds that has a database of its own.</summary>
    public NodeProcess StartStranger() => Start("gpu", Ports.Free(), controlPort: null, Path.Combine(Folder, "another.db"));

    /// <summary>Kills a GPU node that nobody starts again.</summary>
    public async Task LoseAsync(NodeProcess gpu)
    {
        gpus.Remove(gpu);
        await gpu.KillForGoodAsync();
        await gpu.DisposeAsync();
    }

    /// <summary>Starts a coordinator node without a control API.</summary>
    public NodeProcess AddSilentCoordinator()
    {
        var node = Start("coordinator", Ports.Free(), controlPort: null);
        coordinators.Add(node);
        return node;
    }

    /// <summary>Asks a GPU node to leave, waits until it has, and returns how many terms it says it has computed.</summary>
    public async Task<long> DrainAsync(NodeProcess gpu)
    {
        gpus.Remove(gpu);
        await gpu.DrainAsync();
        var computed = gpu.LastOf(NodeProcess.LeftLine);
        await gpu.DisposeAsync();
        return computed ?? throw new InvalidOperationException($"{gpu.Name} has not said good-bye; {KeepLogs()}");
    }

    /// <summary>The coordinator node that owned the run last.</summary>
    public NodeProcess OwnerOf(string run) =>
        coordinators.MaxBy(node => node.OwnedAt(run), StringComparer.Ordinal) is { } owner && owner.OwnedAt(run) is not null
            ? owner
            : throw new InvalidOperationException($"no node owns run {run}; {KeepLogs()}");

    /// <summary>Starts a run, as the command line does.</summary>
    public async Task StartRunAsync(StartRequest run)
    {
        using var response = await client.PostAsJsonAsync(
            $"http://127.0.0.1:{Text(coordinators[0].ControlPort!.Value)}/api/runs", run, MessageJson.Whole);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

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

    /// <summary>Waits until all nodes are up, and no trace is left of those that were lost.</summary>
    public Task UntilAllUpAsync() => UntilAsync(
        "all nodes are up",
        async () => await ListNodesAsync() is { IsDefault: false } found
            && found.Length == coordinators.Count + gpus.Count
            && found.All(node => node.Status == "up" && (node.Device is not null || !node.Roles.Contains("gpu"))));

    /// <summary>Waits until so many proxies of a run are scored.</summary>
    public async Task UntilScoredAsync(string run, int evaluations, ComputedTerms computed) => await UntilAsync(
        $"run {run} gets on",
        async () => await StatusAsync(run, computed) is { } status && status.Evaluations >= evaluations);

    /// <summary>Waits until a run has finished, no node is missing, and all of them have said what they computed.</summary>
    public async Task UntilFinishedAsync(string run, ComputedTerms computed)
    {
        await UntilAsync($"run {run} finishes", async () => await StatusAsync(run, computed) is { State: "finished", IsReporting: false });
        await UntilAllUpAsync();
        computed.Take(await NodesAsync());
    }

    /// <summary>Pauses or resumes a run.</summary>
    public async Task ControlAsync(string run, string verb)
    {
        using var response = await client.PostAsync(
            $"http://127.0.0.1:{Text(coordinators[0].ControlPort!.Value)}/api/runs/{run}/{verb}", content: null);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<bool> IsFinishedAsync(string run) => await GetAsync<RunStatus>($"runs/{run}") is { State: "finished" };

    public async Task<ImmutableArray<NodeListing>> NodesAsync()
    {
        ImmutableArray<NodeListing> found = default;
        // A busy node may not say in time what it computed, and would seem to have computed nothing before.
        await UntilAsync("nodes are listed",
            async () => (found = await ListNodesAsync()) is { IsDefault: false }
            && found.All(node => node.Device is not null || !node.Roles.Contains("gpu")));
        return found;
    }

    /// <summary>The events of a run that all runs of its configuration have in common.</summary>
    public async Task<string> EventsAsync(string run)
    {
        string? events = null;
        await UntilAsync("events are read", async () =>
            (events = await AskAsync($"runs/{run}/events", async content => (string?)await content.ReadAsStringAsync())) is not null);
        return SearchEvents(events!);
    }

    /// <summary>Drops what came from outside.</summary>
    public static string SearchEvents(string lines) => string.Join('\n', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line =>
            !line.Contains("\"searchPaused\"", StringComparison.Ordinal) && !line.Contains("\"searchResumed\"", StringComparison.Ordinal)));

    /// <summary>Those that have lost sight of a coordinator node, as the others say; none where it stays reachable for so long.</summary>
    public async Task<ImmutableArray<string>> ObserversAsync(NodeProcess lost, Task end)
    {
        var other = coordinators.First(node => node != lost && node.ControlPort is not null);
        while (!end.IsCompleted)
        {
            var seen = await client.GetFromJsonAsync<ClusterMembership>(
                $"http://127.0.0.1:{Text(other.ControlPort!.Value)}/api/cluster/members", MessageJson.Options);
            if (seen!.Unreachable.FirstOrDefault(member => member.Node.EndsWith("@" + lost.Address, StringComparison.Ordinal)) is { } found)
            {
                return found.ObservedBy;
            }

            await Task.Delay(Interval);
        }

        return [];
    }

    public async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Patience)
            {
                Assert.Fail($"in vain: {what}; {KeepLogs()}");
            }

            await Task.Delay(Interval);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(coordinators.Concat(gpus).Select(node => node.DisposeAsync().AsTask()));
        client.Dispose();
        if (!isLogNeeded)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private string KeepLogs()
    {
        isLogNeeded = true;
        return $"the nodes' logs are in {Folder}";
    }

    private async Task<RunStatus?> StatusAsync(string run, ComputedTerms computed)
    {
        if (await ListNodesAsync() is { IsDefault: false } nodes)
        {
            computed.Take(nodes);
        }

        var status = await GetAsync<RunStatus>($"runs/{run}");
        // One that was frozen, or whose end the database has not seen yet, owns its run for some seconds more.
        Assert.True(status?.Problem is null || status.Problem.Contains("is being worked on by", StringComparison.Ordinal), status?.Problem);
        return status;
    }

    private async Task<ImmutableArray<NodeListing>> ListNodesAsync() =>
        await GetAsync<ApiPage<NodeListing>>("nodes") is { } page ? page.Items : default;

    private Task<T?> GetAsync<T>(string path) => AskAsync(path, content => content.ReadFromJsonAsync<T>(MessageJson.Options));

    /// <summary>Asks one coordinator after the other; default when none of them answers.</summary>
    private async Task<T?> AskAsync<T>(string path, Func<HttpContent, Task<T?>> read)
    {
        foreach (var node in coordinators.Where(node => !node.IsFrozen && node.ControlPort is not null))
        {
            try
            {
                using var response = await client.GetAsync($"http://127.0.0.1:{Text(node.ControlPort!.Value)}/api/{path}");
                response.EnsureSuccessStatusCode();
                return await read(response.Content);
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException)
            {
                // This one is down, or its run is on the move.
            }
        }

        return default;
    }

    private NodeProcess Start(string role, int port, int? controlPort, string? database = null) => new(
        Folder, $"{role}-{Text(started++)}", port, controlPort,
        "--roles", role, "--port", Text(port), "--join", seeds, "--control",
        controlPort is { } control ? $"127.0.0.1:{Text(control)}" : "none",
        "--db", database ?? Database, "--threads", "1", "--memory", memory.ToString(CultureInfo.InvariantCulture),
        "--unreachable-after", Text(patience), "--stable-after", Text(patience));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
