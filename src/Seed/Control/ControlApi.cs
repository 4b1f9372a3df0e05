using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Seed.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LPZero.Seed.Control;

/// <summary>The search service over HTTP, as JSON in the form of <see cref="MessageJson"/>.</summary>
public static class ControlApi
{
    private const string Scheme = "Bearer ";

    // What comes from outside has to be whole.
    private static readonly JsonSerializerOptions Strict = new(GenotypeJson.Reading)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Refuses to listen beyond this machine without a token.</summary>
    /// <param name="host">Where it listens; null where it does not.</param>
    /// <param name="token">What a request must carry, if anything.</param>
    /// <exception cref="SearchServiceException">No token is set.</exception>
    public static void Check(string? host, string? token)
    {
        if (host is not null && token is null && !IsLoopback(host))
        {
            throw new SearchServiceException(
                $"the control API on {host} can be reached from other machines: set a token in LPZERO_TOKEN, or listen on 127.0.0.1");
        }
    }

    /// <summary>Lets only requests with the token through to an endpoint that is not one of the API's.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="token">What a request must carry, if anything.</param>
    public static void Guard(IEndpointConventionBuilder endpoint, string? token) => endpoint.AddEndpointFilter(async (context, next) =>
        token is null || IsAllowed(context.HttpContext.Request, token)
            ? await next(context)
            : Error("the token is missing or wrong", StatusCodes.Status401Unauthorized));

    /// <summary>Adds the endpoints.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="service">What they call.</param>
    /// <param name="token">What a request must carry, if anything.</param>
    public static void Map(IEndpointRouteBuilder routes, Func<ISearchService> service, string? token)
    {
        var api = routes.MapGroup("/api").AddEndpointFilter(async (context, next) =>
        {
            if (token is not null && !IsAllowed(context.HttpContext.Request, token))
            {
                return Error("the token is missing or wrong", StatusCodes.Status401Unauthorized);
            }

            try
            {
                return await next(context);
            }
            catch (SearchServiceException problem)
            {
                return Error(problem.Message, StatusCodes.Status409Conflict);
            }
            catch (BadHttpRequestException problem)
            {
                return Error(problem.Message, problem.StatusCode);
            }
            catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
            {
                throw; // nobody is left to hear of it
            }
            catch (Exception problem)
            {
                var request = context.HttpContext.Request;
                context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ControlApi))
                    .LogError(problem, "{Method} {Path} failed", request.Method, request.Path);
                return Error(problem.Message, StatusCodes.Status500InternalServerError);
            }
        });
        api.MapGet("/runs", async (CancellationToken stop) => Json(await service().ListAsync(stop)));
        api.MapPost("/runs", async (HttpRequest request, CancellationToken stop) =>
        {
            var run = await ReadAsync<StartRequest>(request, "no run", stop);
            await service().StartAsync(run, stop);
            return Json(new { run = run.Name });
        });
        api.MapGet("/runs/{run}", async (string run, CancellationToken stop) => Json(await service().StatusAsync(run, stop)));
        api.MapGet(
            "/runs/{run}/definition", async (string run, CancellationToken stop) => Json(await service().DefinitionAsync(run, stop)));
        api.MapGet(
            "/runs/{run}/leaderboard", async (string run, CancellationToken stop) => Json(await service().LeaderboardAsync(run, stop)));
        api.MapGet("/runs/{run}/result", async (string run, CancellationToken stop) => Json(await service().ResultAsync(run, stop)));
        api.MapGet("/runs/{run}/events", async (string run, CancellationToken stop) =>
            Results.Text(string.Concat((await service().EventsAsync(run, stop)).Select(line => line + "\n")), "application/x-ndjson"));
        api.MapPost("/runs/{run}/pause", async (string run, CancellationToken stop) => Json(await service().PauseAsync(run, stop)));
        api.MapPost("/runs/{run}/resume", async (string run, CancellationToken stop) => Json(await service().ResumeAsync(run, stop)));
        api.MapPost("/runs/{run}/stop", async (string run, CancellationToken stop) => Json(await service().StopAsync(run, stop)));
        api.MapDelete("/runs/{run}", async (string run, CancellationToken stop) =>
        {
            await service().DeleteAsync(run, stop);
            return Json(new { run, deleted = true });
        });
        api.MapGet("/benchmarks", async (CancellationToken stop) => Json(await service().BenchmarksAsync(stop)));
        api.MapGet("/benchmarks/{name}", async (string name, CancellationToken stop) => Json(await service().BenchmarkAsync(name, stop)));
        api.MapPost("/terms/ensure", async (HttpRequest request, CancellationToken stop) =>
            TermsApi.Ensure(service(), await ReadAsync<WantedTerms>(request, "no terms", stop)));
        api.MapPost("/scores", async (HttpRequest request, CancellationToken stop) =>
            TermsApi.Score(service(), await ReadAsync<WantedScores>(request, "no scores", stop)));
        api.MapPost("/terms", async (HttpRequest request, CancellationToken stop) =>
            TermsApi.Read(service(), await ReadAsync<StoredTerms>(request, "no terms", stop)));
        api.MapGet("/nodes", async (CancellationToken stop) => Json(await service().NodesAsync(stop)));
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, string isNot, CancellationToken stop)
        where T : class
    {
        try
        {
            return await request.ReadFromJsonAsync<T>(Strict, stop) ?? throw new SearchServiceException("the request is empty");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new SearchServiceException($"the request is {isNot}: {problem.Message}");
        }
    }

    private static IResult Error(string reason, int status) =>
        Results.Json(new { error = reason }, MessageJson.Options, statusCode: status);

    private static IResult Json<T>(T value) => Results.Json(value, MessageJson.Options);

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsAllowed(HttpRequest request, string token)
    {
        var given = request.Headers.Authorization.ToString();
        return given.StartsWith(Scheme, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Scheme.Length..]), Encoding.UTF8.GetBytes(token));
    }
}
