using System.Diagnostics;
using LPZero.Messages;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// The trace of a run's rounds, one trace a round: <c>round</c> is made of <c>collect</c>, below which nodes have what they compute and
/// store, <c>decide</c> and <c>store</c>. An actor's thread is somebody else's a moment later, so that none of these is ever left the
/// current activity. Nothing is traced while nobody listens.
/// </summary>
/// <param name="run">The run's name.</param>
internal sealed class RoundTrace(string run)
{
    private static readonly ActivitySource Source = new(TelemetryNames.Coordinator);

    private Activity? round;
    private Activity? step;

    /// <summary>Names the present step to other nodes (W3C traceparent); null where nothing is traced.</summary>
    public string? Id => step?.Id;

    /// <summary>A round begins: its terms are collected.</summary>
    /// <param name="iteration">The round's.</param>
    /// <param name="number">The round's.</param>
    /// <param name="proxies">How many proxies it scores.</param>
    public void Collect(int iteration, long number, int proxies)
    {
        End();
        round = Start("round", parent: null);
        round?.SetTag("lpzero.run", run).SetTag("lpzero.iteration", iteration).SetTag("lpzero.round", number)
            .SetTag("lpzero.proxies", proxies);
        Step("collect");
    }

    /// <summary>The next step of the round, if there is one; the one before has ended.</summary>
    public void Step(string name)
    {
        Stop(ref step);
        step = round is null ? null : Start(name, round);
    }

    /// <summary>The round is over.</summary>
    /// <param name="problem">Why, where it did not come to its end.</param>
    public void End(string? problem = null)
    {
        if (problem is not null)
        {
            round?.SetStatus(ActivityStatusCode.Error, problem);
        }

        Stop(ref step);
        Stop(ref round);
    }

    private static Activity? Start(string name, Activity? parent)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var current = Activity.Current;
        Activity.Current = parent;
        var started = Source.StartActivity(name);
        Activity.Current = current;
        return started;
    }

    private static void Stop(ref Activity? activity)
    {
        var current = Activity.Current;
        activity?.Dispose();
        activity = null;
        Activity.Current = current;
    }
}
