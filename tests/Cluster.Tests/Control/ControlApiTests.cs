using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LPZero.Cluster.Tests.Control;

/// <summary>The control API over a real socket, in front of a service whose directory is a file or fails.</summary>
public sealed class ControlApiTests : ClusterTestKit
{
    [Fact]
    public async Task What_fails_unexpectedly_is_answered_with_its_reason_and_logged()
    {
        var runs = new MemoryRunDirectory(Synthetic.Record);
        runs.Uses.Want(1);
        var log = new ListLog();
        await using var api = await StartAsync(runs, log);
        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };

        using var answer = await client.GetAsync("/api/runs");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("the database is away", body.RootElement.GetProperty("detail").GetString());
        Assert.Contains(log.Lines, line =>
            line.Contains("/api/runs", StringComparison.Ordinal) && line.Contains("the database is away", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_digest_of_a_benchmark_is_computed_from_its_content_whatever_the_client_says()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-digest-").FullName;
        await using (var database = new Database(Path.Combine(folder, "lpzero.db")))
        {
            await database.CreateTablesAsync();
            await using var api = await StartAsync(new SqlRunDirectory(database), new ListLog());
            using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
            var request = JsonSerializer.SerializeToNode(
                new StartRequest("first", Synthetic.Configuration, Synthetic.Benchmark), MessageJson.Whole)!;
            request["benchmarkDigest"] = "of another benchmark";

            using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/api/runs", content);

            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            Assert.Equal(
                BenchmarkDigest.Of(Synthetic.Benchmark), (await new SqlRunDirectory(database).FindAsync("first"))!.BenchmarkDigest);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_meant_is_refused_with_its_field()
    {
        await using var api = await StartAsync(new MemoryRunDirectory(Synthetic.Record), new ListLog());
        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
        var request = new StartRequest("first", Synthetic.Configuration with { Population = 2_000_000_000 }, Synthetic.Benchmark);

        using var answer = await client.PostAsJsonAsync("/api/runs", request, MessageJson.Options);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = (await answer.Content.ReadFromJsonAsync<ApiProblem>(MessageJson.Options))!;
        Assert.Contains("population 2000000000", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("configuration.population", problem.Field);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("\"high\"")]
    [InlineData("1.5")]
    public async Task A_priority_out_of_range_is_refused_with_its_field(string priority)
    {
        await using var api = await StartAsync(new MemoryRunDirectory(Synthetic.Record), new ListLog());
        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
        var request = JsonSerializer.SerializeToNode(
            new StartRequest("first", Synthetic.Configuration, Synthetic.Benchmark), MessageJson.Whole)!;
        request["priority"] = System.Text.Json.Nodes.JsonNode.Parse(priority);

        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/runs", content);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("priority", (await answer.Content.ReadFromJsonAsync<ApiProblem>(MessageJson.Options))!.Field);
    }

    [Fact]
    public async Task A_run_is_deleted_by_its_owner_or_the_reason_why_not_is_a_conflict()
    {
        await using var api = await StartAsync(new MemoryRunDirectory(Synthetic.Record), new ListLog());
        using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
        var uri = new Uri("/api/runs/first", UriKind.Relative);

        var refused = client.DeleteAsync(uri);
        Assert.Equal("first", ExpectMsg<DeleteRun>().Run);
        LastSender.Tell(new RunRefused("it is being worked on"));
        using var conflict = await refused;
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        Assert.Contains("it is being worked on", await conflict.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var deleted = client.DeleteAsync(uri);
        ExpectMsg<DeleteRun>();
        LastSender.Tell(new RunDeleted("first"));
        using var done = await deleted;
        Assert.Equal("""{"schemaVersion":1,"run":"first","deleted":true}""", await done.Content.ReadAsStringAsync());
    }

    private async Task<WebApplication> StartAsync(IRunDirectory runs, ILoggerProvider log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = builder.Build();
        var service = new ActorSearchService(
            TestActor, runs, reader: null!, terms: null!, new LocalMembers(devices: null), TimeProvider.System);
        ControlApi.Map(api, () => service);
        await api.StartAsync();
        return api;
    }

    private sealed class ListLog : ILoggerProvider, ILogger
    {
        public ConcurrentBag<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{formatter(state, exception)}: {exception?.Message}");

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
