using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using Microsoft.AspNetCore.Http;

namespace LPZero.Seed.Control;

/// <summary>
/// The terms of the control API. Both answers are streams: nothing is held back until all of it is there, and a client that goes away
/// ends what it has asked for.
/// </summary>
internal static class TermsApi
{
    // How a client tells a node that is at it from one that is no more; and how this side learns that nobody listens.
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);

    /// <summary>Ensures terms, with a line of progress a second and the outcome as the last line.</summary>
    /// <exception cref="SearchServiceException">They cannot be meant.</exception>
    public static IResult Ensure(ITermCollector terms, WantedTerms wanted)
    {
        TermCollector.Check(wanted.FindProblem());
        return new Streamed("application/x-ndjson", (output, gone) => EnsureAsync(terms, wanted, output, gone));
    }

    /// <summary>Reads terms, in the form of <see cref="TermBlockFrames"/>.</summary>
    /// <exception cref="SearchServiceException">They cannot be meant.</exception>
    public static IResult Read(ITermCollector terms, StoredTerms stored)
    {
        TermCollector.Check(stored.FindProblem());
        return new Streamed(
            TermBlockFrames.ContentType, (output, gone) => TermBlockFrames.WriteAsync(output, terms.TermsAsync(stored, gone), gone));
    }

    private static async Task EnsureAsync(ITermCollector terms, WantedTerms wanted, Stream output, CancellationToken gone)
    {
        var latest = new Latest();
        var ensured = terms.EnsureTermsAsync(wanted, latest, gone);
        using var timer = new PeriodicTimer(LineInterval);
        do
        {
            await WriteAsync(output, new EnsuringLine(latest.Progress), gone);
        }
        while (await Task.WhenAny(ensured, timer.WaitForNextTickAsync(gone).AsTask()) != ensured);

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

    private static async Task WriteAsync(Stream output, EnsuringLine line, CancellationToken gone)
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

    /// <summary>An answer that is written as it comes, until it is whole or the client has gone away.</summary>
    private sealed class Streamed(string contentType, Func<Stream, CancellationToken, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = contentType;
            try
            {
                await write(httpContext.Response.Body, httpContext.RequestAborted);
            }
            catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
            {
                // Nobody is left to read the rest.
            }
        }
    }
}
