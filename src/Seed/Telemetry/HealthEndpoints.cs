using LPZero.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Seed.Telemetry;

/// <summary>
/// Health for load balancers, Kubernetes and systemd: 200 where all checks are healthy, else 503. The answer names the checks and says
/// nothing of what they found, as it needs no token; that is in the log.
/// </summary>
public static class HealthEndpoints
{
    private static readonly (string Path, string Tag)[] Paths =
    [
        ("/health/live", HealthTags.Live), ("/health/ready", HealthTags.Ready), ("/health/startup", HealthTags.Startup),
        // What former versions had.
        ("/healthz", HealthTags.Live), ("/readyz", HealthTags.Ready),
    ];

    /// <summary>Adds the endpoints.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var reports = Paths.Select(each => each.Tag).Distinct().ToDictionary(tag => tag, tag => new RecentHealth(tag, TimeProvider.System));
        foreach (var (path, tag) in Paths)
        {
            // Not MapHealthChecks, which makes the checks at once, and with them the actor system's configuration: before a node knows its
            // database.
            // Nor limited: a probe is not to fail for what others ask, and costs nothing.
            routes.MapGet(path, async (HealthCheckService health, CancellationToken gone) =>
                Answer(await reports[tag].ReportAsync(health).WaitAsync(gone))).DisableRateLimiting();
        }
    }

    private static IResult Answer(HealthReport report) => Results.Json(
        new
        {
            Status = Name(report.Status),
            Checks = report.Entries.OrderBy(check => check.Key, StringComparer.Ordinal)
                .Select(check => new { Name = check.Key, Status = Name(check.Value.Status) }),
        },
        MessageJson.Options,
        statusCode: report.Status == HealthStatus.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}
