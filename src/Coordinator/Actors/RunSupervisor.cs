using Akka.Actor;
using Akka.Event;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;

namespace LPZero.Coordinator.Actors;

/// <summary>An owner cannot go on; said to its supervisor before it stops.</summary>
/// <param name="What">What was not possible.</param>
/// <param name="Cause">Why.</param>
internal sealed record OwnerFailed(string What, Exception Cause);

/// <summary>Nothing is done for a run that somebody wants deleted; said by its owner to its supervisor.</summary>
/// <param name="Asker">Who wants it deleted.</param>
internal sealed record Deletable(IActorRef Asker);

/// <summary>
/// Keeps a run's owner alive: starts it again ever more slowly for as long as the database is away, holds the run where
/// that is of no use (it failed three times in the same way, or cannot be meant), and gives the node up where the
/// database can never work. Where nobody looks after the database, its failures pause the run, too. A run that is held is paused
/// with its problem, in the directory, until it is resumed. While the owner lives, its supervisor holds the run's lock, so that no run has
/// two owners; one that another process owns is not begun.
/// </summary>
public sealed class RunSupervisor : ReceiveActor, IWithTimers
{
    private const int EqualFailures = 3;
    private const double Jitter = 0.2;

    private readonly string name;
    private readonly IRunDirectory runs;
    private readonly Props owner;
    private readonly CoordinatorSettings settings;
    private readonly INodeHealth health;
    private readonly CalmLog log;
    private readonly List<(RunMessage Message, IActorRef Sender)> waiting = [];

    private IActorRef child = ActorRefs.Nobody;
    private ClusterRun? record;
    private Task<IRunLock>? runLock;
    private OwnerFailed? failure;
    private string? problem;
    private string? lastFailure;
    private int equal;
    private int tries;

    /// <summary>The supervisor of a run's owner.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="runs">Where its record is.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="settings">How long to wait between two starts.</param>
    /// <param name="health">Told of what fails.</param>
    public RunSupervisor(string name, IRunDirectory runs, Props owner, CoordinatorSettings settings, INodeHealth health)
    {
        this.health = health;
        var (logger, scheduler) = (Context.GetLogger(), Context.System.Scheduler);
        log = new CalmLog(text => logger.Warning("run {Run} {What}", name, text), () => scheduler.Now);
        this.name = name;
        this.runs = runs;
        this.owner = owner;
        this.settings = settings;
        Reading();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Read();

    /// <summary>
    /// Asked to drain, it lets the owner store where the run stands, and ends with it; whatever it is at besides is left.
    /// </summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        if (message is not Drain)
        {
            return base.AroundReceive(receive, message);
        }

        foreach (var running in Context.GetChildren())
        {
            running.Tell(message);
        }

        Become(Draining);
        StopIfDrained();
        return true;
    }

    private void Draining()
    {
        Receive<Terminated>(_ => StopIfDrained());
        Receive<RunMessage>(message => Sender.Tell(Absent(message)));
        ReceiveAny(_ => { });
    }

    private void StopIfDrained()
    {
        if (!Context.GetChildren().Any())
        {
            Context.Stop(Self);
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _ = Release();

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        var root = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        failure = new OwnerFailed("the run's owner failed", root);
        return Directive.Stop;
    });

    private void Read()
    {
        Become(Reading);
        Task.Run(() => runs.FindAsync(name)).PipeTo(
            Self, success: found => new RecordRead(found), failure: cause => new OwnerFailed("the run's record cannot be read", cause));
    }

    private void Reading()
    {
        Receive<RunMessage>(message => waiting.Add((message, Sender)));
        Receive<RecordRead>(read => Begin(read.Record));
        Receive<Locked>(locked => Own(locked.Lock));
        Receive<Noted>(_ => Read());
        Receive<OwnerFailed>(failed =>
        {
            if (failed.Cause.GetBaseException() is RunOwnedException owned)
            {
                Leave(owned.Message);
            }
            else
            {
                Retry(failed);
            }
        });
    }

    private void Begin(ClusterRun? found)
    {
        if (found is null)
        {
            AnswerWaiting(_ => new RunRefused($"there is no run '{name}'", IsUnknown: true));
            Become(Unknown);
            return;
        }

        record = found;
        if (found.IsHeld)
        {
            problem = found.Problem;
            Become(Held);
            HandWaitingTo(Self);
        }
        else if (found.Phase is SearchPhase.New or SearchPhase.Running
            && found.Configuration.Problems(found.Benchmark) is [var broken, ..])
        {
            // Whoever has just asked for it to be resumed is told why it is not, once.
            problem = broken.ToString();
            AnswerWaiting(OfHeld);
            Hold(problem);
        }
        else
        {
            runLock = Task.Run(() => runs.LockAsync(name));
            runLock.PipeTo(
                Self, success: taken => new Locked(taken), failure: cause => new OwnerFailed("the run's lock cannot be had", cause));
        }
    }

    private void Own(IRunLock taken)
    {
        taken.Lost.PipeTo(Self, success: () => new LockLost(taken));
        (failure, problem) = (null, null);
        child = Context.Watch(Context.ActorOf(owner));
        HandWaitingTo(child);
        Timers.StartSingleTimer(nameof(Lasting), Lasting.Instance, settings.LongestBackoff);
        Become(Owned);
    }

    private void Owned()
    {
        Receive<OwnerFailed>(failed => failure = failed);
        Receive<Lasting>(_ => tries = 0);
        Receive<Deletable>(deletable =>
        {
            Become(() => Deleting(deletable.Asker));
            Context.Stop(child);
        });
        Receive<LockLost>(lost =>
        {
            if (runLock is { IsCompletedSuccessfully: true } held && held.Result == lost.Lock)
            {
                failure = new OwnerFailed("the run's lock is lost", new IOException("the connection to the database that held it is gone"));
                Context.Stop(child);
            }
        });
        Receive<Terminated>(_ =>
        {
            Release();
            Timers.Cancel(nameof(Lasting));
            Retry(failure);
        });
        ReceiveAny(message => child.Forward(message));
    }

    /// <summary>The run is deleted as soon as its owner has let go of it; what is asked meanwhile waits.</summary>
    private void Deleting(IActorRef asker)
    {
        Receive<Terminated>(_ => Delete());
        Receive<RunMessage>(message => waiting.Add((message, Sender)));
        Receive<Deleted>(_ =>
        {
            asker.Tell(new RunDeleted(name));
            record = null;
            Read();
        });
        Receive<OwnerFailed>(failed =>
        {
            asker.Tell(new RunRefused($"run '{name}' cannot be deleted: {failed.Cause.GetBaseException().Message}"));
            Read();
        });
        ReceiveAny(_ => { });
    }

    /// <summary>A run that is held is given another priority; what is asked meanwhile waits.</summary>
    private void Prioritizing(PrioritizeRun other, IActorRef asker)
    {
        Receive<RunMessage>(message => waiting.Add((message, Sender)));
        Receive<Prioritized>(_ =>
        {
            record = record! with { Priority = other.Priority };
            asker.Tell(OfHeld(other));
            Become(Held);
            HandWaitingTo(Self);
        });
        Receive<OwnerFailed>(failed =>
        {
            asker.Tell(NotPrioritized(name, failed.Cause));
            Become(Held);
            HandWaitingTo(Self);
        });
        ReceiveAny(_ => { });
    }

    private void Delete()
    {
        Timers.Cancel(nameof(Lasting));
        var released = Release();
        Task.Run(async () =>
        {
            // Whoever deletes takes the run's lock for it.
            await released;
            await runs.DeleteAsync(name);
        }).PipeTo(Self, success: () => Deleted.Instance, failure: cause => new OwnerFailed("the run cannot be deleted", cause));
    }

    /// <summary>Nobody works on the run until the next start.</summary>
    private void Away()
    {
        Receive<RunMessage>(message => Sender.Tell(Absent(message)));
        Receive<StartAgain>(_ => Read());
    }

    /// <summary>Leaves the run to the process that owns it, for as long as it does.</summary>
    private void Leave(string reason)
    {
        log.Warning($"is not begun: {reason}");
        AnswerWaiting(Answer);
        Timers.StartSingleTimer(nameof(StartAgain), StartAgain.Instance, settings.LongestBackoff);
        Become(() =>
        {
            Receive<WakeRun>(_ => { });
            Receive<RunMessage>(message => Sender.Tell(Answer(message)));
            Receive<StartAgain>(_ => Read());
        });

        object Answer(RunMessage message) =>
            message is DescribeRun ? Status(record!.Phase, "not begun by this process", reason) : new RunRefused(reason);
    }

    /// <summary>There was no such run; whoever asks next may ask for a new one.</summary>
    private void Unknown() => Receive<RunMessage>(message =>
    {
        waiting.Add((message, Sender));
        Read();
    });

    private void Held()
    {
        Receive<WakeRun>(_ => { });
        Receive<RunMessage>(message =>
        {
            if (message is DeleteRun)
            {
                var asker = Sender;
                Become(() => Deleting(asker));
                Delete();
                return;
            }

            if (message is PrioritizeRun other && record is not null)
            {
                var asker = Sender;
                Become(() => Prioritizing(other, asker));
                Task.Run(() => runs.PrioritizeAsync(name, other.Priority)).PipeTo(
                    Self, success: _ => Prioritized.Instance,
                    failure: cause => new OwnerFailed("the priority cannot be stored", cause));
                return;
            }

            if (message is not (ResumeRun or StopRun))
            {
                Sender.Tell(OfHeld(message));
                return;
            }

            (lastFailure, equal, tries) = (null, 0, 0);
            waiting.Add((message, Sender));
            if (record is not { IsHeld: true })
            {
                Read();
                return;
            }

            Become(Reading);
            Task.Run(() => runs.NoteAsync(name, SearchPhase.Running, problem: null)).PipeTo(
                Self, success: () => Noted.Instance, failure: cause => new OwnerFailed("the run's record cannot be written", cause));
        });
    }

    private void Retry(OwnerFailed? failed)
    {
        var text = failed is null ? null : $"{failed.What}: {failed.Cause.GetBaseException().Message}";
        problem = text;
        AnswerWaiting(Absent);
        var fault = StorageFault.Passing;
        if (failed is not null)
        {
            fault = health.Note(failed.What, failed.Cause);
            log.Warning($"starts again soon: {text}");
        }

        if (fault != StorageFault.None)
        {
            (lastFailure, equal) = (null, 0);
            if (tries + 1 >= settings.DatabaseFailures)
            {
                // Nothing can be noted of it: it is paused for as long as this supervisor lives, and interrupted afterwards.
                Pause(text);
                Become(Held);
                return;
            }
        }
        else
        {
            equal = text == lastFailure ? equal + 1 : 1;
            lastFailure = text;
            if (equal == EqualFailures)
            {
                Hold(text!);
                return;
            }
        }

        var wait = settings.ShortestBackoff * Math.Pow(2, Math.Min(tries++, 30));
        wait = (wait < settings.LongestBackoff ? wait : settings.LongestBackoff) * (1 + (Jitter * Random.Shared.NextDouble()));
        Timers.StartSingleTimer(nameof(StartAgain), StartAgain.Instance, wait);
        Become(Away);
    }

    private void Hold(string reason)
    {
        Pause(reason);
        Become(Reading);
        Task.Run(() => runs.HoldAsync(name, reason)).PipeTo(
            Self, success: () => Noted.Instance, failure: cause => new OwnerFailed("the run's record cannot be written", cause));
    }

    private void Pause(string? reason)
    {
        RunInstruments.Problems.Add(1, new KeyValuePair<string, object?>("run", name));
        log.Warning($"is paused: {reason}");
    }

    private void AnswerWaiting(Func<RunMessage, object> answer)
    {
        foreach (var (message, sender) in waiting)
        {
            sender.Tell(answer(message));
        }

        waiting.Clear();
    }

    private void HandWaitingTo(IActorRef actor)
    {
        foreach (var (message, sender) in waiting)
        {
            actor.Tell(message, sender);
        }

        waiting.Clear();
    }

    private RunRefused Absent(RunMessage message) => new(
        $"the owner of run '{message.Run}' is starting again{(problem is null ? "" : $" ({problem})")}; try in a moment", IsAway: true);

    /// <summary>What is said where a run's priority cannot be stored.</summary>
    internal static RunRefused NotPrioritized(string run, Exception cause) =>
        new($"the priority of run '{run}' cannot be stored: {cause.GetBaseException().Message}: ask again");

    private object OfHeld(RunMessage message) => message is ListLeaders || record is null
        ? new RunRefused($"run '{name}' cannot be shown until its owner can go on: {problem}")
        : Status(SearchPhase.Paused, "held until it is resumed", problem);

    private RunStatus Status(SearchPhase phase, string activity, string? reason) => new(
        name, StateNames.Of(phase), Iteration: 0, record!.Configuration.Iterations, Evaluations: 0,
        BestRho: null, BestExpression: null, record.NumericProfile, RequestsDone: 0, RequestsAll: 0, activity, reason,
        Priority: record.Priority);

    private Task Release()
    {
        var taken = runLock;
        runLock = null;
        return ReleaseAsync(taken);

        static async Task ReleaseAsync(Task<IRunLock>? taken)
        {
            if (taken is not null)
            {
                // Where it could not be had, its failure was told.
                await ((Task)taken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (taken.IsCompletedSuccessfully)
                {
                    await (await taken).DisposeAsync();
                }
            }
        }
    }

    private sealed record RecordRead(ClusterRun? Record);

    private sealed record Locked(IRunLock Lock);

    private sealed record LockLost(IRunLock Lock);

    private sealed record Deleted
    {
        public static readonly Deleted Instance = new();
    }

    private sealed record Prioritized
    {
        public static readonly Prioritized Instance = new();
    }

    private sealed record Noted
    {
        public static readonly Noted Instance = new();
    }

    private sealed record StartAgain
    {
        public static readonly StartAgain Instance = new();
    }

    private sealed record Lasting
    {
        public static readonly Lasting Instance = new();
    }
}
