using LPZero.Messages;
using LPZero.Messages.Control;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LPZero.Seed.Control;

/// <summary>Why a request was not carried out, as RFC 9457 has it.</summary>
/// <param name="Type">The kind of problem, as a URI.</param>
/// <param name="Title">The kind of problem, in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong, and how to mend it.</param>
/// <param name="Field">The part of the request that is to blame, by its name in JSON, in the address or in the headers.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail, string? Field = null)
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    private const string Kinds = "urn:lpzero:problem:";

    /// <summary>Seconds after which to ask again.</summary>
    public const string RetryAfter = "1";

    /// <summary>The problem of a status.</summary>
    public static ApiProblem Of(int status, string detail, string? field = null)
    {
        var title = status == StatusCodes.Status422UnprocessableEntity ? "Unfit" : ReasonPhrases.GetReasonPhrase(status);
        return new ApiProblem(
            Kinds + title.ToLowerInvariant().Replace(' ', '-'), title, status, detail, field);
    }

    /// <summary>The answer to a request that cannot be carried out.</summary>
    public static IResult Answer(SearchServiceException problem) => Answer(StatusOf(problem.Failure), problem.Message, problem.Field);

    /// <summary>The answer with a status.</summary>
    public static IResult Answer(int status, string detail, string? field = null) => new Problem(Of(status, detail, field));

    /// <summary>Writes the problem as a response.</summary>
    public async Task WriteAsync(HttpResponse response, CancellationToken stop)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = RetryAfter;
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        await response.WriteAsync(JsonDocuments.Text(this, MessageJson.Options), stop);
    }

    private static int StatusOf(SearchFailure failure) => failure switch
    {
        SearchFailure.Missing => StatusCodes.Status404NotFound,
        SearchFailure.Malformed => StatusCodes.Status400BadRequest,
        SearchFailure.Unfit => StatusCodes.Status422UnprocessableEntity,
        SearchFailure.Away => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    };

    private sealed class Problem(ApiProblem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => problem.WriteAsync(httpContext.Response, httpContext.RequestAborted);
    }
}
