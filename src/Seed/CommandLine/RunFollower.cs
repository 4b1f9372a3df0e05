using System.Diagnostics;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Control;

namespace LPZero.Seed.CommandLine;

/// <summary>Follows a run until nobody works on it any more.</summary>
/// <param name="ask">Says where it stands.</param>
/// <param name="run">The run.</param>
/// <param name="interval">How often.</param>
/// <param name="hopeless">Completes with the reason when the run can never go on; null where nobody can tell.</param>
internal sealed class RunFollower(
    Func<CancellationToken, Task<RunStatus>> ask, string run, TimeSpan interval, Task<string>? hopeless = null)
{
    // As long as an owner may take to begin on a machine that is busy with much else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private RunStatus? last;

    /// <summary>
    /// Lets it go on. Where its owner is away for a moment, as one that failed in passing, it is asked again when it is back.
    /// </summary>
    /// <param name="resume">Asks for it.</param>
    /// <param name="stop">Ends this.</param>
    /// <exception cref="SearchServiceException">It cannot go on, a problem has paused it, or its owner stays away.</exception>
    /// <exception cref="OperationCanceledException">It was to end before.</exception>
    public async Task ResumeAsync(Func<Task<RunStatus>> resume, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (last is null)
        {
            try
            {
                last = await resume();
            }
            catch (SearchServiceException away) when (IsWaitedFor(away))
            {
                await Console.Error.WriteLineAsync($"lpzero: {away.Message}");
                await UntilOwnedAsync();
            }
        }

        bool IsWaitedFor(SearchServiceException problem) => problem.Failure == SearchFailure.Away
            && Stopwatch.GetElapsedTime(began) < Patience && hopeless?.IsCompleted != true;

        async Task UntilOwnedAsync()
        {
            while (true)
            {
                await Task.Delay(interval, stop);
                try
                {
                    ThrowIfPausedByProblem(await ask(stop));
                    return;
                }
                catch (SearchServiceException away) when (IsWaitedFor(away))
                {
                    // Not yet.
                }
            }
        }
    }

    /// <summary>Follows it.</summary>
    /// <param name="show">Is told where it stands, again and again.</param>
    /// <param name="stop">Ends this; the run goes on.</param>
    /// <returns>Where it stands at the end: paused, finished or stopped.</returns>
    /// <exception cref="SearchServiceException">A problem has paused it or kept its report from it, or it can never go on.</exception>
    /// <exception cref="OperationCanceledException">It was to end before.</exception>
    public async Task<RunStatus> FollowAsync(Func<RunStatus, Task> show, CancellationToken stop)
    {
        string? said = null;
        while (true)
        {
            try
            {
                var status = await ask(stop);
                await show(status);
                (last, said) = (status, null);
            }
            catch (SearchServiceException problem) when (last is not null && hopeless?.IsCompleted != true)
            {
                // Its owner may be starting again, or moving to another node: the run goes on, and so does this.
                if (problem.Message != said)
                {
                    said = problem.Message;
                    await Console.Error.WriteLineAsync($"lpzero: {said}");
                }
            }

            if (hopeless is { IsCompleted: true })
            {
                throw new SearchServiceException($"run '{run}' cannot go on: {await hopeless}");
            }

            ThrowIfPausedByProblem(last);

            if (last is { State: "finished" or "stopped", IsReporting: false, Problem: { } cause }
                && cause != CoordinatorActor.ReportPutOff)
            {
                throw new SearchServiceException($"run '{run}' has no report: {cause}; search resume tries again");
            }

            if (last is { State: not ("new" or "running"), IsReporting: false })
            {
                return last;
            }

            await Task.Delay(interval, stop);
        }
    }

    private void ThrowIfPausedByProblem(RunStatus? status)
    {
        if (status is { State: "paused", Problem: { } reason })
        {
            throw new SearchServiceException($"run '{run}' was paused by a problem: {reason}");
        }
    }
}
