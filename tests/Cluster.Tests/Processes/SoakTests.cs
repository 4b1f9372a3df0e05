using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using LPZero.Messages;
using LPZero.Messages.Control;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>
/// A server that works on five runs for a while, each followed by ten watchers: what it holds does not grow. Part of
/// <c>./lpzero test --all</c>; <c>bench/soak</c> does it for longer.
/// </summary>
public sealed class SoakTests : IDisposable
{
    private const int Runs = 5;
    private const int Watchers = 10;
    private const double Minutes = 2;
    private const double GrowthOfMemory = 1.25;
    private const double Megabytes = 64;
    private const int MoreThreads = 12;
    private const int MoreHandles = 24;

    // A fifth of them is to be some.
    private const int LeastSamples = 25;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(
        Environment.GetEnvironmentVariable("LPZERO_SOAK_MINUTES") is { Length: > 0 } minutes
            ? double.Parse(minutes, CultureInfo.InvariantCulture)
            : Minutes);

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-soak-").FullName;
    private readonly HttpClient client;
    private readonly string address;

    public SoakTests()
    {
        address = $"127.0.0.1:{Ports.Free().ToString(CultureInfo.InvariantCulture)}";
        client = new HttpClient { BaseAddress = new Uri($"http://{address}"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Trait("Category", "All")]
    public async Task Five_runs_with_fifty_watchers_leave_memory_handles_and_threads_flat()
    {
        using var server = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), "serve", "--control", address, "--db", Path.Combine(folder, "lpzero.db"),
            "--threads", "1", "--memory", "2",
        ])
        {
            WorkingDirectory = folder, UseShellExecute = false,
        })!;
        try
        {
            await UntilListeningAsync();
            var names = Enumerable.Range(0, Runs).Select(run => $"soak-{run.ToString(CultureInfo.InvariantCulture)}").ToList();
            foreach (var (run, name) in names.Index())
            {
                var search = SharedCluster.Search(name, seed: run + 1, iterations: 1_000_000);
                using var started = await client.PostAsJsonAsync(
                    "/api/runs", search with { Configuration = search.Configuration with { UnaryOperations = 2 } }, MessageJson.Whole)
                    .WaitAsync(Patience);
                Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
            }

            using var ending = new CancellationTokenSource();
            var watchers = names.SelectMany(name => Enumerable.Range(0, Watchers).Select(_ => WatchAsync(name, ending.Token))).ToList();
            var samples = await SampleAsync(server, Duration);
            Assert.All(watchers, watcher => Assert.False(watcher.IsCompleted, watcher.Exception?.ToString()));
            foreach (var name in names)
            {
                var status = await client.GetFromJsonAsync<RunStatus>($"/api/runs/{name}", MessageJson.Options).WaitAsync(Patience);
                Assert.Equal("running", status!.State);
            }

            await ending.CancelAsync();
            Assert.All(await Task.WhenAll(watchers).WaitAsync(Patience), read => Assert.True(read > 0, "a watcher has read nothing"));
            AssertFlat(samples);
            await UntilAsync(_ => Task.FromResult(Sample.Of(server).Handles < samples[^1].Handles - (Runs * Watchers / 2)));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    /// <summary>Compares the last fifth of the time with the third, by when all is warm.</summary>
    private static void AssertFlat(IReadOnlyList<Sample> samples)
    {
        Assert.True(samples.Count >= LeastSamples, $"{samples.Count} samples are too few to compare: soak for longer");
        var fifth = samples.Count / 5;
        var (middle, last) = (samples.Skip(2 * fifth).Take(fifth).ToList(), samples.Skip(4 * fifth).ToList());
        var (memory, later) = (Median(middle), Median(last));
        Assert.True(later <= (memory * GrowthOfMemory) + (Megabytes * 1e6), $"memory grew from {memory} to {later} bytes");
        Assert.InRange(last.Max(sample => sample.Threads), 1, middle.Max(sample => sample.Threads) + MoreThreads);
        Assert.InRange(last.Max(sample => sample.Handles), 1, middle.Max(sample => sample.Handles) + MoreHandles);

        static double Median(List<Sample> of) => of.Select(sample => sample.Bytes).Order().ElementAt(of.Count / 2);
    }

    private static async Task<IReadOnlyList<Sample>> SampleAsync(Process server, TimeSpan duration)
    {
        var samples = new List<Sample>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < duration; await Task.Delay(Interval))
        {
            samples.Add(Sample.Of(server));
        }

        return samples;
    }

    /// <summary>Follows a run until it is cancelled; every event comes once. Returns how many.</summary>
    private async Task<long> WatchAsync(string run, CancellationToken stop)
    {
        var read = 0L;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{run}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            answer.EnsureSuccessStatusCode();
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(stop)).EnumerateAsync(stop))
            {
                if (item.EventType == "message")
                {
                    Assert.Equal(++read, long.Parse(item.EventId!, CultureInfo.InvariantCulture));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return read;
        }

        throw new InvalidOperationException($"the events of a run that goes on have ended after {read}");
    }

    private Task UntilListeningAsync() => UntilAsync(async patience =>
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative), patience);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private static async Task UntilAsync(Func<CancellationToken, Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition(patience.Token))
        {
            await Task.Delay(Interval, patience.Token);
        }
    }

    /// <summary>What a process holds.</summary>
    private sealed record Sample(long Bytes, int Threads, int Handles)
    {
        public static Sample Of(Process process)
        {
            process.Refresh();
            return new Sample(process.WorkingSet64, process.Threads.Count, process.HandleCount);
        }
    }
}
