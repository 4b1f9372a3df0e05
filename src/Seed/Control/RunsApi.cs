using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Reporting;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static LPZero.Seed.Control.ControlApi;

namespace LPZero.Seed.Control;

/// <summary>Other tags for a run.</summary>
/// <param name="Tags">All that it is to have.</param>
public sealed record TagRequest(ImmutableArray<string> Tags);

/// <summary>Another priority for a run.</summary>
/// <param name="Priority">Its weight among runs that wait for the same device, 1 to 100.</param>
public sealed record PriorityRequest(int Priority);

/// <summary>The runs of the control API.</summary>
internal static class RunsApi
{
    private const string Group = "runs";

    public static void Map(IEndpointRouteBuilder api, Func<ISearchService> service)
    {
        MapRuns(api, service);
        MapResults(api, service);
    }

    private static void MapRuns(IEndpointRouteBuilder api, Func<ISearchService> service)
    {
        api.MapGet("/runs", async (string? tag, string? limit, string? after, CancellationToken stop) => Json(ApiPage.Of(
                (await service().ListAsync(stop)).Where(run => tag is null || run.Tags.Contains(tag)), Key, limit, after)))
            .Describe(Group, "listRuns", "The runs, oldest first.").Produces<ApiPage<RunListing>>();
        api.MapPost("/runs", async (HttpRequest request, CancellationToken stop) =>
            {
                var run = await ApiBody.ReadRunAsync(request, service(), stop);
                await service().StartAsync(run, stop);
                request.HttpContext.Response.Headers.Location = $"/api/runs/{run.Name}";
                return Json(new { run = run.Name }, StatusCodes.Status201Created);
            })
            .Describe(Group, "startRun", "Starts a run; with the header Idempotency-Key a repeated request starts nothing.")
            .Accepts<StartRequest>("application/json").Produces(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/runs/{run}", async (string run, CancellationToken stop) => Json(await service().StatusAsync(run, stop)))
            .Describe(Group, "getRun", "Where a run stands.").Produces<RunStatus>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/runs/{run}", async (string run, CancellationToken stop) =>
            {
                await service().DeleteAsync(run, stop);
                return Json(new { run, deleted = true });
            })
            .Describe(Group, "deleteRun", "Deletes a run that nobody works on.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        Command("pause", "pauseRun", "Pauses a run.", (run, stop) => service().PauseAsync(run, stop));
        Command("resume", "resumeRun", "Goes on with a run.", (run, stop) => service().ResumeAsync(run, stop));
        Command("stop", "stopRun", "Ends a run for good.", (run, stop) => service().StopAsync(run, stop));
        api.MapPut("/runs/{run}/tags", async (string run, HttpRequest request, CancellationToken stop) =>
                Json(await service().TagAsync(run, (await ApiBody.ReadAsync<TagRequest>(request, "no tags", stop)).Tags, stop)))
            .Describe(Group, "tagRun", "Gives a run other tags than it had.").Accepts<TagRequest>("application/json")
            .Produces<RunListing>().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPut("/runs/{run}/priority", async (string run, HttpRequest request, CancellationToken stop) =>
                Json(await service().PrioritizeAsync(run, await ApiBody.ReadPriorityAsync(request, stop), stop)))
            .Describe(Group, "prioritizeRun", "Gives a run another priority, from its next requests on.")
            .Accepts<PriorityRequest>("application/json").Produces<RunStatus>().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        void Command(string verb, string name, string summary, Func<string, CancellationToken, Task<RunStatus>> send) => api
            .MapPost($"/runs/{{run}}/{verb}", async (string run, CancellationToken stop) => Json(await send(run, stop)))
            .Describe(Group, name, summary).Produces<RunStatus>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static void MapResults(IEndpointRouteBuilder api, Func<ISearchService> service)
    {
        api.MapGet("/runs/{run}/definition", async (string run, CancellationToken stop) => Json(await service().DefinitionAsync(run, stop)))
            .Describe(Group, "getDefinition", "What a run was started with.").Produces<RunDefinition>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet(
                "/runs/{run}/leaderboard", async (string run, CancellationToken stop) => Json(await service().LeaderboardAsync(run, stop)))
            .Describe(Group, "getLeaderboard", "A run's best proxies.").Produces<RunLeaderboard>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{run}/result", async (string run, CancellationToken stop) => Json(await service().ResultAsync(run, stop)))
            .Describe(Group, "getResult", "What a run has used, and its report as a text.").Produces<RunResult>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{run}/report", async (string run, string? format, CancellationToken stop) =>
            {
                var report = (await service().ResultAsync(run, stop)).Report
                    ?? throw new SearchServiceException($"run '{run}' has no report yet", SearchFailure.Missing);
                return OneOf("format", format ?? "json", ["json", "html", "markdown"]) switch
                {
                    "html" => Results.Text(HtmlReport.Render(ReportData.FromJson(report)), "text/html; charset=utf-8"),
                    "markdown" => Results.Text(MarkdownReport.Render(ReportData.FromJson(report)), "text/markdown; charset=utf-8"),
                    _ => Json(System.Text.Json.Nodes.JsonNode.Parse(report)),
                };
            })
            .Describe(Group, "getReport", "A run's report: format is json, html or markdown.")
            .Produces<string>(StatusCodes.Status200OK, "application/json", "text/html", "text/markdown")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{run}/export", async (string run, string? format, string? rank, CancellationToken stop) =>
            {
                var kind = OneOf("format", format ?? "python", ExportText.Formats);
                var place = (int)ApiPage.Number(rank, "rank", 1, int.MaxValue, 1);
                return Results.Text((await ExportText.OfAsync(service(), run, kind, place, stop)).Text, MediaType(kind));
            })
            .Describe(Group, "exportRun", "What a run has found: format is python, latex, json or csv, rank that of the proxy.")
            .Produces<string>(StatusCodes.Status200OK, "text/x-python", "text/x-tex", "application/json", "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Tells a run from all others, and orders them by when they were started.</summary>
    private static string Key(RunListing run) => $"{run.Created.ToString("O", CultureInfo.InvariantCulture)} {run.Name}";

    private static string OneOf(string field, string given, ImmutableArray<string> known) => known.Contains(given)
        ? given
        : throw new SearchServiceException(
            $"{field} {PrintableText.Escape(PrintableText.Shorten(given))}: give one of {string.Join(", ", known)}",
            SearchFailure.Malformed, field);

    private static string MediaType(string format) => format switch
    {
        "python" => "text/x-python",
        "latex" => "text/x-tex",
        "json" => "application/json",
        _ => "text/csv",
    };
}
