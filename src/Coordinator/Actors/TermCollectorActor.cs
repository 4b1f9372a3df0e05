using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>Asks a collector to make something known of every network of its set, instead of what it was asked before.</summary>
/// <param name="Branches">The branches whose terms are wanted.</param>
/// <param name="Proxies">Ids of the proxies whose scores are wanted.</param>
internal sealed record Collect(ImmutableArray<Branch> Branches, params ImmutableArray<string> Proxies)
{
    /// <summary>What is to be computed along with scores, for whoever asks for it next.</summary>
    public ImmutableArray<ChainSet> Along { get; init; } = [];

    /// <summary>The step that it is collected for, for those who trace it.</summary>
    public string? Trace { get; init; }
}

/// <summary>Tells a collector that nothing is wanted any more. What is under way is computed and stored all the same.</summary>
internal sealed record StopCollecting
{
    public static readonly StopCollecting Instance = new();
}

/// <summary>Tells a collector with what priority it asks from now on.</summary>
/// <param name="Priority">The weight of who asks.</param>
internal sealed record Weigh(int Priority);

/// <summary>How far a collector has come; said to its parent after each answer and each look at the nodes.</summary>
/// <param name="Done">Requests answered.</param>
/// <param name="All">Requests in all.</param>
/// <param name="Received">Terms that answers have brought, since the collector began.</param>
/// <param name="Activity">What is done or waited for.</param>
/// <param name="Share">Which part of the work is done, from 0 to 1: networks differ in what they take.</param>
internal sealed record Collecting(int Done, int All, long Received, string Activity, double Share);

/// <summary>All that was asked for is known. The table belongs to the parent until it asks for more.</summary>
/// <param name="Asked">What was asked for.</param>
/// <param name="Table">The table.</param>
/// <param name="Known">Terms that were known before.</param>
/// <param name="Scores">What the proxies say of the networks, in the order of both.</param>
internal sealed record Collected(Collect Asked, TermTable Table, long Known, ImmutableArray<ImmutableArray<ProxyScore>> Scores);

/// <summary>Some of what was asked for will never be known; the collector asks for nothing more.</summary>
/// <param name="Asked">What was asked for.</param>
/// <param name="Reason">Which network, what of it, and why.</param>
internal sealed record CollectingFailed(Collect Asked, string Reason);

/// <summary>What a collector needs besides its set.</summary>
/// <param name="Cache">Where terms are.</param>
/// <param name="Nodes">What computes the rest.</param>
/// <param name="Settings">Times and bounds.</param>
/// <param name="Clock">The time.</param>
public sealed record CollectorServices(ITermCache Cache, IGpuNodes Nodes, CoordinatorSettings Settings, TimeProvider Clock);

/// <summary>
/// Makes terms and scores of one set of networks known for its parent: reads what the term cache holds once terms are asked for, and asks
/// the batches for the rest, again and again where answers are missing; the scores that are stored these find themselves. A cache that
/// cannot be read stops it, after it has said so with <see cref="OwnerFailed"/>.
/// </summary>
internal sealed class TermCollectorActor : ReceiveActor, IWithTimers
{
    private readonly string numericProfile;
    private readonly ProbedSet set;
    private readonly CollectorServices services;
    private readonly TermTable table;

    private readonly RequestRound requests;
    private DeviceShare asker;
    private bool isRead;
    private IActorRef? batches;
    private Collect? asked;

    // Why a batch has sent a request back, which it says once for each; until an answer comes, or the nodes are others.
    private string? obstacle;

    /// <summary>A collector.</summary>
    /// <param name="asker">Who asks, which is part of the identity of the requests, and with what priority.</param>
    /// <param name="numericProfile">What the terms must be computed with.</param>
    /// <param name="set">The networks.</param>
    /// <param name="table">Receives the terms.</param>
    /// <param name="plan">Which terms to ask for.</param>
    /// <param name="services">What it works with.</param>
    public TermCollectorActor(
        DeviceShare asker, string numericProfile, ProbedSet set, TermTable table, TermPlan plan, CollectorServices services)
    {
        this.asker = asker;
        this.numericProfile = numericProfile;
        this.set = set;
        this.services = services;
        this.table = table;
        requests = set.Requests(table, plan, services.Settings, services.Nodes.WorkOf);
        Working();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => services.Clock.GetUtcNow();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        services.Nodes.Watch(Self);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, services.Settings.Tick);
    }

    private void Reading()
    {
        Receive<Collect>(Expect);
        Receive<StopCollecting>(_ => asked = null);
        Receive<Weigh>(Take);
        Receive<TableRead>(_ =>
        {
            isRead = true;
            Become(Working);
            if (asked is not null)
            {
                Begin(asked);
            }
        });
        Receive<OwnerFailed>(failed =>
        {
            Tell(failed);
            Context.Stop(Self);
        });
        Receive<Tick>(_ => { });
        Receive<GpuNodesChanged>(_ => { });
        Receive<TermReply>(_ => { }); // of what was asked for before
        Receive<RequestTaken>(_ => { });
        Receive<TermsRefused>(_ => { });
    }

    private void Working()
    {
        Receive<Collect>(Begin);
        Receive<StopCollecting>(_ =>
        {
            asked = null;
            requests.Abandon();
        });
        Receive<Weigh>(Take);
        Receive<TermReply>(reply =>
        {
            if (requests.Accept(reply))
            {
                obstacle = null;
                Advance();
            }
        });
        Receive<RequestTaken>(taken => requests.Note(taken, Now));
        Receive<TermsRefused>(refused =>
        {
            if (requests.Refuse(refused, Now) is { } hopeless)
            {
                Tell(new CollectingFailed(asked!, set.Describe(hopeless)));
                asked = null;
                requests.Abandon();
            }
            else if (asked is not null)
            {
                obstacle = refused.Reason;
                Tell(Progress(asked));
            }
        });
        Receive<Tick>(_ => Advance());
        Receive<GpuNodesChanged>(_ =>
        {
            obstacle = null;
            requests.Hasten(Now);
            Advance();
        });
    }

    private void Take(Weigh weight) => asker = asker with { Priority = weight.Priority };

    private void Begin(Collect wanted)
    {
        if (!isRead && !wanted.Branches.IsEmpty)
        {
            Expect(wanted);
            Become(Reading);
            var (cache, profile) = (services.Cache, numericProfile);
            Task.Run(() => set.LoadTermsAsync(table, cache, profile)).PipeTo(
                Self, success: _ => TableRead.Instance, failure: failure => new OwnerFailed("the term cache cannot be read", failure));
            return;
        }

        asked = wanted;
        obstacle = null;
        requests.Begin(wanted);
        Advance();
    }

    /// <summary>Notes what is wanted once the term cache is read.</summary>
    private void Expect(Collect wanted)
    {
        asked = wanted;
        Tell(new Collecting(Done: 0, All: 0, Received: 0, "reading the term cache", Share: 0));
    }

    private void Advance()
    {
        if (asked is null)
        {
            return;
        }

        Tell(Progress(asked));
        if (requests.IsComplete)
        {
            Tell(new Collected(asked, table, requests.Known, requests.ScoresOf(asked.Proxies)));
            asked = null;
            return;
        }

        foreach (var (batch, request) in requests.Due(Now))
        {
            batches ??= services.Nodes.Batches(numericProfile);
            batches.Tell(
                new BatchRequest(batch, asker.Run, numericProfile, request) { Trace = asked.Trace, Priority = asker.Priority }, Self);
        }
    }

    private Collecting Progress(Collect wanted) => new(
        requests.Done, requests.All, requests.Received,
        !requests.IsComplete && !services.Nodes.IsPresent(numericProfile) ? $"{TermProgress.Waiting} with {numericProfile}"
        : obstacle is not null ? $"asking again: {obstacle}"
        : Computing(wanted),
        requests.Share);

    private static string Computing(Collect wanted) => wanted.Branches.IsEmpty ? TermProgress.ComputingScores : TermProgress.Computing;

    private static void Tell(object message) => Context.Parent.Tell(message);

    private sealed record TableRead
    {
        public static readonly TableRead Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
