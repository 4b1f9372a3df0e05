using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Control;

namespace LPZero.Cluster.Tests.Control;

/// <summary>Requests that nobody means.</summary>
public sealed class ApiFuzzTests
{
    private const int Requests = 5000;
    private const int Side = 8;

    private static readonly string[] Paths =
    [
        "runs", "runs/first", "runs/first/pause", "runs/first/resume", "runs/first/tags", "runs/first/definition", "runs/first/leaderboard",
        "runs/first/result", "runs/first/report", "runs/first/export", "runs/first/events", "benchmarks", "benchmarks/validate",
        "benchmarks/made-up", "nodes", "devices", "cluster/members", "cluster/members/x:1", "cluster/shards/runs", "terms", "terms/ensure",
        "scores", "version", "", "runs/first/priority",
    ];

    private static readonly string[] Queries =
        ["limit", "after", "tag", "format", "rank", "operation", "%", "limit[]", "a b"];

    private static readonly string[] Values =
        ["", "-1", "0", "99999999999999999999", "NaN", "%00", "%ff%fe", "../../x", "\u202e", "é", "' or 1=1 --", "{}", "null", "1e999"];

    private static readonly HttpMethod[] Methods =
        [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Head, HttpMethod.Options];

    private static readonly string[] Bodies =
    [
        JsonSerializer.Serialize(ServedRuns.Run("fuzzed"), MessageJson.Options), """{"tags":["a"]}""", """{"operation":"Leave"}""",
        """{"networks":[],"probe":{},"branches":["mean(A)"]}""", """{"contentKeys":["x"],"branches":["A"]}""",
        """{"priority":4}""",
    ];

    [Fact]
    public async Task Malformed_requests_are_refused_at_once_and_leave_the_store_as_it_was()
    {
        await using var served = await ServedRuns.StartAsync(held: true, limits: new ApiLimits
        {
            RequestsPerSecond = 1_000_000, Burst = 1_000_000, LargestRequest = 100_000,
        });
        (await served.PostAsync(ServedRuns.Run("first"))).Dispose();
        var definition = await served.GetAsync("/api/runs/first/definition");
        var failures = new List<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Side), async (worker, _) =>
        {
            var random = new Random(4108 + worker);
            for (var i = 0; i < Requests / Side; i++)
            {
                using var request = Next(random);
                var said = $"{request.Method} {request.RequestUri}";
                try
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                    using var answer = await served.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                    if ((int)answer.StatusCode >= 500)
                    {
                        Note($"{said}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(patience.Token)}");
                    }
                }
                catch (HttpRequestException)
                {
                    // It was no HTTP at all, and the server has hung up.
                }
                catch (OperationCanceledException)
                {
                    Note($"{said}: no answer");
                }
            }
        });

        Assert.True(failures.Count == 0, string.Join('\n', failures.Distinct().Take(10)));
        Assert.Equal(definition.ToJsonString(), (await served.GetAsync("/api/runs/first/definition")).ToJsonString());
        var runs = (await served.GetAsync("/api/runs"))["items"]!.AsArray().Select(run => run!["name"]!.GetValue<string>()).ToList();
        Assert.Contains("first", runs);
        // What was whole by chance is a run, under a name that one may have.
        Assert.All(runs, run => Assert.True(RunName.IsValid(run), run));

        void Note(string failure)
        {
            lock (failures)
            {
                failures.Add(failure);
            }
        }
    }

    private static HttpRequestMessage Next(Random random)
    {
        var path = new StringBuilder("/api/").Append(Paths[random.Next(Paths.Length)]);
        if (random.Next(4) == 0)
        {
            path.Append('/').Append(Uri.EscapeDataString(Values[random.Next(Values.Length)]));
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            path.Append(path.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?')
                .Append(Uri.EscapeDataString(Queries[random.Next(Queries.Length)])).Append('=')
                .Append(Uri.EscapeDataString(Values[random.Next(Values.Length)]));
        }

        var request = new HttpRequestMessage(Methods[random.Next(Methods.Length)], path.ToString());
        // Never the run itself: whoever may delete it may delete it.
        if (request.Method == HttpMethod.Delete && path.ToString().StartsWith("/api/runs/first", StringComparison.Ordinal))
        {
            request.Method = HttpMethod.Put;
        }

        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
        {
            var kind = random.Next(5) switch
            {
                0 => "text/plain",
                1 => "application/x-www-form-urlencoded",
                _ => "application/json",
            };
            request.Content = new ByteArrayContent(Body(random));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", kind);
        }

        foreach (var header in (string[])["Accept", "Last-Event-ID", "Idempotency-Key", "Authorization"])
        {
            if (random.Next(6) == 0)
            {
                // The client itself sends no others.
                request.Headers.TryAddWithoutValidation(
                    header, string.Concat(Values[random.Next(Values.Length)].Where(char.IsAscii)));
            }
        }

        return request;
    }

    /// <summary>A body that was whole once: bytes of it changed, left out or added, or a value of it replaced.</summary>
    private static byte[] Body(Random random)
    {
        var text = Bodies[random.Next(Bodies.Length)];
        if (random.Next(2) == 0)
        {
            return Encoding.UTF8.GetBytes(Replaced(text, random));
        }

        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static string Replaced(string text, Random random)
    {
        var root = JsonNode.Parse(text)!.AsObject();
        var at = root;
        while (true)
        {
            var fields = at.Select(field => field.Key).ToList();
            var name = fields[random.Next(fields.Count)];
            if (at[name] is JsonObject { Count: > 0 } inner && random.Next(3) > 0)
            {
                at = inner;
                continue;
            }

            at[name] = random.Next(7) switch
            {
                0 => null,
                1 => -1,
                2 => 1e308,
                3 => "\u0007",
                4 => new JsonArray(null, 1, "x"),
                5 => new JsonObject { ["x"] = 1 },
                _ => long.MaxValue,
            };
            return root.ToJsonString();
        }
    }
}
