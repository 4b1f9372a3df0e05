using System.Collections.Immutable;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using LPZero.Messages.Control;
using LPZero.Seed.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static LPZero.Seed.Control.ControlApi;

namespace LPZero.Seed.Control;

/// <summary>An event of a run in a list.</summary>
/// <param name="Number">Its sequence number, from 1.</param>
/// <param name="Event">The event.</param>
public sealed record EventListing(long Number, JsonNode Event);

/// <summary>
/// The events of the control API: a line each, a page of a list, or followed as the run goes on. Whoever follows reads the journal as
/// fast as they can, and no faster; nothing is kept for them, so that a slow one costs no more than another.
/// </summary>
internal static class EventsApi
{
    private const string Group = "runs";
    private const string Stream = "text/event-stream";
    private const string LastRead = "Last-Event-ID";

    // Read from the journal at a time.
    private const int Batch = 256;

    public static void Map(IEndpointRouteBuilder api, Func<ISearchService> service, ApiLimits limits)
    {
        var places = new SemaphoreSlim(limits.EventStreams);
        api.MapGet("/runs/{run}/events", async (
                string run, string? limit, string? after, HttpRequest request, CancellationToken stop) => Wanted(request) switch
            {
                Stream => await FollowAsync(service(), run, request, limits, places),
                "application/json" => Json(await PageAsync(service(), run, limit, after, stop)),
                _ => Results.Text(
                    string.Concat((await service().EventsAsync(run, stop)).Select(line => line + "\n")), "application/x-ndjson"),
            })
            .Describe(Group, "getEvents",
                "A run's events: all of them, a line each; with Accept: application/json a page of them; with Accept: text/event-stream " +
                "as they happen, after the one that Last-Event-ID names.")
            .Produces<ApiPage<EventListing>>().Produces<string>(StatusCodes.Status200OK, "application/x-ndjson", Stream)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static string? Wanted(HttpRequest request) => request.GetTypedHeaders().Accept
        .Select(type => type.MediaType.ToString()).FirstOrDefault(type => type is Stream or "application/json");

    private static async Task<ApiPage<EventListing>> PageAsync(
        ISearchService service, string run, string? limit, string? after, CancellationToken stop)
    {
        var most = ApiPage.Limit(limit);
        var events = await service.EventsAsync(run, ApiPage.Number(after, "after", 0, long.MaxValue, 0), most, stop);
        return new ApiPage<EventListing>(
            [.. events.Select(happened => new EventListing(happened.Number, JsonNode.Parse(happened.Text)!))],
            events.Length == most ? Text(events[^1].Number) : null);
    }

    private static async Task<IResult> FollowAsync(
        ISearchService service, string run, HttpRequest request, ApiLimits limits, SemaphoreSlim places)
    {
        var stop = request.HttpContext.RequestAborted;
        var ending = request.HttpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var read = request.Headers[LastRead].ToString();
        var after = ApiPage.Number(read.Length == 0 ? null : read, LastRead, 0, long.MaxValue, 0);
        // Before the first byte, so that what is wrong can still be said: whether there is such a run, and where it stands.
        var status = await service.StatusAsync(run, stop);
        if (!await places.WaitAsync(TimeSpan.Zero, stop))
        {
            return ApiProblem.Answer(
                StatusCodes.Status429TooManyRequests, $"{Text(limits.EventStreams)} clients follow events already: try again in a moment");
        }

        request.HttpContext.Response.OnCompleted(() =>
        {
            places.Release();
            return Task.CompletedTask;
        });
        return TypedResults.ServerSentEvents(EventsAsync(service, run, after, HasEnded(status), limits, ending, stop));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        ISearchService service, string run, long after, bool hasEnded, ApiLimits limits, CancellationToken ending,
        [EnumeratorCancellation] CancellationToken stop)
    {
        var silent = TimeSpan.Zero;
        while (true)
        {
            if (await ReadAsync(service, run, after, stop) is not { } events)
            {
                yield break; // the run has been deleted
            }

            foreach (var happened in events.Events)
            {
                yield return new SseItem<string>(happened.Text) { EventId = Text(happened.Number) };
                after = happened.Number;
            }

            if (ending.IsCancellationRequested)
            {
                yield break; // who follows goes on at another server, or when this one is back
            }

            if (events.Events.Length == Batch)
            {
                continue;
            }

            if (hasEnded && events.IsRead)
            {
                yield break;
            }

            silent = events.Events.IsEmpty ? silent + limits.EventInterval : TimeSpan.Zero;
            if (silent >= limits.Heartbeat)
            {
                // Without an id: whoever reconnects goes on behind the last event.
                yield return new SseItem<string>("", "heartbeat");
                silent = TimeSpan.Zero;
            }

            await Task.Delay(limits.EventInterval, stop);

            // Where it stood before its events are read: what ended it is among them.
            hasEnded = await HasEndedAsync(service, run, stop);
        }
    }

    /// <summary>The next events, none read where the database is away; null where there is no such run any more.</summary>
    private static async Task<(ImmutableArray<RunEvent> Events, bool IsRead)?> ReadAsync(
        ISearchService service, string run, long after, CancellationToken stop)
    {
        try
        {
            return (await service.EventsAsync(run, after, Batch, stop), IsRead: true);
        }
        catch (SearchServiceException problem) when (problem.Failure is SearchFailure.Missing)
        {
            return null;
        }
        catch (Exception problem) when (DatabaseFailure.Is(problem))
        {
            return ([], IsRead: false);
        }
    }

    private static async Task<bool> HasEndedAsync(ISearchService service, string run, CancellationToken stop)
    {
        try
        {
            return HasEnded(await service.StatusAsync(run, stop));
        }
        catch (SearchServiceException problem)
            when (problem.Failure is SearchFailure.Away or SearchFailure.Conflict or SearchFailure.Missing)
        {
            return false; // its owner is on the move; or it is deleted, as reading will show
        }
        catch (Exception problem) when (DatabaseFailure.Is(problem))
        {
            return false;
        }
    }

    private static bool HasEnded(RunStatus status) => status.State is "finished" or "stopped";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
