using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LPZero.Seed.Control;

/// <summary>The search service over HTTP, as JSON in the form of <see cref="MessageJson"/>; docs/api.md describes it.</summary>
public static class ControlApi
{
    /// <summary>Adds the endpoints.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="service">What they call.</param>
    /// <param name="security">Who may use them; everybody where nothing is said.</param>
    /// <param name="limits">How much they take from anybody.</param>
    public static void Map(
        IEndpointRouteBuilder routes, Func<ISearchService> service, ApiSecurity? security = null, ApiLimits? limits = null)
    {
        var api = routes.MapGroup("/api").GuardedBy(security ?? new ApiSecurity()).AddEndpointFilter(AnswerAsync);
        RunsApi.Map(api, service);
        EventsApi.Map(api, service, limits ?? new ApiLimits());
        BenchmarksApi.Map(api, service);
        ClusterApi.Map(api, service);
        TermsApi.Map(api, service);
        api.MapGet("/version", () => Json(new { version = ProgramVersion.Text, api = "v1" }))
            .Describe("version", "getVersion", "The program's version.");
    }

    /// <summary>The answer with a value, as JSON.</summary>
    internal static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Text(JsonDocuments.Text(value, MessageJson.Whole), "application/json", statusCode: status);

    /// <summary>Says what an endpoint is for whoever reads the API's description.</summary>
    internal static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string group, string name, string summary) =>
        route.WithTags(group).WithName(name).WithSummary(summary)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        try
        {
            return await next(context);
        }
        catch (SearchServiceException problem)
        {
            return ApiProblem.Answer(problem);
        }
        catch (BadHttpRequestException problem)
        {
            return ApiProblem.Answer(problem.StatusCode, problem.Message);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw; // nobody is left to hear of it
        }
        catch (Exception problem) when (DatabaseFailure.Is(problem))
        {
            return ApiProblem.Answer(
                StatusCodes.Status503ServiceUnavailable, "the database does not answer at the moment: try again");
        }
        catch (Exception problem)
        {
            context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ControlApi))
                .LogError(problem, "{Method} {Path} failed", request.Method, request.Path);
            return ApiProblem.Answer(StatusCodes.Status500InternalServerError, problem.Message);
        }
    }
}
