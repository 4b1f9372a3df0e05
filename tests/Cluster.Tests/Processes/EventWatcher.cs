using System.Globalization;
using System.Net.ServerSentEvents;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>
/// A client that follows the events of a run, as a browser does: when its stream breaks, it goes on behind the last event that it has, at
/// the next of the nodes.
/// </summary>
internal sealed class EventWatcher : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<int> ports;
    private readonly string run;
    private readonly List<(long Number, string Text)> events = [];
    private readonly Task<IReadOnlyList<(long Number, string Text)>> following;

    /// <summary>Begins to follow.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ports">The control APIs, in the order in which they are tried.</param>
    public EventWatcher(string run, IReadOnlyList<int> ports)
    {
        (this.run, this.ports) = (run, ports);
        following = Task.Run(FollowAsync);
    }

    /// <summary>Completes with the first event.</summary>
    public Task Begun => begun.Task.WaitAsync(Patience);

    /// <summary>The nodes at which it has read anything, each as often as it went there.</summary>
    public List<int> Places { get; } = [];

    /// <summary>What it has read when the stream has ended by itself, which is to be soon.</summary>
    public Task<IReadOnlyList<(long Number, string Text)>> EventsAsync() => following.WaitAsync(Patience);

    public void Dispose()
    {
        ending.Cancel();
        client.Dispose();
        ending.Dispose();
    }

    private async Task<IReadOnlyList<(long Number, string Text)>> FollowAsync()
    {
        for (var place = 0; ; place = (place + 1) % ports.Count)
        {
            try
            {
                await FollowAsync(ports[place]);
                if (events is [.., var last] && last.Text.Contains("\"searchFinished\"", StringComparison.Ordinal))
                {
                    return events;
                }
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException)
            {
                // The node is gone; another goes on.
            }

            await Task.Delay(Interval, ending.Token);
        }
    }

    private async Task FollowAsync(int port)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/api/runs/{run}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (events is [.., var last])
        {
            request.Headers.Add("Last-Event-ID", last.Number.ToString(CultureInfo.InvariantCulture));
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token);
        answer.EnsureSuccessStatusCode();
        var isRead = false;
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(ending.Token)).EnumerateAsync(ending.Token))
        {
            if (item.EventType != "message")
            {
                continue;
            }

            events.Add((long.Parse(item.EventId!, CultureInfo.InvariantCulture), item.Data));
            if (!isRead)
            {
                isRead = true;
                Places.Add(port);
            }

            begun.TrySetResult();
        }
    }
}
