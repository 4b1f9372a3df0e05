using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// The one actor of a cluster that makes sure that every unfinished run has an owner, after the loss of a node as after
/// a restart of all of them: what the database says is unfinished is woken now and again.
/// </summary>
public sealed class RunKeeper : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>The keeper of the runs of a directory.</summary>
    /// <param name="runs">The directory.</param>
    /// <param name="owners">The shard region of the runs' owners.</param>
    /// <param name="health">Told of what fails.</param>
    public RunKeeper(IRunDirectory runs, IActorRef owners, INodeHealth health)
    {
        var (logger, scheduler) = (Context.GetLogger(), Context.System.Scheduler);
        var log = new CalmLog(text => logger.Warning("{0}", text), () => scheduler.Now);
        Receive<Look>(_ => Task.Run(runs.UnfinishedAsync).PipeTo(
            Self, success: names => new Found(names), failure: problem => new Blind(problem)));
        Receive<Found>(found =>
        {
            foreach (var name in found.Names)
            {
                owners.Tell(new WakeRun(name));
            }

            Timers.StartSingleTimer(nameof(Look), Look.Instance, Interval);
        });
        Receive<Blind>(blind =>
        {
            log.Warning($"the runs cannot be read, trying again: {blind.Failure.Message}");
            health.Note("the runs cannot be read", blind.Failure);
            Timers.StartSingleTimer(nameof(Look), Look.Instance, Interval);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Self.Tell(Look.Instance);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Found(ImmutableArray<string> Names);

    private sealed record Blind(Exception Failure);
}
