using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// Owns one run: wraps the search's Decide and Apply in a persistent actor. It recovers, chooses a device profile where the run has none,
/// and collects the terms of one round after the other, through a <see cref="TermCollectorActor"/>; when the search has ended, it
/// reports: collects the terms of the held-out set, makes the report and stores it. Paused, finished or stopped it is idle. Whatever
/// fails (database, recovery) stops it; its <see cref="RunSupervisor"/> starts it again later, and it goes on from its journal.
/// </summary>
public sealed partial class CoordinatorActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>The problem of a run whose report somebody has put off.</summary>
    public const string ReportPutOff = "its report was put off by command: resume the run to make it";

    private const string SearchSide = "search";
    private const string HeldOutSide = "held-out";

    private readonly string name;
    private readonly RoundTrace trace;
    private readonly IRunDirectory runs;
    private readonly CollectorServices services;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly List<SearchEvent> recovered = [];

    // Terms that each collector was sent, since it began.
    private readonly Dictionary<IActorRef, long> received = [];

    private SearchSnapshot? snapshot;
    private CoordinatedRun run = null!;
    private RunNotes notes = null!;
    private UsageMeter usage = null!;
    private TermTable searchTable = null!;
    private TermTable heldOutTable = null!;
    private FitnessFunction fitness = null!;
    private SearchState state = new();
    private string? numericProfile;
    private string? problem;
    private bool isReported;
    private int priority;
    private Doing doing = new("starting");
    private IActorRef persisting = ActorRefs.Nobody;
    private long lastSnapshot;
    private DateTimeOffset usageNotedAt;

    /// <summary>The owner of a run.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="runs">Where its record is.</param>
    /// <param name="cache">Where terms are.</param>
    /// <param name="nodes">What computes terms.</param>
    /// <param name="settings">Times and bounds.</param>
    /// <param name="clock">The time.</param>
    public CoordinatorActor(
        string name, IRunDirectory runs, ITermCache cache, IGpuNodes nodes, CoordinatorSettings settings, TimeProvider clock)
    {
        this.name = name;
        trace = new RoundTrace(name);
        this.runs = runs;
        services = new CollectorServices(cache, nodes, settings, clock);

        Recover<SnapshotOffer>(offer => snapshot = (SearchSnapshot)offer.Snapshot);
        Recover<SearchEvent>(recovered.Add);
        Recover<RecoveryCompleted>(_ => Task.Run(() => runs.FindAsync(name)).PipeTo(
            Self, success: record => new RecordRead(record),
            failure: failure => new OwnerFailed("the run's record cannot be read", failure)));
        Recovering();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override string PersistenceId => RunJournal.IdOf(name);

    private DateTimeOffset Now => services.Clock.GetUtcNow();

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.Parent.Tell(new OwnerFailed("the journal cannot be read", reason));

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // Whoever waits for what was to be stored is not left to wait for ever, as on a full disk.
        persisting.Tell(new RunRefused(
            $"run '{name}' cannot do that: the journal cannot be written: {cause.GetBaseException().Message}: mend it, then ask again"));
        Context.Parent.Tell(new OwnerFailed("the journal cannot be written", cause));
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Stop(new OwnerFailed("the journal refuses an event", cause));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        CountAs(null);
        trace.End("its owner has stopped");
    }

    /// <summary>A collector that fails takes its owner with it.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void Recovering()
    {
        Command<RecordRead>(read =>
        {
            if (read.Record is null)
            {
                Become(Unknown);
            }
            else
            {
                Begin(read.Record);
            }

            Stash.UnstashAll();
        });
        Command<OwnerFailed>(Stop);
        Command<Drain>(_ => Context.Stop(Self));
        Command<RunMessage>(_ => Stash.Stash());
    }

    private void Unknown()
    {
        Command<Drain>(_ => Context.Stop(Self));
        Command<RunMessage>(_ => Sender.Tell(new RunRefused($"there is no run '{name}'", IsUnknown: true)));
    }

    private void Begin(ClusterRun record)
    {
        run = new CoordinatedRun(record);
        state = run.Fold(snapshot, recovered);
        recovered.Clear();
        snapshot = null;
        lastSnapshot = LastSequenceNr;
        numericProfile = record.NumericProfile;
        problem = record.Problem;
        isReported = record.IsReported;
        priority = record.Priority;
        usage = new UsageMeter(record.Usage ?? new RunUsage(0, 0, 0), services.Clock);
        usageNotedAt = Now;
        notes = new RunNotes(record, runs, Self);
        (searchTable, heldOutTable) = (run.EmptyTable(run.Search), run.EmptyTable(run.HeldOut));
        fitness = new FitnessFunction(
            run.Configuration, run.Sample.Search, searchTable, Criteria.Of(run.Configuration, record.Benchmark, run.Sample.Search));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, services.Settings.Tick);
        log.Info("run {Run} is owned by this node from iteration {Iteration} on", name, state.Iteration);
        CountFromZero();
        MeasureMailbox();
        CountAs(StateNames.Of(state.Phase));
        Become(Idle);
        if (state.Phase == SearchPhase.New)
        {
            Carry(run.Start);
        }
        else
        {
            Carry(new RecoverSearch());
        }
    }

    /// <summary>The run is paused, or it is finished or stopped and has its report or a problem: until somebody asks for more.</summary>
    private void Idle()
    {
        Command<DeleteRun>(_ => Context.Parent.Tell(new Deletable(Sender)));
        Always();
    }

    /// <summary>Asks the nodes what they compute with; the first that answers has its profile pinned to the run.</summary>
    /// <param name="then">What needs it.</param>
    private void ChoosingProfile(Action then)
    {
        Command<Tick>(_ =>
        {
            OnTick();
            doing = doing with { Activity = TermProgress.Waiting };
            services.Nodes.AskForDevices(Self);
        });
        Command<DeviceDescription>(device => Task.Run(() => runs.PinNumericProfileAsync(name, device.NumericProfile)).PipeTo(
            Self, success: profile => new ProfilePinned(profile),
            failure: failure => new OwnerFailed("the numeric profile cannot be pinned", failure)));
        Command<ProfilePinned>(pinned =>
        {
            numericProfile = pinned.NumericProfile;
            then();
        });
        Always();
    }

    /// <summary>The terms of a round are collected; then its proxies are scored.</summary>
    /// <param name="round">The round.</param>
    /// <param name="proxies">The canonical forms of its proposals.</param>
    /// <param name="wanted">What the collector was asked for.</param>
    private void CollectingRound(ScoreRound round, ImmutableArray<CanonicalProxy> proxies, Collect wanted)
    {
        Command<Collecting>(how => Hear(how, TermProgress.Computing));
        Command<Collected>(collected => collected.Asked == wanted, collected =>
        {
            usage.CountHits(collected.Known);
            CountRound(collected.Known);
            doing = doing with { Activity = "searching" };
            trace.Step("decide");
            Carry(new ReportScores(round.Iteration, round.Round, [.. proxies.Select(fitness.Evaluate)]));
        });
        Command<CollectingFailed>(failed => failed.Asked == wanted, failed =>
        {
            problem = failed.Reason;
            CountProblems(1);
            trace.End(problem);
            log.Error("run {Run} is paused: {Reason}", name, problem);
            Carry(new PauseSearch());
        });
        Always();
    }

    /// <summary>The terms of the best proxies on both sides of the split are collected; then the report is made.</summary>
    private void Reporting(Collect ofSearch, Collect ofHeldOut)
    {
        var left = 2;
        Command<Collecting>(how => Sender.Equals(Context.Child(HeldOutSide)), how => Hear(how, "scoring the held-out set"));
        Command<Collected>(collected => collected.Asked == ofSearch || collected.Asked == ofHeldOut, collected =>
        {
            usage.CountHits(collected.Asked == ofHeldOut ? collected.Known : 0);
            if (--left == 0)
            {
                MakeReport();
            }
        });
        Command<CollectingFailed>(failed => failed.Asked == ofSearch || failed.Asked == ofHeldOut, failed =>
        {
            log.Error("run {Run} has no report: {Reason}", name, failed.Reason);
            CountProblems(1);
            EndReporting(failed.Reason);
        });
        Always();
    }

    /// <summary>The report is made and stored, both elsewhere.</summary>
    private void MakingReport()
    {
        Command<ReportMade>(made => Task.Run(() => runs.SaveReportAsync(name, made.Report, made.Usage)).PipeTo(
            Self, success: () => ReportStored.Instance, failure: failure => new OwnerFailed("the report cannot be stored", failure)));
        Command<ReportFailed>(failed =>
        {
            log.Error(failed.Cause, "run {Run} has no report", name);
            CountProblems(1);
            EndReporting($"the report cannot be made: {failed.Cause.Message}");
        });
        Always();
    }

    /// <summary>Ends once the directory knows where the run stands.</summary>
    private void Draining()
    {
        Command<RunNotes.Noted>(stored =>
        {
            notes.Take(stored);
            StopIfDrained();
        });
        Command<RunNotes.UsageNoted>(stored =>
        {
            notes.Take(stored);
            StopIfDrained();
        });
        Command<OwnerFailed>(Stop);
        CommandAny(_ => { });
    }

    /// <summary>What every behaviour answers alike; what comes too late for the present one is dropped.</summary>
    private void Always()
    {
        Command<WakeRun>(_ => { });
        Command<DescribeRun>(_ => Sender.Tell(Status()));
        Command<ListLeaders>(_ => Sender.Tell(Leaderboard.Of(Status(), state)));
        Command<PauseRun>(_ =>
        {
            PutReportOff();
            Carry(new PauseSearch(), Sender);
        });
        Command<ResumeRun>(_ =>
        {
            if (run.Configuration.Problems(run.Record.Benchmark) is [var broken, ..])
            {
                Sender.Tell(new RunRefused($"run '{name}' cannot go on: {broken}"));
                return;
            }

            problem = null;
            Carry(new ResumeSearch(), Sender);
        });
        Command<StopRun>(stop =>
        {
            if (!PutReportOff() && state.Phase is SearchPhase.Running or SearchPhase.Paused)
            {
                problem = null;
            }

            Carry(new StopSearch(stop.Reason), Sender);
        });
        Command<PrioritizeRun>(other =>
        {
            var asker = Sender;
            Task.Run(() => runs.PrioritizeAsync(name, other.Priority)).PipeTo(
                Self, success: _ => new Prioritized(other.Priority, asker), failure: failure => new NotPrioritized(failure, asker));
        });
        Command<Prioritized>(stored =>
        {
            priority = stored.Priority;
            foreach (var collector in Context.GetChildren())
            {
                collector.Tell(new Weigh(priority));
            }

            stored.Asker.Tell(Status());
        });
        Command<NotPrioritized>(failed => failed.Asker.Tell(RunSupervisor.NotPrioritized(name, failed.Cause)));
        Command<DeleteRun>(_ => Sender.Tell(new RunRefused(
            $"run '{name}' is being worked on ({doing.Activity}): pause it with search pause, or end it with search stop, before it is " +
            "deleted")));
        Command<Tick>(_ => OnTick());
        Command<DeviceDescription>(_ => { });
        Command<ProfilePinned>(pinned => numericProfile = pinned.NumericProfile);
        Command<Collecting>(how => received[Sender] = how.Received);
        Command<Collected>(_ => { });
        Command<CollectingFailed>(_ => { });
        Command<ReportMade>(_ => { });
        Command<ReportFailed>(_ => { });
        Command<ReportStored>(_ =>
        {
            isReported = true;
            EndReporting(reason: null);
            log.Info("the report of run {Run} is stored", name);
        });
        Command<RunNotes.Noted>(notes.Take);
        Command<RunNotes.UsageNoted>(notes.Take);
        Command<Drain>(_ =>
        {
            NoteUsage();
            Become(Draining);
            StopIfDrained();
        });
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failure =>
            log.Warning("the snapshot of run {Run} was not stored: {Reason}", name, failure.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { });
        Command<OwnerFailed>(Stop);
    }

    /// <summary>Decides, stores what was decided, and then carries out the effect.</summary>
    private void Carry(SearchCommand command, IActorRef? asker = null)
    {
        var decision = run.Process.Decide(state, command);
        if (decision.Events.IsEmpty)
        {
            Follow(decision.Effect, asker);
            return;
        }

        var left = decision.Events.Length;
        trace.Step("store");
        persisting = asker ?? ActorRefs.Nobody;
        PersistAll(decision.Events, happened =>
        {
            state = run.Process.Apply(state, happened);
            Count(happened);
            if (--left == 0)
            {
                trace.End();
                SnapshotWhenDue();
                Follow(decision.Effect, asker);
            }
        });
    }

    /// <summary>Goes over to what follows a decision; a round that is being collected goes on unless the search does not.</summary>
    private void Follow(ScoreRound? effect, IActorRef? asker)
    {
        if (effect is not null)
        {
            BeginRound(effect);
        }
        else if (state.Phase != SearchPhase.Running && !doing.IsReporting)
        {
            StopCollectors();
            var lacksReport = !isReported && problem is null && state.Phase is SearchPhase.Finished or SearchPhase.Stopped;
            if (lacksReport && run.Configuration.Problems(run.Record.Benchmark) is [var broken, ..])
            {
                // Other rules than those that it was searched by would report something else.
                problem = broken.ToString();
                lacksReport = false;
            }

            if (lacksReport)
            {
                BeginReporting();
            }
            else
            {
                BeIdle();
            }
        }

        CountAs(StateNames.Of(state.Phase));
        notes.Note(state.Phase, problem);
        asker?.Tell(Status());
    }

    private void BeIdle()
    {
        doing = new Doing(StateNames.Of(state.Phase));
        usage.Work(isWorking: false);
        NoteUsage();
        Become(Idle);
    }

    private void BeginRound(ScoreRound round)
    {
        usage.Work(isWorking: true);
        if (numericProfile is null)
        {
            ChooseProfile(() => BeginRound(round));
            return;
        }

        var proxies = run.Canonical(round);
        trace.Collect(round.Iteration, round.Round, proxies.Length);
        var wanted = new Collect(CoordinatedRun.Branches(proxies)) { Trace = trace.Id };
        doing = new Doing("searching");
        collectingSince = services.Clock.GetTimestamp();
        SearchCollector().Tell(wanted);
        Become(() => CollectingRound(round, proxies, wanted));
    }

    private void BeginReporting()
    {
        usage.Work(isWorking: true);
        NoteUsage();
        doing = new Doing("scoring the held-out set", IsReporting: true);
        var best = RunReport.BestOf(state);
        if (best.IsEmpty)
        {
            MakeReport();
        }
        else if (numericProfile is null)
        {
            ChooseProfile(BeginReporting);
        }
        else
        {
            // Of the search set they are known already, unless the cache has lost them.
            // Two arrays, so that the two are not equal.
            var ofSearch = new Collect(CoordinatedRun.Branches(best.Select(member => member.Canonical)));
            var ofHeldOut = new Collect(CoordinatedRun.Branches(best.Select(member => member.Canonical)));
            SearchCollector().Tell(ofSearch);
            Collector(HeldOutSide, run.HeldOut, heldOutTable, TermPlan.NeededOnce).Tell(ofHeldOut);
            Become(() => Reporting(ofSearch, ofHeldOut));
        }
    }

    private void ChooseProfile(Action then)
    {
        doing = doing with { Activity = TermProgress.Asking };
        services.Nodes.AskForDevices(Self);
        Become(() => ChoosingProfile(then));
    }

    private void MakeReport()
    {
        doing = doing with { Activity = "making the report" };
        var used = Usage();
        var reported = new ReportedRun(
            name, run.Configuration, run.Record.Benchmark, run.Sample, numericProfile, state,
            new TermCacheUse(used.TermHits, used.TermMisses), used.Seconds,
            // How to do the same again depends on where the report is read.
            new ReportOrigin(Now.UtcDateTime, ProgramVersion.Text, run.Record.BenchmarkDigest, Command: ""));
        var (search, ofHeldOut) = (searchTable, heldOutTable);
        Task.Run(() => RunReport.Create(reported, search, ofHeldOut).ToJson()).PipeTo(
            Self, success: report => new ReportMade(report, used), failure: failure => new ReportFailed(failure));
        Become(MakingReport);
    }

    /// <summary>Puts a report that is being worked on off until the run is resumed. False where none is.</summary>
    private bool PutReportOff()
    {
        if (!doing.IsReporting)
        {
            return false;
        }

        EndReporting(ReportPutOff);
        return true;
    }

    /// <summary>Ends the work on the report: it is stored, or the reason why not is noted, until the run is resumed.</summary>
    private void EndReporting(string? reason)
    {
        problem = reason;
        StopCollectors();
        BeIdle();
        notes.Note(state.Phase, problem);
    }

    private IActorRef SearchCollector() =>
        Collector(SearchSide, run.Search, searchTable, TermPlan.For(run.Configuration, run.Process.Pruning));

    /// <summary>The collector of one side of the split, which is begun where it is needed first.</summary>
    private IActorRef Collector(string side, ProbedSet set, TermTable table, TermPlan plan)
    {
        var (asker, profile, work) = (new DeviceShare(name, priority), numericProfile!, services);
        var collector = Context.Child(side);
        return collector.IsNobody()
            ? Context.ActorOf(Props.Create(() => new TermCollectorActor(asker, profile, set, table, plan, work)), side)
            : collector;
    }

    private static void StopCollectors()
    {
        foreach (var collector in Context.GetChildren())
        {
            collector.Tell(StopCollecting.Instance);
        }
    }

    /// <summary>Takes note of how far a collector has come.</summary>
    /// <param name="how">What it says.</param>
    /// <param name="computing">What people are told while terms are computed.</param>
    private void Hear(Collecting how, string computing)
    {
        received[Sender] = how.Received;
        var activity = how.Activity != TermProgress.Computing ? how.Activity
            // A round whose terms are known is over before anybody could look.
            : how.Done < how.All ? computing : doing.Activity;
        doing = doing with { Activity = activity, Done = how.Done, All = how.All, Share = how.Share };
    }

    private void SnapshotWhenDue()
    {
        if (LastSequenceNr - lastSnapshot >= services.Settings.EventsPerSnapshot)
        {
            lastSnapshot = LastSequenceNr;
            SaveSnapshot(SearchSnapshot.Of(state));
        }
    }

    private void OnTick()
    {
        MeasureMailbox();
        if (Now - usageNotedAt >= services.Settings.UsageInterval)
        {
            NoteUsage();
        }
    }

    private void NoteUsage()
    {
        usageNotedAt = Now;
        notes.Note(Usage());
    }

    private RunUsage Usage() => usage.Total(received.Values.Sum());

    private RunStatus Status()
    {
        var used = Usage();
        var best = state.Leaders.FirstOrDefault();
        return new RunStatus(
            name, StateNames.Of(state.Phase), state.Iteration, run.Configuration.Iterations, state.Evaluations, best?.Fitness.Rho,
            best?.Canonical.ToString(),
            numericProfile, doing.Done, doing.All, doing.Activity, problem, state.Ended, doing.IsReporting,
            used.Seconds, new RunProgress(
                RemainingTime.EvaluationsLeft(run.Configuration, state),
                Rules.Refusing.Sum(rule => state.RuleHits.GetValueOrDefault(rule.Name)),
                used.TermHits, used.TermMisses, run.Sample.Search.Networks.Length, run.Sample.HeldOut.Networks.Length, doing.Share),
            priority);
    }

    private void StopIfDrained()
    {
        if (notes.AreDone)
        {
            Context.Stop(Self);
        }
    }

    /// <summary>Stops; the supervisor says why and starts another owner.</summary>
    private void Stop(OwnerFailed failed)
    {
        Context.Parent.Tell(failed);
        Context.Stop(Self);
    }

    /// <summary>What the owner is at, as people are told.</summary>
    /// <param name="Activity">In words.</param>
    /// <param name="Done">Requests for terms that were answered.</param>
    /// <param name="All">Requests for terms.</param>
    /// <param name="Share">Which part of their work is done.</param>
    /// <param name="IsReporting">Whether it is the report.</param>
    private sealed record Doing(string Activity, int Done = 0, int All = 0, double Share = 0, bool IsReporting = false);

    private sealed record RecordRead(ClusterRun? Record);

    private sealed record Prioritized(int Priority, IActorRef Asker);

    private sealed record NotPrioritized(Exception Cause, IActorRef Asker);

    private sealed record ProfilePinned(string NumericProfile);

    private sealed record ReportMade(string Report, RunUsage Usage);

    private sealed record ReportFailed(Exception Cause);

    private sealed record ReportStored
    {
        public static readonly ReportStored Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
