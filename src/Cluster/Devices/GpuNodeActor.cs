using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using LPZero.Cluster.Hosting;
using LPZero.Cluster.Storage;
using LPZero.Cluster.Wire;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Devices;

/// <summary>How a batch deals with what is asked of it.</summary>
/// <param name="Waiting">Requests that may wait; more are sent back.</param>
/// <param name="SaveRetry">Pause before terms that could not be stored are stored again.</param>
/// <param name="KnownTermsBytes">Bytes of known terms that all batches of a node may hold.</param>
public sealed record GpuNodeSettings(int Waiting, TimeSpan SaveRetry, long KnownTermsBytes)
{
    /// <summary>What a cluster starts from.</summary>
    public static readonly GpuNodeSettings Default = new(Waiting: 64, SaveRetry: TimeSpan.FromSeconds(1), KnownTermsBytes: 256L << 20);
}

/// <summary>
/// One architecture batch: answers requests for terms of its networks one after the other. A term is looked up in what
/// this actor knows, then in the term cache, and only then computed; it is stored before it is sent, so that an answer
/// that gets lost costs nothing. What the device is at is noted before it begins, so that a request which ends the process
/// again and again is given up. The device works on a thread of its own; this actor never waits for it.
/// </summary>
public sealed class GpuNodeActor : ReceiveActor, IWithTimers
{
    private readonly IDeviceSet devices;
    private readonly IDeviceSlot slot;
    private readonly ITermCache cache;
    private readonly IAttemptLog attempts;
    private readonly GpuNodeSettings settings;
    private readonly KnownTermsBudget budget;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly CalmLog outages = new(Context.GetLogger(), Context.System.Scheduler);
    private readonly Dictionary<string, KnownBlocks> known = [];
    private readonly LinkedList<Pending> waiting = [];

    private Pending? current;
    private ImmutableArray<ChainSet> begun;
    private bool draining;
    private long answers;

    /// <summary>The actor of a batch.</summary>
    /// <param name="devices">The node's devices, on one of which the batch gets a place.</param>
    /// <param name="cache">Where terms are kept.</param>
    /// <param name="attempts">What devices are at.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="budget">What the known terms of the node's batches may hold.</param>
    public GpuNodeActor(
        IDeviceSet devices, ITermCache cache, IAttemptLog attempts, GpuNodeSettings settings, KnownTermsBudget budget)
    {
        this.budget = budget;
        this.devices = devices;
        this.cache = cache;
        this.attempts = attempts;
        this.settings = settings;
        slot = devices.Assign();

        Receive<BatchRequest>(OnRequest);
        Receive<CacheRead>(read =>
        {
            var blocks = new KnownBlocks();
            budget.Count(blocks.Add(read.Blocks));
            known[read.ContentKey] = blocks;
            Compute();
        });
        Receive<Begun>(noted =>
        {
            begun = noted.Wanted;
            Evaluate();
        });
        Receive<Computed>(computed => Save(computed.Reply));
        Receive<DeviceFailed>(failed => Outlive(new Refused(
            failed.Cause is ArgumentException or BatchTooLargeException ? RefusalCause.Impossible : RefusalCause.Failed, failed.Cause.Message)));
        Receive<Saved>(saved =>
        {
            budget.Count(known[current!.ContentKey].Add(saved.Reply.Blocks));
            Answer();
        });
        Receive<SaveFailed>(failed =>
        {
            outages.Warning($"terms cannot be stored, trying again: {failed.Cause.Message}");
            NodeHealth.Get(Context.System).Note("terms cannot be stored", failed.Cause);
            Timers.StartSingleTimer(nameof(Save), new SaveAgain(failed.Reply), settings.SaveRetry);
        });
        Receive<SaveAgain>(again => Save(again.Reply));
        Receive<Refused>(refused => Refuse(refused.Cause, refused.Reason));
        Receive<Drain>(_ =>
        {
            draining = true;
            foreach (var pending in waiting)
            {
                Refuse(pending, RefusalCause.Busy, "the batch is moving to another node");
            }

            waiting.Clear();
            StopIfDrained();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        budget.Count(-known.Values.Sum(blocks => blocks.Bytes));
        slot.Dispose();
    }

    private void OnRequest(BatchRequest message)
    {
        var pending = new Pending(message, Sender, message.Request.Target.Key(devices.NumericProfile));
        if (message.NumericProfile != devices.NumericProfile)
        {
            Refuse(pending, RefusalCause.Impossible, $"this node computes with other arithmetic ({devices.NumericProfile}) than the run ({message.NumericProfile})");
        }
        else if (current?.IsSame(pending) == true)
        {
            current = pending; // repeated while it is being worked on: whoever asked last gets the answer
        }
        else if (waiting.FirstOrDefault(pending.IsSame) is { } earlier)
        {
            waiting.Find(earlier)!.Value = pending;
        }
        else if (draining || waiting.Count >= settings.Waiting)
        {
            Refuse(pending, RefusalCause.Busy, draining ? "the batch is moving to another node" : "the batch has enough to do");
        }
        else
        {
            waiting.AddLast(pending);
            Next();
        }
    }

    private void Next()
    {
        if (current is not null || waiting.First is not { } first)
        {
            return;
        }

        current = first.Value;
        waiting.RemoveFirst();
        if (known.ContainsKey(current.ContentKey))
        {
            Compute();
            return;
        }

        var key = current.ContentKey;
        Task.Run(() => cache.LoadAsync(key)).PipeTo(
            Self,
            success: blocks => new CacheRead(key, blocks),
            // A database that is away comes back; what is damaged stays so.
            failure: problem => new Refused(
                problem is InvalidDataException ? RefusalCause.Impossible : RefusalCause.Busy, $"the term cache cannot be read: {problem.Message}"));
    }

    private void Compute()
    {
        var request = current!.Message.Request;
        var missing = known[current.ContentKey].Missing(request.Wanted);
        if (missing.IsEmpty)
        {
            Answer();
            return;
        }

        var key = current.ContentKey;
        Task.Run(() => attempts.BeginAsync(key, missing)).PipeTo(
            Self,
            success: machines => machines is { } died
                ? new Refused(RefusalCause.Impossible, $"the process that computes it has ended each of {died.Length} times (on {string.Join(", ", died)})")
                : new Begun(missing),
            failure: problem => new Refused(RefusalCause.Busy, $"the database cannot be written: {problem.Message}"));
    }

    private void Evaluate() => slot.EvaluateAsync(current!.Message.Request with { Wanted = begun }).PipeTo(
        Self,
        success: reply => new Computed(reply),
        failure: problem => new DeviceFailed(problem));

    /// <summary>Notes that the process has outlived a request that failed, before that is refused.</summary>
    private void Outlive(Refused refused)
    {
        var (key, wanted) = (current!.ContentKey, begun);
        Task.Run(() => attempts.EndAsync(key, wanted)).PipeTo(Self, success: () => refused, failure: _ => refused);
    }

    private void Save(TermReply reply)
    {
        var (key, wanted) = (current!.ContentKey, begun);
        Task.Run(async () =>
        {
            await attempts.EndAsync(key, wanted);
            await cache.SaveAsync(key, reply.Blocks);
        }).PipeTo(
            Self,
            success: () => new Saved(reply),
            failure: problem => new SaveFailed(reply, problem));
    }

    private void Answer()
    {
        var request = current!.Message.Request;
        current.ReplyTo.Tell(new TermReply(request.Id, request.Attempt, known[current.ContentKey].Select(request.Wanted)));
        known[current.ContentKey].LastUse = ++answers;
        while (budget.IsExceeded && known.Count > 0)
        {
            var (key, blocks) = known.MinBy(pair => pair.Value.LastUse);
            known.Remove(key);
            budget.Count(-blocks.Bytes);
        }

        Done();
    }

    private void Refuse(RefusalCause cause, string reason)
    {
        log.Warning("{0} is refused: {1}", current!.Message.Request.Target.Network, reason);
        Refuse(current, cause, reason);
        Done();
    }

    private static void Refuse(Pending pending, RefusalCause cause, string reason) =>
        pending.ReplyTo.Tell(new TermsRefused(pending.Message.Request.Id, pending.Message.Request.Attempt, cause, reason));

    private void Done()
    {
        current = null;
        StopIfDrained();
        Next();
    }

    private void StopIfDrained()
    {
        if (draining && current is null)
        {
            Context.Stop(Self);
        }
    }

    private sealed record Pending(BatchRequest Message, IActorRef ReplyTo, string ContentKey)
    {
        public bool IsSame(Pending other) => Message.Run == other.Message.Run && Message.Request.Id == other.Message.Request.Id;
    }

    private sealed record CacheRead(string ContentKey, ImmutableArray<TermBlock> Blocks);

    private sealed record Begun(ImmutableArray<ChainSet> Wanted);

    private sealed record Computed(TermReply Reply);

    private sealed record DeviceFailed(Exception Cause);

    private sealed record Saved(TermReply Reply);

    private sealed record SaveFailed(TermReply Reply, Exception Cause);

    private sealed record SaveAgain(TermReply Reply);

    private sealed record Refused(RefusalCause Cause, string Reason);
}
