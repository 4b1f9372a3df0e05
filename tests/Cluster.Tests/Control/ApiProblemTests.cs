using System.Net;

namespace LPZero.Cluster.Tests.Control;

/// <summary>Requests that are not carried out, each for one reason, and leave nothing behind.</summary>
public sealed class ApiProblemTests(ApiProblemTests.Fixture fixture) : IClassFixture<ApiProblemTests.Fixture>
{
    private readonly ServedRuns served = fixture.Served;

    [Theory]
    [InlineData("GET", "/api/runs/missing", null, HttpStatusCode.NotFound, null)]
    [InlineData("POST", "/api/runs/missing/pause", null, HttpStatusCode.NotFound, null)]
    [InlineData("GET", "/api/runs/missing/leaderboard", null, HttpStatusCode.NotFound, null)]
    [InlineData("GET", "/api/runs/..%2F..%2Fetc%2Fpasswd", null, HttpStatusCode.NotFound, "run")]
    [InlineData("GET", "/api/runs/a%20b/definition", null, HttpStatusCode.NotFound, "run")]
    [InlineData("GET", "/api/nothing", null, HttpStatusCode.NotFound, null)]
    [InlineData("PATCH", "/api/runs", null, HttpStatusCode.MethodNotAllowed, null)]
    [InlineData("GET", "/api/runs?limit=many", null, HttpStatusCode.BadRequest, "limit")]
    [InlineData("GET", "/api/runs?limit=0", null, HttpStatusCode.BadRequest, "limit")]
    [InlineData("GET", "/api/benchmarks/missing", null, HttpStatusCode.NotFound, null)]
    [InlineData("GET", "/api/cluster/members", null, HttpStatusCode.Conflict, null)]
    [InlineData("PUT", "/api/cluster/members/127.0.0.1:4053", """{"operation":"Explode"}""", HttpStatusCode.UnprocessableEntity,
        "operation")]
    [InlineData("POST", "/api/runs", "{", HttpStatusCode.BadRequest, null)]
    [InlineData("POST", "/api/runs", "[]", HttpStatusCode.BadRequest, null)]
    [InlineData("POST", "/api/runs", """{"name":"x","name":"y"}""", HttpStatusCode.BadRequest, null)]
    [InlineData("POST", "/api/runs", """{"benchmark":"made-up"}""", HttpStatusCode.UnprocessableEntity, "name")]
    [InlineData("POST", "/api/runs", """{"name":"x","benchmark":"missing"}""", HttpStatusCode.UnprocessableEntity, "benchmark")]
    [InlineData("POST", "/api/runs", """{"name":"x","configuration":{"preset":"papr"}}""", HttpStatusCode.UnprocessableEntity,
        "configuration.preset")]
    [InlineData("POST", "/api/runs", """{"name":"x","configuration":{"popluation":9}}""", HttpStatusCode.UnprocessableEntity,
        "configuration.popluation")]
    [InlineData("POST", "/api/runs", """{"name":"x","configuration":{"population":"many"}}""", HttpStatusCode.UnprocessableEntity,
        "configuration.population")]
    [InlineData("POST", "/api/runs", """{"name":"x","configuration":{"startWith":[null]}}""", HttpStatusCode.UnprocessableEntity,
        "configuration.startWith")]
    [InlineData("POST", "/api/runs", """{"name":"x","configuration":{"population":"many"},"benchmark":"missing"}""",
        HttpStatusCode.UnprocessableEntity, "configuration.population")]
    [InlineData("PUT", "/api/runs/missing/tags", """{"tags":["a b"]}""", HttpStatusCode.UnprocessableEntity, "tags")]
    [InlineData("PUT", "/api/runs/missing/tags", """{"tags":["a"]}""", HttpStatusCode.NotFound, null)]
    [InlineData("PUT", "/api/runs/missing/priority", """{"priority":0}""", HttpStatusCode.UnprocessableEntity, "priority")]
    [InlineData("PUT", "/api/runs/missing/priority", """{"priority":101}""", HttpStatusCode.UnprocessableEntity, "priority")]
    [InlineData("PUT", "/api/runs/missing/priority", """{"priority":"4"}""", HttpStatusCode.UnprocessableEntity, "priority")]
    [InlineData("PUT", "/api/runs/missing/priority", "{}", HttpStatusCode.UnprocessableEntity, "priority")]
    [InlineData("PUT", "/api/runs/missing/priority", """{"priority":4}""", HttpStatusCode.NotFound, null)]
    [InlineData("POST", "/api/benchmarks", """{"format":"lpzero-benchmark"}""", HttpStatusCode.UnprocessableEntity, null)]
    public async Task What_is_wrong_is_said_with_its_status_and_the_field_that_is_to_blame(
        string method, string path, string? body, HttpStatusCode status, string? field)
    {
        var problem = await ServedRuns.ProblemAsync(
            status, await served.SendAsync(new HttpMethod(method), path, body is null ? null : ServedRuns.Json(body)));
        Assert.Equal(field, problem.Field);
        Assert.DoesNotContain('\n', problem.Detail);
        Assert.Empty((await served.GetAsync("/api/runs"))["items"]!.AsArray());
        Assert.Empty((await served.GetAsync("/api/benchmarks"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("POST", "/api/runs")]
    [InlineData("PUT", "/api/runs/missing/tags")]
    [InlineData("PUT", "/api/runs/missing/priority")]
    public async Task The_name_of_a_field_that_is_no_text_is_refused(string method, string path)
    {
        using var body = new ByteArrayContent([.. "{\"x"u8, 0xff, .. "\":1}"u8]);
        body.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json");
        await ServedRuns.ProblemAsync(HttpStatusCode.BadRequest, await served.SendAsync(new HttpMethod(method), path, body));
    }

    /// <summary>One server for all of them.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ServedRuns Served { get; private set; } = null!;

        public async Task InitializeAsync() => Served = await ServedRuns.StartAsync(held: true);

        public async Task DisposeAsync() => await Served.DisposeAsync();
    }
}
