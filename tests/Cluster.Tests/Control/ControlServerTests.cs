using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;

namespace LPZero.Cluster.Tests.Control;

/// <summary>The control API as anybody sees it who has a client for HTTP: the real server on the real engine.</summary>
public sealed class ControlServerTests
{
    [Fact]
    public async Task A_repeated_request_with_its_key_starts_nothing_and_is_answered_alike()
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        using var first = await served.PostAsync(ServedRuns.Run("first"), "key-1");
        using var again = await served.PostAsync(ServedRuns.Run("first"), "key-1");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal("/api/runs/first", first.Headers.Location!.ToString());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("first", Assert.Single((await served.GetAsync("/api/runs"))["items"]!.AsArray())!["name"]!.GetValue<string>());

        var other = await ServedRuns.ProblemAsync(
            HttpStatusCode.Conflict, await served.PostAsync(ServedRuns.Run("second"), "key-1"));
        Assert.Equal("Idempotency-Key", other.Field);
        var taken = await ServedRuns.ProblemAsync(HttpStatusCode.Conflict, await served.PostAsync(ServedRuns.Run("first")));
        Assert.Equal("name", taken.Field);
    }

    [Fact]
    public async Task Of_two_clients_that_start_one_name_one_does()
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => served.PostAsync(ServedRuns.Run("raced", iterations: 5 + i))));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));

        // Both are carried out, one after the other, and the run is where the last one left it.
        var verbs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            served.SendAsync(HttpMethod.Post, $"/api/runs/raced/{(i % 2 == 0 ? "pause" : "stop")}")));
        Assert.All(verbs, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal("stopped", (await served.GetAsync("/api/runs/raced"))["state"]!.GetValue<string>());
        Assert.Single(
            await served.Service.EventsAsync("raced", default), line => line.Contains("searchStopped", StringComparison.Ordinal));
        foreach (var answer in answers.Concat(verbs))
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Lists_come_in_parts_and_runs_are_found_by_their_tags()
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            (await served.PostAsync(ServedRuns.Run(name))).Dispose();
        }

        var (names, after) = (new List<string>(), "");
        do
        {
            var page = await served.GetAsync($"/api/runs?limit=2{after}");
            Assert.Equal(JsonDocuments.SchemaVersion, page["schemaVersion"]!.GetValue<int>());
            names.AddRange(page["items"]!.AsArray().Select(run => run!["name"]!.GetValue<string>()));
            after = page["next"] is { } next ? $"&after={Uri.EscapeDataString(next.GetValue<string>())}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(["a", "b", "c", "d", "e"], names);
        using var tagged = await served.SendAsync(HttpMethod.Put, "/api/runs/c/tags", ServedRuns.Json("""{"tags":["nightly","big"]}"""));
        Assert.Equal(
            """["big","nightly"]""", (await tagged.Content.ReadFromJsonAsync<JsonObject>())!["tags"]!.ToJsonString());
        var found = Assert.Single((await served.GetAsync("/api/runs?tag=nightly"))["items"]!.AsArray())!;
        Assert.Equal("c", found["name"]!.GetValue<string>());
        Assert.Empty((await served.GetAsync("/api/runs?tag=weekly"))["items"]!.AsArray());

        // The command line's own client reads all parts.
        using var client = new HttpSearchService(served.Url["http://".Length..]);
        Assert.Equal(names, (await client.ListAsync(default)).Select(run => run.Name));
    }

    [Fact]
    public async Task A_run_is_given_another_priority_which_is_stored_and_said()
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        (await served.PostAsync(ServedRuns.Run("first"))).Dispose();
        using var changed = await served.SendAsync(HttpMethod.Put, "/api/runs/first/priority", ServedRuns.Json("""{"priority":4}"""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(4, (await changed.Content.ReadFromJsonAsync<JsonObject>())!["priority"]!.GetValue<int>());
        Assert.Equal(4, (await served.GetAsync("/api/runs/first"))["priority"]!.GetValue<int>());

        using var client = new HttpSearchService(served.Url["http://".Length..]);
        Assert.Equal(9, (await client.PrioritizeAsync("first", 9, default)).Priority);
    }

    [Fact]
    public async Task A_run_is_started_by_the_name_of_an_uploaded_benchmark_and_a_few_fields_and_its_results_are_had_in_every_form()
    {
        await using var served = await ServedRuns.StartAsync();
        var file = new BenchmarkFile(Synthetic.Benchmark).ToJson();
        using var valid = await served.SendAsync(HttpMethod.Post, "/api/benchmarks/validate", ServedRuns.Json(file));
        Assert.Equal(HttpStatusCode.OK, valid.StatusCode);
        Assert.Empty((await served.GetAsync("/api/benchmarks"))["items"]!.AsArray());
        for (var i = 0; i < 2; i++)
        {
            using var stored = await served.SendAsync(HttpMethod.Post, "/api/benchmarks", ServedRuns.Json(file));
            Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        }

        var listed = Assert.Single((await served.GetAsync("/api/benchmarks"))["items"]!.AsArray())!;
        Assert.Equal(BenchmarkDigest.Of(Synthetic.Benchmark), listed["digest"]!.GetValue<string>());

        using var started = await served.SendAsync(HttpMethod.Post, "/api/runs", ServedRuns.Json("""
            {"name": "first", "benchmark": "made-up", "configuration": {
                "population": 6, "iterations": 4, "batchSize": 2, "minDistinct": 0.2}}
            """));
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        await LocalRun.EndAsync(served.Service, "first");

        // What is left out is the preset's, as far as the benchmark has room for it.
        var definition = await served.GetAsync("/api/runs/first/definition");
        var searched = definition["configuration"]!["searchArchitectures"]!.GetValue<int>();
        Assert.Equal(Synthetic.Benchmark.Architectures.Length * 2 / 3, searched);
        Assert.Equal(Synthetic.Benchmark.Sizes.Positions, definition["configuration"]!["sequenceLength"]!.GetValue<int>());
        Assert.Equal((6, 0.5), (definition["configuration"]!["population"]!.GetValue<int>(),
            definition["configuration"]!["crossoverRate"]!.GetValue<double>()));
        Assert.Equal("finished", (await served.GetAsync("/api/runs/first"))["state"]!.GetValue<string>());
        Assert.NotEmpty((await served.GetAsync("/api/runs/first/leaderboard"))["entries"]!.AsArray());
        Assert.NotNull((await served.GetAsync("/api/runs/first/report"))["proxies"]);
        foreach (var (path, beginning) in ((string, string)[])[
            ("report?format=html", "<!DOCTYPE html>"), ("report?format=markdown", "# "), ("export", "# One proxy of run first"),
            ("export?format=csv", "rank,"), ("export?format=json", "["), ("export?format=latex&rank=2", ""),
        ])
        {
            var text = await served.Client.GetStringAsync($"/api/runs/first/{path}");
            Assert.StartsWith(beginning, text, StringComparison.OrdinalIgnoreCase);
            Assert.NotEqual("", text);
        }

        await ServedRuns.ProblemAsync(
            HttpStatusCode.UnprocessableEntity, await served.SendAsync(HttpMethod.Get, "/api/runs/first/export?rank=100000"));
        Assert.Equal(ProgramVersion.Text, (await served.GetAsync("/api/version"))["version"]!.GetValue<string>());
        Assert.NotNull(Assert.Single((await served.GetAsync("/api/devices"))["items"]!.AsArray())!["device"]);
    }

    [Fact]
    public async Task What_is_too_large_and_what_comes_too_often_is_refused_and_the_next_client_is_served()
    {
        var limits = new ApiLimits { LargestRequest = 1000, Burst = 20, RequestsPerSecond = 10 };
        await using var served = await ServedRuns.StartAsync(held: true, limits: limits);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/api/benchmarks") { Content = ServedRuns.Json(new string(' ', 2000)) };
        large.Headers.ExpectContinue = true; // a body that nobody reads is not sent
        await ServedRuns.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, await served.Client.SendAsync(large));

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => served.SendAsync(HttpMethod.Get, "/api/version")));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.InRange(
            int.Parse(answer.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture), 1, 60));
        await ServedRuns.ProblemAsync(HttpStatusCode.TooManyRequests, refused[0]);
        using var alive = await served.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Every_document_says_by_which_version_it_is_to_be_read()
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        (await served.PostAsync(ServedRuns.Run("first"))).Dispose();
        foreach (var path in (string[])["runs", "runs/first", "runs/first/definition", "runs/first/leaderboard", "runs/first/result",
            "benchmarks", "benchmarks/made-up", "nodes", "devices", "version"])
        {
            Assert.Equal(1, (await served.GetAsync($"/api/{path}"))["schemaVersion"]!.GetValue<int>());
        }

        using var missing = await served.SendAsync(HttpMethod.Get, "/api/runs/missing");
        using var problem = JsonDocument.Parse(await missing.Content.ReadAsStringAsync());
        Assert.Equal(1, problem.RootElement.GetProperty("schemaVersion").GetInt32());
    }
}
