using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using LPZero.Cluster.Tests.Processes;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;

namespace LPZero.Cluster.Tests.Telemetry;

/// <summary>A whole node in the tests' process, watched through its control port.</summary>
internal sealed class WatchedNode : IAsyncDisposable
{
    private const string Token = "not-for-the-log";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-watched-").FullName;
    private readonly CancellationTokenSource ended = new();
    private readonly Database database;
    private readonly DeviceThreads devices = new(["cpu"], 1L << 30, () => new FusedEvaluator());
    private readonly Node node;
    private readonly Task running;

    public WatchedNode(TelemetryOptions telemetry)
    {
        var (port, control) = (Ports.Free(), Ports.Free());
        Client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{control}")) };
        database = new Database(Path.Combine(folder, "lpzero.db"));
        node = Node.Create(
            new NodeOptions
            {
                Roles = [ClusterNames.Coordinator, ClusterNames.Gpu],
                Port = port,
                Seeds = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")],
                ControlHost = "127.0.0.1",
                ControlPort = control,
                Security = new ApiSecurity { Token = Token },
                Telemetry = telemetry,
            },
            database, devices);
        running = node.RunAsync(ended.Token);
    }

    /// <summary>Asks the control port; without the token until <see cref="ShowToken"/>.</summary>
    public HttpClient Client { get; }

    public void ShowToken() => Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

    /// <summary>Looks again and again until the answer is the one that is waited for.</summary>
    /// <returns>The answer's text.</returns>
    public async Task<string> UntilAsync(string path, Func<HttpResponseMessage, string, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!running.IsCompleted)
        {
            try
            {
                using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative), patience.Token);
                var text = await answer.Content.ReadAsStringAsync(patience.Token);
                if (isIt(answer, text))
                {
                    return text;
                }
            }
            catch (HttpRequestException)
            {
                // Nothing listens yet.
            }

            await Task.Delay(BetweenLooks, patience.Token);
        }

        await running;
        throw new InvalidOperationException("the node has ended");
    }

    /// <summary>Has a run done from its start to its report.</summary>
    public async Task RunAsync(StartRequest run)
    {
        using var started = await Client.PostAsJsonAsync("/api/runs", run, MessageJson.Whole);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        await UntilAsync(
            $"/api/runs/{run.Name}",
            (_, status) => status.Contains("\"state\":\"finished\"", StringComparison.Ordinal)
                && status.Contains("\"isReporting\":false", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await node.DisposeAsync();
        devices.Dispose();
        await database.DisposeAsync();
        Client.Dispose();
        ended.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
