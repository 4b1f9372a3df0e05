using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LPZero.Seed.Control;

/// <summary>
/// The terms of the control API. Both answers are streams: nothing is held back until all of it is there, and a client that goes away
/// ends what it has asked for.
/// </summary>
internal static class TermsApi
{
    private const string Group = "terms";
    private const string Lines = "application/x-ndjson";

    // How a client tells a node that is at it from one that is no more; and how this side learns that nobody listens.
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);

    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder api, Func<ISearchService> service)
    {
        api.MapPost("/terms/ensure", async (HttpRequest request, CancellationToken stop) =>
                Ensure(service(), await ApiBody.ReadAsync<WantedTerms>(request, "no terms", stop)))
            .Describe(Group, "ensureTerms", "Has terms computed that are not known yet; a line of progress a second.")
            .Accepts<WantedTerms>("application/json").Produces<EnsuringLine>(StatusCodes.Status200OK, Lines)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/terms", async (HttpRequest request, CancellationToken stop) =>
                Read(service(), await ApiBody.ReadAsync<StoredTerms>(request, "no terms", stop)))
            .Describe(Group, "readTerms", "Terms that are known, as frames of bytes.")
            .Accepts<StoredTerms>("application/json").Produces(StatusCodes.Status200OK, contentType: TermBlockFrames.ContentType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/scores", async (HttpRequest request, CancellationToken stop) =>
                Score(service(), await ApiBody.ReadAsync<WantedScores>(request, "no scores", stop)))
            .Describe(Group, "scoreNetworks", "Has networks scored by designed proxies; a line of progress a second, then one a network.")
            .Accepts<WantedScores>("application/json").Produces<ScoringLine>(StatusCodes.Status200OK, Lines)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Ensures terms, with a line of progress a second and the outcome as the last line.</summary>
    /// <exception cref="SearchServiceException">They cannot be meant.</exception>
    private static Streamed Ensure(ITermCollector terms, WantedTerms wanted)
    {
        TermCollector.Check("terms", wanted.FindProblem());
        return new Streamed(Lines, (output, gone) => EnsureAsync(terms, wanted, output, gone));
    }

    /// <summary>Reads terms, in the form of <see cref="TermBlockFrames"/>.</summary>
    /// <exception cref="SearchServiceException">They cannot be meant.</exception>
    private static Streamed Read(ITermCollector terms, StoredTerms stored)
    {
        TermCollector.Check("terms", stored.FindProblem());
        return new Streamed(
            TermBlockFrames.ContentType, (output, gone) => TermBlockFrames.WriteAsync(output, terms.TermsAsync(stored, gone), gone));
    }

    /// <summary>
    /// Has networks scored, with a line of progress a second, then a line of scores a network, and the end as the last line.
    /// </summary>
    /// <exception cref="SearchServiceException">They cannot be meant.</exception>
    private static Streamed Score(ITermCollector terms, WantedScores wanted)
    {
        TermCollector.Check("scores", wanted.FindProblem());
        return new Streamed(Lines, (output, gone) => ScoreAsync(terms, wanted, output, gone));
    }

    private static async Task ScoreAsync(ITermCollector terms, WantedScores wanted, Stream output, CancellationToken gone)
    {
        var latest = new Latest();
        var scored = terms.ScoresAsync(wanted, latest, gone);
        await ReportAsync(scored, () => new ScoringLine(latest.Progress), output, gone);
        try
        {
            foreach (var scores in await scored)
            {
                await WriteAsync(output, new ScoringLine(Scores: scores), gone);
            }

            await WriteAsync(output, new ScoringLine(latest.Progress, IsWhole: true), gone);
        }
        catch (SearchServiceException problem)
        {
            await WriteAsync(output, new ScoringLine(Error: problem.Message), gone);
        }
    }

    private static async Task EnsureAsync(ITermCollector terms, WantedTerms wanted, Stream output, CancellationToken gone)
    {
        var latest = new Latest();
        var ensured = terms.EnsureTermsAsync(wanted, latest, gone);
        await ReportAsync(ensured, () => new EnsuringLine(latest.Progress), output, gone);
        try
        {
            var profile = await ensured;
            await WriteAsync(output, new EnsuringLine(latest.Progress), gone);
            await WriteAsync(output, new EnsuringLine(NumericProfile: profile), gone);
        }
        catch (SearchServiceException problem)
        {
            await WriteAsync(output, new EnsuringLine(Error: problem.Message), gone);
        }
    }

    /// <summary>A line now and each second until the work has ended.</summary>
    private static async Task ReportAsync<T>(Task work, Func<T> line, Stream output, CancellationToken gone)
    {
        using var timer = new PeriodicTimer(LineInterval);
        do
        {
            await WriteAsync(output, line(), gone);
        }
        while (await Task.WhenAny(work, timer.WaitForNextTickAsync(gone).AsTask()) != work);
    }

    private static async Task WriteAsync<T>(Stream output, T line, CancellationToken gone)
    {
        await output.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(line, MessageJson.Options), (byte)'\n'], gone);
        await output.FlushAsync(gone);
    }

    /// <summary>The last progress that was reported.</summary>
    private sealed class Latest : IProgress<TermProgress>
    {
        private volatile TermProgress progress = new(Done: 0, All: 0, "beginning");

        public TermProgress Progress => progress;

        public void Report(TermProgress value) => progress = value;
    }

    /// <summary>An answer that is written as it comes, until it is whole, the client has gone away, or the process ends.</summary>
    private sealed class Streamed(string contentType, Func<Stream, CancellationToken, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = contentType;
            var ending = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, ending);
            try
            {
                await write(httpContext.Response.Body, gone.Token);
            }
            catch (OperationCanceledException) when (gone.IsCancellationRequested)
            {
                // Nobody is left to read the rest; or this process ends, and a server that waited for it would keep a node from draining.
                httpContext.Abort();
            }
        }
    }
}
