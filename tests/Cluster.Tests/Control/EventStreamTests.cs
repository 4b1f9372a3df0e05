using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LPZero.Seed.Control;

namespace LPZero.Cluster.Tests.Control;

/// <summary>A run that is followed as it goes on.</summary>
public sealed class EventStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly ApiLimits Brisk = new() { EventInterval = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public async Task Whoever_follows_and_reconnects_has_every_event_once_and_the_end()
    {
        await using var served = await ServedRuns.StartAsync(limits: Brisk);
        (await served.PostAsync(ServedRuns.Run("first", iterations: 60))).Dispose();
        var read = new List<(long Number, string Text)>();
        var connections = 0;
        while (await FollowAsync(served, "first", read, most: 13))
        {
            connections++;
        }

        Assert.True(connections > 3, "it never had to reconnect");
        await LocalRun.EndAsync(served.Service, "first");
        var stored = await served.Service.EventsAsync("first", default);
        Assert.Equal(stored, read.Select(happened => happened.Text));
        Assert.Equal(Enumerable.Range(1, stored.Length).Select(number => (long)number), read.Select(happened => happened.Number));
        // A run that has ended has no more, however often one asks.
        Assert.False(await FollowAsync(served, "first", read, most: 13));
        Assert.Equal(stored.Length, read.Count);
    }

    [Fact]
    public async Task Watchers_that_read_nothing_slow_neither_the_run_nor_the_others()
    {
        const int Lazy = 20;
        await using var served = await ServedRuns.StartAsync(limits: Brisk with { EventStreams = Lazy + 1 });
        // Its events are more than sockets and servers keep for a client that reads nothing.
        var run = ServedRuns.Run("first", iterations: 60);
        (await served.PostAsync(
            run with { Configuration = run.Configuration with { Population = 100, OffspringPerIteration = 100 } })).Dispose();
        using var narrow = new HttpClient(new SocketsHttpHandler { ConnectCallback = NarrowAsync }) { BaseAddress = new Uri(served.Url) };
        var lazy = await Task.WhenAll(Enumerable.Range(0, Lazy).Select(_ => StreamAsync(narrow, "first", after: 0)));
        Assert.All(lazy, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var read = new List<(long Number, string Text)>();
        Assert.False(await FollowAsync(served, "first", read, most: int.MaxValue));
        await LocalRun.EndAsync(served.Service, "first");
        var stored = await served.Service.EventsAsync("first", default);
        Assert.Equal(stored, read.Select(happened => happened.Text));

        // The run has ended, and a server that had room for all of it would be done with them: with one more like them no place is free.
        Assert.True(stored.Sum(text => text.Length) > 500_000);
        using (await StreamAsync(narrow, "first", after: 0))
        {
            await ServedRuns.ProblemAsync(HttpStatusCode.TooManyRequests, await StreamAsync(served, "first", after: 0));
        }

        // Nor has any of them lost anything.
        using var patience = new CancellationTokenSource(Patience);
        foreach (var answer in lazy)
        {
            var texts = new List<string>();
            await foreach (var item in Items(answer, patience.Token))
            {
                texts.AddRange(item.EventType == "message" ? [item.Data] : (string[])[]);
            }

            Assert.Equal(stored, texts);
            answer.Dispose();
        }
    }

    [Fact]
    public async Task No_more_than_so_many_follow_and_places_are_given_back()
    {
        await using var served = await ServedRuns.StartAsync(held: true, limits: Brisk with { EventStreams = 1 });
        (await served.PostAsync(ServedRuns.Run("first"))).Dispose();
        using (await StreamAsync(served, "first", after: 0))
        {
            await ServedRuns.ProblemAsync(HttpStatusCode.TooManyRequests, await StreamAsync(served, "first", after: 0));
        }

        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            using var answer = await StreamAsync(served, "first", after: 0);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_silent_run_is_heard_of_and_what_is_wrong_is_said_before_the_stream_begins()
    {
        await using var served = await ServedRuns.StartAsync(held: true, limits: Brisk with { Heartbeat = TimeSpan.FromMilliseconds(20) });
        (await served.PostAsync(ServedRuns.Run("first"))).Dispose();
        using var answer = await StreamAsync(served, "first", after: 0);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var item in Items(answer, patience.Token))
        {
            if (item.EventType == "heartbeat")
            {
                break;
            }
        }

        await ServedRuns.ProblemAsync(HttpStatusCode.NotFound, await StreamAsync(served, "missing", after: 0));
        var problem = await ServedRuns.ProblemAsync(HttpStatusCode.BadRequest, await served.SendAsync(
            HttpMethod.Get, "/api/runs/first/events", null, ("Accept", "text/event-stream"), ("Last-Event-ID", "yesterday")));
        Assert.Equal("Last-Event-ID", problem.Field);
    }

    [Fact]
    public async Task Events_are_had_page_by_page_and_line_by_line()
    {
        await using var served = await ServedRuns.StartAsync();
        (await served.PostAsync(ServedRuns.Run("first"))).Dispose();
        await LocalRun.EndAsync(served.Service, "first");
        var lines = (await served.Client.GetStringAsync("/api/runs/first/events")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(await served.Service.EventsAsync("first", default), lines);
        var (read, after) = (new List<string>(), "0");
        while (after.Length > 0)
        {
            using var answer = await served.SendAsync(
                HttpMethod.Get, $"/api/runs/first/events?limit=7&after={after}", null, ("Accept", "application/json"));
            var page = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            read.AddRange(page["items"]!.AsArray().Select(item => item!["event"]!.ToJsonString(Messages.MessageJson.Options)));
            after = page["next"]?.GetValue<string>() ?? "";
        }

        Assert.Equal(lines, read);
    }

    /// <summary>Reads at most so many events behind those that were read; false where the stream has ended by itself.</summary>
    private static async Task<bool> FollowAsync(ServedRuns served, string run, List<(long Number, string Text)> read, int most)
    {
        using var answer = await StreamAsync(served, run, read.Count == 0 ? 0 : read[^1].Number);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var item in Items(answer, patience.Token))
        {
            if (item.EventType == "message")
            {
                read.Add((long.Parse(item.EventId!, CultureInfo.InvariantCulture), item.Data));
                if (--most == 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What an answer streams; a stream in which nothing comes ends the test.</summary>
    private static IAsyncEnumerable<SseItem<string>> Items(HttpResponseMessage answer, CancellationToken patience) =>
        SseParser.Create(answer.Content.ReadAsStream(patience)).EnumerateAsync(patience);

    /// <summary>Connects with a socket that takes little ahead of who reads.</summary>
    private static async ValueTask<Stream> NarrowAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        const int Tcp = 6;
        const int LargestSegment = 2;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        // With the large segments of loopback Linux keeps megabytes for who sends.
        socket.SetRawSocketOption(Tcp, LargestSegment, BitConverter.GetBytes(1000));
        await socket.ConnectAsync(context.DnsEndPoint, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<HttpResponseMessage> StreamAsync(HttpClient client, string run, long after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{run}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", after.ToString(CultureInfo.InvariantCulture));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static Task<HttpResponseMessage> StreamAsync(ServedRuns served, string run, long after) => served.SendAsync(
        HttpMethod.Get, $"/api/runs/{run}/events", null, ("Accept", "text/event-stream"),
        ("Last-Event-ID", after == 0 ? null : after.ToString(CultureInfo.InvariantCulture)));
}
