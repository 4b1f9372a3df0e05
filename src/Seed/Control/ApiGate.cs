using LPZero.Messages;
using LPZero.Messages.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LPZero.Seed.Control;

/// <summary>Lets in who may use the control API.</summary>
internal static class ApiGate
{
    private const string Scheme = "Bearer ";

    /// <summary>Lets nobody else come to an endpoint, or to a group of them.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="security">Who may use it.</param>
    public static T GuardedBy<T>(this T route, ApiSecurity security)
        where T : IEndpointConventionBuilder =>
        route.AddEndpointFilter<T>(async (context, next) => Refuse(context.HttpContext.Request, security) ?? await next(context));

    /// <summary>The answer to a request that is not to be carried out; null for one that is.</summary>
    private static IResult? Refuse(HttpRequest request, ApiSecurity security) =>
        (security.Token is null ? OfWebPages(request) : WithoutToken(request, security)) ?? OfNoRun(request);

    private static IResult? WithoutToken(HttpRequest request, ApiSecurity security)
    {
        var header = request.Headers.Authorization.ToString();
        var given = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..] : "";
        // Both are compared whatever the first says.
        var (mayDoAll, mayRead) = (ApiSecurity.AreSame(given, security.Token), ApiSecurity.AreSame(given, security.ReadToken));
        return mayDoAll || (mayRead && HttpMethods.IsGet(request.Method)) ? null
            : mayRead ? ApiProblem.Answer(StatusCodes.Status403Forbidden, "the token is one for reading alone: give the other one")
            : ApiProblem.Answer(StatusCodes.Status401Unauthorized, "the token is missing or wrong");
    }

    /// <summary>
    /// Where there is no token, a page that its user's browser shows could ask for anything on this machine: by its own name for the
    /// machine's address, or across origins.
    /// </summary>
    private static IResult? OfWebPages(HttpRequest request)
    {
        if (request.HttpContext.Connection.RemoteIpAddress is null)
        {
            return null; // through a socket, which no page reaches
        }

        var host = request.Host.Host;
        if (!ApiSecurity.IsLoopback(host))
        {
            return ApiProblem.Answer(
                StatusCodes.Status403Forbidden,
                $"there is no token, so that only this machine may ask, by an address such as 127.0.0.1 and not as " +
                $"'{PrintableText.Escape(PrintableText.Shorten(host))}'", "Host");
        }

        return request.Headers.Origin.Count == 0 || request.Headers.Origin.ToString() == $"{request.Scheme}://{request.Host}"
            ? null
            : ApiProblem.Answer(StatusCodes.Status403Forbidden, "there is no token, so that no page of another origin may ask", "Origin");
    }

    /// <summary>What cannot be a run's name names none, and is looked for nowhere.</summary>
    private static IResult? OfNoRun(HttpRequest request) =>
        request.RouteValues.TryGetValue("run", out var run) && !RunName.IsValid(run as string)
            ? ApiProblem.Answer(
                StatusCodes.Status404NotFound,
                $"there is no run '{PrintableText.Escape(PrintableText.Shorten(run as string ?? ""))}'", "run")
            : null;
}
