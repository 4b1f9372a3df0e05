using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.RateLimiting;
using LPZero.Messages;
using LPZero.Messages.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LPZero.Seed.Control;

/// <summary>
/// The one web server of the program: a node, <c>lpzero serve</c> and the owner of a run have their control API from it, on a port or on a
/// socket.
/// </summary>
internal static class ControlServer
{
    private static readonly TimeSpan RefillPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>Adds what the server needs.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="listen">Where it listens.</param>
    /// <param name="limits">How much it takes from anybody.</param>
    public static void Add(WebApplicationBuilder builder, Action<KestrelServerOptions> listen, ApiLimits limits)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = limits.LargestRequest;
            listen(server);
        });
        builder.Services.AddRoutingCore();
        ApiDescription.AddTo(builder.Services);
        builder.Services.ConfigureHttpJsonOptions(json => Describe(json.SerializerOptions));
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => Share(context, limits));
            limiter.OnRejected = async (rejected, stop) =>
            {
                var response = rejected.HttpContext.Response;
                response.Headers.RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
                    ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
                    : ApiProblem.RetryAfter;
                await ApiProblem.Of(
                    StatusCodes.Status429TooManyRequests,
                    string.Create(CultureInfo.InvariantCulture,
                        $"more than {limits.RequestsPerSecond} requests a second: ask again after the time of Retry-After"))
                    .WriteAsync(response, stop);
            };
        });
    }

    /// <summary>Listens on a port, with the certificate where there is one.</summary>
    public static void ListenOn(this KestrelServerOptions server, string host, int port, ApiSecurity security) => server.Listen(
        IPAddress.Parse(host == "localhost" ? "127.0.0.1" : host), port, place =>
        {
            if (security.Certificate is { } certificate)
            {
                place.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ServerCertificateChain = security.Chain;
                });
            }
        });

    /// <summary>Adds the control API to a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="service">What the API calls.</param>
    /// <param name="security">Who may use it.</param>
    /// <param name="limits">How much it takes from anybody.</param>
    public static void Use(WebApplication server, Func<ISearchService> service, ApiSecurity security, ApiLimits limits)
    {
        server.UseStatusCodePages(async context =>
        {
            var request = context.HttpContext.Request;
            var path = PrintableText.Escape(PrintableText.Shorten(request.Path));
            var status = context.HttpContext.Response.StatusCode;
            var detail = status switch
            {
                StatusCodes.Status404NotFound => $"nothing is at {path}: see /openapi/v1.json",
                StatusCodes.Status405MethodNotAllowed => $"{request.Method} cannot be asked of {path}",
                _ => "the request cannot be read",
            };
            await ApiProblem.Of(status, detail).WriteAsync(context.HttpContext.Response, context.HttpContext.RequestAborted);
        });
        server.UseRateLimiter();
        server.MapOpenApi(ApiDescription.Path);
        ControlApi.Map(server, service, security, limits);
    }

    /// <summary>Every client has its own, but whoever comes through a socket: that is the user of this process.</summary>
    private static RateLimitPartition<IPAddress> Share(HttpContext context, ApiLimits limits) =>
        context.Connection.RemoteIpAddress is { } client
            ? RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.Burst,
                TokensPerPeriod = Math.Max(1, (int)(limits.RequestsPerSecond * RefillPeriod.TotalSeconds)),
                ReplenishmentPeriod = RefillPeriod,
                QueueLimit = 0,
            })
            : RateLimitPartition.GetNoLimiter(IPAddress.None);

    /// <summary>The form of JSON that the description of the API tells of.</summary>
    private static void Describe(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = MessageJson.Options.PropertyNamingPolicy;
        options.NumberHandling = MessageJson.Options.NumberHandling;
        options.DefaultIgnoreCondition = MessageJson.Options.DefaultIgnoreCondition;
        foreach (var converter in MessageJson.Options.Converters)
        {
            options.Converters.Add(converter);
        }
    }
}
