using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
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
/// Owns one run: wraps the search's Decide and Apply in a persistent actor, and scores its rounds with terms from the
/// cache and from the GPU nodes; when the search has ended, it scores the held-out set and makes the report. Whatever fails (database,
/// recovery) stops it; its <see cref="RunSupervisor"/> starts it again later, and it goes on from its journal.
/// </summary>
public sealed class CoordinatorActor : ReceivePersistentActor, IWithTimers
{
    private const string PutOff = "its report was put off by command: resume the run to make it";

    private readonly string name;
    private readonly IRunDirectory runs;
    private readonly ITermCache cache;
    private readonly IGpuNodes nodes;
    private readonly CoordinatorSettings settings;
    private readonly TimeProvider clock;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly List<SearchEvent> recovered = [];

    private SearchSnapshot? snapshot;
    private CoordinatedRun run = null!;
    private SearchState state = new();
    private string? numericProfile;
    private IActorRef? batches;
    private TermCollection? terms;
    private TermCollection? heldOut;
    private FitnessFunction? fitness;
    private ScoreRound? round;
    private long begunRound;
    private string activity = "starting";
    private string? problem;
    private (SearchPhase Phase, string? Problem) noted;
    private bool isNoting;
    private bool isGoingOn;
    private long lastSnapshot;
    private UsageMeter usage = null!;
    private RunUsage? notedUsage;
    private DateTimeOffset usageNotedAt;
    private bool isNotingUsage;
    private bool isReported;
    private bool isReporting;
    private bool hasBegunReport;
    private bool isLoadingHeldOut;
    private bool isMakingReport;
    private bool isDraining;

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
        this.runs = runs;
        this.cache = cache;
        this.nodes = nodes;
        this.settings = settings;
        this.clock = clock;

        Recover<SnapshotOffer>(offer => snapshot = (SearchSnapshot)offer.Snapshot);
        Recover<SearchEvent>(recovered.Add);
        Recover<RecoveryCompleted>(_ => Task.Run(() => runs.FindAsync(name)).PipeTo(
            Self, success: record => new RecordRead(record),
            failure: failure => new OwnerFailed("the run's record cannot be read", failure)));
        Loading();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override string PersistenceId => RunJournal.IdOf(name);

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.Parent.Tell(new OwnerFailed("the journal cannot be read", reason));

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Context.Parent.Tell(new OwnerFailed("the journal cannot be written", cause));

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Stop(new OwnerFailed("the journal refuses an event", cause));

    private void Loading()
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
        Command<RunMessage>(_ => Sender.Tell(new RunRefused($"there is no run '{name}'")));
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
        usage = new UsageMeter(record.Usage ?? new RunUsage(0, 0, 0), clock);
        usageNotedAt = clock.GetUtcNow();
        noted = (record.Phase, record.Problem);
        nodes.Watch(Self);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, settings.Tick);
        log.Info("run {0} is owned by this node from iteration {1} on", name, state.Iteration);
        Become(Working);
        if (state.Phase == SearchPhase.New)
        {
            Carry(run.Start);
        }
        else
        {
            Carry(new RecoverSearch());
        }
    }

    private void Working()
    {
        Command<WakeRun>(_ => { });
        Command<DescribeRun>(_ => Sender.Tell(Status()));
        Command<ListLeaders>(_ => Sender.Tell(Leaderboard.Of(Status(), state)));
        Command<PauseRun>(_ =>
        {
            if (isReporting)
            {
                EndReporting(PutOff);
            }

            Carry(new PauseSearch(), answer: true);
        });
        Command<ResumeRun>(_ =>
        {
            if (run.Configuration.Problems(run.Record.Benchmark) is [var broken, ..])
            {
                Sender.Tell(new RunRefused($"run '{name}' cannot go on: {broken}"));
                return;
            }

            problem = null;
            Carry(new ResumeSearch(), answer: true);
        });
        Command<StopRun>(stop =>
        {
            if (isReporting)
            {
                EndReporting(PutOff);
            }
            else if (state.Phase is SearchPhase.Running or SearchPhase.Paused)
            {
                problem = null;
            }

            Carry(new StopSearch(stop.Reason), answer: true);
        });
        Command<Tick>(_ =>
        {
            if (clock.GetUtcNow() - usageNotedAt >= settings.UsageInterval)
            {
                NoteUsage();
            }

            Advance();
        });
        Command<GoOn>(_ =>
        {
            isGoingOn = false;
            Advance();
        });
        Command<GpuNodesChanged>(_ =>
        {
            terms?.Hasten(clock.GetUtcNow());
            heldOut?.Hasten(clock.GetUtcNow());
            Advance();
        });
        Command<DeviceDescription>(device =>
        {
            if (numericProfile is null)
            {
                Task.Run(() => runs.PinNumericProfileAsync(name, device.NumericProfile)).PipeTo(
                    Self, success: profile => new ProfilePinned(profile),
                    failure: failure => new OwnerFailed("the numeric profile cannot be pinned", failure));
            }
        });
        Command<ProfilePinned>(pinned =>
        {
            numericProfile = pinned.NumericProfile;
            Advance();
        });
        Command<TermsLoaded>(loaded =>
        {
            terms = run.Search.Collection(loaded.Table, TermPlan.For(run.Configuration, run.Process.Pruning), settings);
            fitness = new FitnessFunction(run.Configuration, run.Sample.Search, loaded.Table);
            Advance();
        });
        Command<HeldOutLoaded>(loaded =>
        {
            heldOut = run.HeldOut.Collection(loaded.Table, TermPlan.NeededOnce, settings);
            Advance();
        });
        Command<TermReply>(reply =>
        {
            if (terms?.Accept(reply) == true || heldOut?.Accept(reply) == true)
            {
                Advance();
            }
        });
        Command<RequestTaken>(taken =>
        {
            terms?.Note(taken, clock.GetUtcNow());
            heldOut?.Note(taken, clock.GetUtcNow());
        });
        Command<TermsRefused>(refused =>
        {
            if (Hopeless(refused) is not { } reason)
            {
                return;
            }

            if (isReporting)
            {
                log.Error("run {0} has no report: {1}", name, reason);
                EndReporting(reason);
            }
            else
            {
                problem = reason;
                log.Error("run {0} is paused: {1}", name, problem);
                Carry(new PauseSearch());
            }
        });
        Command<ReportMade>(made =>
        {
            if (isReporting)
            {
                Task.Run(() => runs.SaveReportAsync(name, made.Report, made.Usage)).PipeTo(
                    Self, success: () => ReportStored.Instance,
                    failure: failure => new OwnerFailed("the report cannot be stored", failure));
            }
            else
            {
                isMakingReport = false;
            }
        });
        Command<ReportFailed>(failed =>
        {
            isMakingReport = false;
            log.Error(failed.Cause, "run {0} has no report", name);
            EndReporting($"the report cannot be made: {failed.Cause.Message}");
        });
        Command<ReportStored>(_ =>
        {
            isReported = true;
            problem = null;
            EndReporting(reason: null);
            log.Info("the report of run {0} is stored", name);
        });
        Command<UsageNoted>(_ =>
        {
            isNotingUsage = false;
            StopIfDrained();
        });
        Command<Noted>(_ =>
        {
            isNoting = false;
            Note();
            StopIfDrained();
        });
        Command<Drain>(_ =>
        {
            isDraining = true;
            NoteUsage();
            StopIfDrained();
        });
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failure => log.Warning("the snapshot of run {0} was not stored: {1}", name, failure.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { });
        Command<OwnerFailed>(Stop);
    }

    /// <summary>Decides, stores what was decided, and then carries out the effect.</summary>
    private void Carry(SearchCommand command, bool answer = false)
    {
        var decision = run.Process.Decide(state, command);
        var asker = answer ? Sender : null;
        if (decision.Events.IsEmpty)
        {
            Follow(decision.Effect, asker);
            return;
        }

        var left = decision.Events.Length;
        PersistAll(decision.Events, happened =>
        {
            state = run.Process.Apply(state, happened);
            if (--left == 0)
            {
                SnapshotWhenDue();
                Follow(decision.Effect, asker);
            }
        });
    }

    private void Follow(ScoreRound? effect, IActorRef? asker)
    {
        round = effect ?? (state.Phase == SearchPhase.Running ? round : null);
        if (round is null && !isReporting)
        {
            terms?.Abandon();
            begunRound = 0;
            activity = StateNames.Of(state.Phase);
            isReporting = !isReported && problem is null && state.Phase is (SearchPhase.Finished or SearchPhase.Stopped);
        }

        var isWorking = round is not null || isReporting;
        usage.Work(isWorking);
        if (round is null)
        {
            NoteUsage();
        }

        Note();
        asker?.Tell(Status());
        if (isWorking && !isGoingOn)
        {
            // By the mailbox, behind what was stashed while the events were stored: where all terms are known, one round
            // would follow the other in the handler of its events, and no command would ever get its turn.
            isGoingOn = true;
            Self.Tell(GoOn.Instance);
        }
    }

    /// <summary>Does what the present round needs next. Safe to call at any time.</summary>
    private void Advance()
    {
        if ((round is null && !isReporting) || isMakingReport)
        {
            return;
        }

        if (isReporting && RunReport.BestOf(state).IsEmpty)
        {
            MakeReport(run.EmptyTable(run.Search), run.EmptyTable(run.HeldOut));
            return;
        }

        if (numericProfile is null)
        {
            activity = "waiting for a GPU node";
            nodes.AskForDevices(Self);
            return;
        }

        if (terms is null)
        {
            LoadTerms();
            return;
        }

        if (round is null)
        {
            AdvanceReport();
            return;
        }

        if (begunRound != round.Round)
        {
            terms.Begin(CoordinatedRun.Branches(run.Canonical(round)));
            begunRound = round.Round;
        }

        if (terms.IsComplete)
        {
            Report();
            return;
        }

        Ask(terms, "computing terms");
    }

    /// <summary>Does what the report needs next.</summary>
    private void AdvanceReport()
    {
        if (heldOut is null)
        {
            LoadHeldOut();
            return;
        }

        if (!hasBegunReport)
        {
            var best = RunReport.BestOf(state);
            // Known already, unless the cache has lost them.
            terms!.Begin(CoordinatedRun.Branches([best[0].Canonical]));
            heldOut.Begin(CoordinatedRun.Branches(best.Select(member => member.Canonical)));
            hasBegunReport = true;
        }

        if (terms!.IsComplete && heldOut.IsComplete)
        {
            usage.CountHits(heldOut.Known);
            MakeReport(terms.Table, heldOut.Table);
            return;
        }

        Ask(terms, "scoring the held-out set");
        Ask(heldOut, "scoring the held-out set");
    }

    private void MakeReport(TermTable search, TermTable ofHeldOut)
    {
        activity = "making the report";
        isMakingReport = true;
        var used = Usage();
        var reported = new ReportedRun(
            name, run.Configuration, run.Record.Benchmark, run.Sample, numericProfile, state,
            new TermCacheUse(used.TermHits, used.TermMisses), used.Seconds,
            // How to do the same again depends on where the report is read.
            new ReportOrigin(clock.GetUtcNow().UtcDateTime, ProgramVersion.Text, run.Record.BenchmarkDigest, Command: ""));
        Task.Run(() => RunReport.Create(reported, search, ofHeldOut).ToJson()).PipeTo(
            Self, success: report => new ReportMade(report, used), failure: failure => new ReportFailed(failure));
    }

    /// <summary>Ends the work on the report: it is stored, or the reason why not is noted, until the run is resumed.</summary>
    private void EndReporting(string? reason)
    {
        isReporting = false;
        hasBegunReport = false;
        isMakingReport = isMakingReport && reason == PutOff;
        problem = reason;
        terms?.Abandon();
        heldOut?.Abandon();
        activity = StateNames.Of(state.Phase);
        usage.Work(isWorking: false);
        NoteUsage();
        Note();
    }

    private void Ask(TermCollection collection, string doing)
    {
        activity = nodes.IsPresent(numericProfile!) ? doing : $"waiting for a GPU node with {numericProfile}";
        foreach (var (batch, request) in collection.Due(clock.GetUtcNow()))
        {
            batches!.Tell(new BatchRequest(batch, name, numericProfile!, request), Self);
        }
    }

    /// <summary>Why a request will never be answered; null where it may be.</summary>
    private string? Hopeless(TermsRefused refused)
    {
        var now = clock.GetUtcNow();
        return terms?.Refuse(refused, now) is { } searched ? run.Search.Describe(searched)
            : heldOut?.Refuse(refused, now) is { } reported ? run.HeldOut.Describe(reported)
            : null;
    }

    private void LoadHeldOut()
    {
        if (isLoadingHeldOut)
        {
            return;
        }

        isLoadingHeldOut = true;
        activity = "reading the term cache";
        var profile = numericProfile!;
        Task.Run(() => run.HeldOut.LoadTermsAsync(run.EmptyTable(run.HeldOut), cache, profile)).PipeTo(
            Self, success: table => new HeldOutLoaded(table),
            failure: failure => new OwnerFailed("the term cache cannot be read", failure));
    }

    private void LoadTerms()
    {
        if (batches is not null)
        {
            return; // on its way
        }

        activity = "reading the term cache";
        batches = nodes.Batches(numericProfile!);
        var profile = numericProfile!;
        Task.Run(() => run.Search.LoadTermsAsync(run.EmptyTable(run.Search), cache, profile)).PipeTo(
            Self, success: table => new TermsLoaded(table), failure: failure => new OwnerFailed("the term cache cannot be read", failure));
    }

    private void Report()
    {
        activity = "searching";
        usage.CountHits(terms!.Known);
        var scored = round!;
        round = null;
        Carry(new ReportScores(scored.Iteration, scored.Round, [.. run.Canonical(scored).Select(fitness!.Evaluate)]));
    }

    private void SnapshotWhenDue()
    {
        if (LastSequenceNr - lastSnapshot >= settings.EventsPerSnapshot)
        {
            lastSnapshot = LastSequenceNr;
            SaveSnapshot(SearchSnapshot.Of(state));
        }
    }

    /// <summary>
    /// Tells the directory where the run stands, if that has changed: one note after the other, so that the last one stays.
    /// </summary>
    private void Note()
    {
        var now = (state.Phase, problem);
        if (isNoting || now == noted)
        {
            return;
        }

        isNoting = true;
        noted = now;
        Task.Run(() => runs.NoteAsync(name, now.Phase, now.problem)).PipeTo(
            Self, success: () => Noted.Instance, failure: failure => new OwnerFailed("the run's record cannot be written", failure));
    }

    private void NoteUsage()
    {
        var used = Usage();
        if (isNotingUsage || used == notedUsage)
        {
            return;
        }

        isNotingUsage = true;
        notedUsage = used;
        usageNotedAt = clock.GetUtcNow();
        Task.Run(() => runs.NoteUsageAsync(name, used)).PipeTo(
            Self, success: () => UsageNoted.Instance, failure: failure => new OwnerFailed("the run's record cannot be written", failure));
    }

    /// <summary>Ends once the directory knows where the run stands.</summary>
    private void StopIfDrained()
    {
        if (isDraining && !isNoting && !isNotingUsage)
        {
            Context.Stop(Self);
        }
    }

    private RunUsage Usage() => usage.Total((terms?.Received ?? 0) + (heldOut?.Received ?? 0));

    private RunStatus Status()
    {
        var collected = isReporting ? heldOut : terms;
        var used = Usage();
        var best = state.HallOfFame.FirstOrDefault();
        return new RunStatus(
            name, StateNames.Of(state.Phase), state.Iteration, run.Configuration.Iterations, state.Evaluations, best?.Fitness.Rho,
            best?.Canonical.ToString(),
            numericProfile, collected?.Done ?? 0, collected?.All ?? 0, activity, problem, state.Ended, isReporting,
            used.Seconds, new RunProgress(
                RemainingTime.EvaluationsLeft(run.Configuration, state),
                Rules.Refusing.Sum(rule => state.RuleHits.GetValueOrDefault(rule.Name)),
                used.TermHits, used.TermMisses, run.Sample.Search.Networks.Length, run.Sample.HeldOut.Networks.Length));
    }

    /// <summary>Stops; the supervisor says why and starts another owner.</summary>
    private void Stop(OwnerFailed failed)
    {
        Context.Parent.Tell(failed);
        Context.Stop(Self);
    }

    private sealed record RecordRead(ClusterRun? Record);

    private sealed record ProfilePinned(string NumericProfile);

    private sealed record TermsLoaded(TermTable Table);

    private sealed record HeldOutLoaded(TermTable Table);

    private sealed record ReportMade(string Report, RunUsage Usage);

    private sealed record ReportFailed(Exception Cause);

    private sealed record ReportStored
    {
        public static readonly ReportStored Instance = new();
    }

    private sealed record UsageNoted
    {
        public static readonly UsageNoted Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record GoOn
    {
        public static readonly GoOn Instance = new();
    }

    private sealed record Noted
    {
        public static readonly Noted Instance = new();
    }
}
