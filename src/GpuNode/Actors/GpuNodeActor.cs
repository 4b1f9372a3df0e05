using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Proxies;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Actors;

/// <summary>How a batch deals with what is asked of it.</summary>
/// <param name="Waiting">Requests that may wait for others of their networks; more are sent back.</param>
/// <param name="SaveRetry">Pause before terms that could not be stored are stored again.</param>
/// <param name="KnownTermsBytes">Bytes of known terms that all batches of a node may hold.</param>
public sealed record GpuNodeSettings(int Waiting, TimeSpan SaveRetry, long KnownTermsBytes)
{
    /// <summary>What a cluster starts from.</summary>
    public static readonly GpuNodeSettings Default = new(Waiting: 256, SaveRetry: TimeSpan.FromSeconds(1), KnownTermsBytes: 256L << 20);
}

/// <summary>
/// One architecture batch: answers requests for terms and scores of its networks, those of one network one after the other, different
/// networks side by side. What is asked for is looked up in what this actor knows, then in the term cache, and only then computed; it is
/// stored before it is sent, so that an answer that gets lost costs nothing. What a device comes to is noted before it begins, so that a
/// request which ends the process again and again is given up. Devices work on threads of their own; this actor never waits for them.
/// </summary>
public sealed class GpuNodeActor : ReceiveActor, IWithTimers, IDisposable
{
    private const string Moving = "the batch is moving to another node";

    private readonly IDeviceSet devices;
    private readonly ITermCache cache;
    private readonly IAttemptLog attempts;
    private readonly GpuNodeSettings settings;
    private readonly INodeHealth health;
    private readonly KnownTermsBudget budget;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly CalmLog outages;
    private readonly Dictionary<string, KnownBlocks> known = [];

    // By content key, for networks of which anything is asked: the first is being worked on, the others wait.
    private readonly Dictionary<string, List<Pending>> requests = [];
    private readonly HashSet<ProbedNetwork> loaded = [];
    private readonly CancellationTokenSource leaving = new();

    private bool draining;
    private long answers;

    /// <summary>The actor of a batch.</summary>
    /// <param name="devices">The node's devices.</param>
    /// <param name="cache">Where terms are kept.</param>
    /// <param name="attempts">What devices are at.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="budget">What the known terms of the node's batches may hold.</param>
    /// <param name="health">Told of what fails.</param>
    public GpuNodeActor(
        IDeviceSet devices, ITermCache cache, IAttemptLog attempts, GpuNodeSettings settings, KnownTermsBudget budget, INodeHealth health)
    {
        this.budget = budget;
        this.devices = devices;
        this.cache = cache;
        this.attempts = attempts;
        this.settings = settings;
        this.health = health;
        var scheduler = Context.System.Scheduler;
        outages = new CalmLog(text => log.Warning("{0}", text), () => scheduler.Now);

        Receive<BatchRequest>(OnRequest);
        Receive<CacheRead>(read =>
        {
            var blocks = new KnownBlocks();
            budget.Count(blocks.Add(read.Blocks) + blocks.Add(read.Scores));
            known[read.ContentKey] = blocks;
            Compute(read.ContentKey);
        });
        Receive<Computed>(computed =>
        {
            BatchInstruments.ComputedTerms.Add(Terms(computed.Request.Wanted));
            if (computed.Request.IsLast)
            {
                loaded.Remove(computed.Request.Target); // the device has released it
            }

            Save(computed);
        });
        Receive<Saved>(saved =>
        {
            var blocks = known[saved.ContentKey];
            budget.Count(blocks.Add(saved.Reply.Blocks) + blocks.Add(saved.Reply.Scores));
            Answer(saved.ContentKey);
        });
        Receive<SaveFailed>(failed =>
        {
            outages.Warning($"terms cannot be stored, trying again: {failed.Cause.Message}");
            health.Note("terms cannot be stored", failed.Cause);
            // They are kept, and answered once they are stored; whoever waits for them is told why that takes so long.
            var waiting = requests[failed.Computed.ContentKey][0];
            waiting.ReplyTo.Tell(new TermsRefused(
                waiting.Message.Request.Id, waiting.Message.Request.Attempt, RefusalCause.Busy,
                $"terms cannot be stored: {failed.Cause.Message}"));
            Timers.StartSingleTimer(failed.Computed.ContentKey, new SaveAgain(failed.Computed), settings.SaveRetry);
        });
        Receive<SaveAgain>(again => Save(again.Computed));
        Receive<Refused>(refused =>
        {
            var current = requests[refused.ContentKey][0];
            log.Warning(
                "request {Request} of run {Run} is refused: {Network}: {Reason}", current.Message.Request.Id, current.Message.Run,
                current.Message.Request.Target.Network, refused.Reason);
            Refuse(current, refused.Cause, refused.Reason);
            Done(refused.ContentKey);
        });
        Receive<Drain>(_ =>
        {
            draining = true;
            foreach (var ofNetwork in requests.Values)
            {
                ofNetwork.Skip(1).ToList().ForEach(pending => Refuse(pending, RefusalCause.Busy, Moving));
                ofNetwork.RemoveRange(1, ofNetwork.Count - 1);
            }

            leaving.Cancel();
            StopIfDrained();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Called by Akka.NET when the actor has stopped.</summary>
    public void Dispose() => leaving.Dispose();

    /// <inheritdoc/>
    protected override void PostStop()
    {
        budget.Count(-known.Values.Sum(blocks => blocks.Bytes));
        leaving.Cancel();
        devices.Unload(loaded);
    }

    private void OnRequest(BatchRequest message)
    {
        var pending = new Pending(message, Sender, ContentKeyOf(message.Request), Stopwatch.GetTimestamp());
        var ofNetwork = requests.GetValueOrDefault(pending.ContentKey);
        if (message.NumericProfile != devices.NumericProfile)
        {
            Refuse(pending, RefusalCause.Impossible,
                $"this node computes with other arithmetic ({devices.NumericProfile}) than the run ({message.NumericProfile})");
        }
        else if (ofNetwork?.FindIndex(pending.IsSame) is { } repeated and >= 0)
        {
            ofNetwork[repeated] = pending with { Since = ofNetwork[repeated].Since }; // whoever asked last gets the answer
            Take(pending);
        }
        else if (draining || requests.Values.Sum(others => others.Count - 1) >= settings.Waiting)
        {
            Refuse(pending, RefusalCause.Busy, draining ? Moving : "the batch has enough to do");
        }
        else if (ofNetwork is not null)
        {
            ofNetwork.Add(pending);
            Take(pending);
        }
        else
        {
            requests.Add(pending.ContentKey, [pending]);
            Begin(pending.ContentKey);
            if (requests.ContainsKey(pending.ContentKey))
            {
                Take(pending);
            }
        }
    }

    /// <summary>Under what the request's terms or scores are kept. Scores by another version of the proxies are not used.</summary>
    private string ContentKeyOf(TermRequest request) => request.Target.Key(request.Proxies.IsEmpty
        ? devices.NumericProfile
        : $"{devices.NumericProfile}|designed proxies {DesignedProxies.Version}");

    private static void Take(Pending pending) =>
        pending.ReplyTo.Tell(new RequestTaken(pending.Message.Request.Id, pending.Message.Request.Attempt));

    /// <summary>Begins the first request of a network.</summary>
    private void Begin(string key)
    {
        if (known.ContainsKey(key))
        {
            Compute(key);
            return;
        }

        var request = requests[key][0].Message.Request;
        Task.Run(() => ReadAsync(key, request)).PipeTo(
            Self,
            // A database that is away comes back; what is damaged stays so.
            failure: problem => new Refused(
                key, problem is InvalidDataException ? RefusalCause.Impossible : RefusalCause.Busy,
                $"the term cache cannot be read: {problem.Message}"));
    }

    private async Task<CacheRead> ReadAsync(string key, TermRequest request) => request.Proxies.IsEmpty
        ? new CacheRead(key, await cache.LoadAsync(key), [])
        : new CacheRead(key, [], await cache.LoadScoresAsync(key));

    private void Compute(string key)
    {
        var request = requests[key][0].Message.Request;
        var missing = known[key].Missing(request);
        BatchInstruments.FoundTerms.Add(Terms(request.Wanted) - Terms(missing.Wanted));
        if (missing.IsEmpty)
        {
            if (request.IsLast && loaded.Remove(request.Target))
            {
                devices.Unload([request.Target]);
            }

            Answer(key);
            return;
        }

        if (!missing.Wanted.IsEmpty)
        {
            loaded.Add(request.Target); // for scores nothing is
        }

        var (message, withdrawn) = (requests[key][0].Message with { Request = missing }, leaving.Token);
        Task.Run(() => EvaluateAsync(key, message, withdrawn)).PipeTo(Self);
    }

    /// <summary>Has a device compute terms or scores. Returns what to tell this actor.</summary>
    private async Task<object> EvaluateAsync(string key, BatchRequest message, CancellationToken withdrawn)
    {
        using var tracing = BatchTrace.Begin("compute", message);
        var request = message.Request;
        Refused? refused = null;
        try
        {
            var reply = await devices.EvaluateAsync(
                request, message.Share, async () => (refused = await BeginAsync(key, request)) is null, withdrawn);
            return reply is null ? refused! : new Computed(key, request, reply);
        }
        catch (OperationCanceledException)
        {
            return new Refused(key, RefusalCause.Busy, Moving);
        }
        catch (Exception problem)
        {
            await OutliveAsync(key, request);
            return new Refused(
                key, problem is ArgumentException or BatchTooLargeException ? RefusalCause.Impossible : RefusalCause.Failed,
                problem.Message);
        }
    }

    /// <summary>Notes that this process begins to compute something. Returns why it is not to, if so.</summary>
    private async Task<Refused?> BeginAsync(string key, TermRequest request)
    {
        try
        {
            return await attempts.BeginAsync(key, request) is { } died
                ? new Refused(key, RefusalCause.Impossible,
                    $"the process that computes it has ended each of {died.Length} times (on {string.Join(", ", died)})")
                : null;
        }
        catch (Exception problem)
        {
            return new Refused(key, RefusalCause.Busy, $"the database cannot be written: {problem.Message}");
        }
    }

    /// <summary>Notes that the process has outlived a request that failed, before that is refused.</summary>
    private async Task OutliveAsync(string key, TermRequest request)
    {
        try
        {
            await attempts.EndAsync(key, request);
        }
        catch (Exception problem)
        {
            // It counts as begun until its next attempt ends, which does no harm while this process lives.
            log.Warning("the end of an attempt cannot be noted: {0}", problem.Message);
        }
    }

    private void Save(Computed computed)
    {
        var message = requests[computed.ContentKey][0].Message;
        Task.Run(() => SaveAsync(message, computed)).PipeTo(
            Self,
            success: () => new Saved(computed.ContentKey, computed.Reply),
            failure: problem => new SaveFailed(computed, problem));
    }

    private async Task SaveAsync(BatchRequest message, Computed computed)
    {
        using var tracing = BatchTrace.Begin("store", message);
        await attempts.EndAsync(computed.ContentKey, computed.Request);
        await (computed.Request.Proxies.IsEmpty
            ? cache.SaveAsync(computed.ContentKey, computed.Reply.Blocks)
            : cache.SaveScoresAsync(computed.ContentKey, computed.Reply.Scores));
    }

    private void Answer(string key)
    {
        var current = requests[key][0];
        var request = current.Message.Request;
        Measure(current, "answered");
        current.ReplyTo.Tell(known[key].Answer(request));
        known[key].LastUse = ++answers;
        if (request.IsLast)
        {
            Forget(key); // whoever asks nevertheless finds them in the cache
        }

        Done(key);
    }

    private static void Refuse(Pending pending, RefusalCause cause, string reason)
    {
        Measure(pending, "refused");
        pending.ReplyTo.Tell(new TermsRefused(pending.Message.Request.Id, pending.Message.Request.Attempt, cause, reason));
    }

    private static void Measure(Pending pending, string outcome) => BatchInstruments.RequestDuration.Record(
        Stopwatch.GetElapsedTime(pending.Since).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    private static int Terms(ImmutableArray<ChainSet> sets) => sets.Sum(set => set.Chains.Length);

    private void Done(string key)
    {
        requests[key].RemoveAt(0);
        if (requests[key].Count > 0)
        {
            Begin(key);
            return;
        }

        requests.Remove(key);
        Forget();
        StopIfDrained();
    }

    /// <summary>
    /// Forgets terms of networks of which nothing is asked now, those used last the longest time ago first, until the budget holds.
    /// </summary>
    private void Forget()
    {
        while (budget.IsExceeded && known.Keys.Where(key => !requests.ContainsKey(key)).MinBy(key => known[key].LastUse) is { } oldest)
        {
            Forget(oldest);
        }
    }

    private void Forget(string key)
    {
        if (known.Remove(key, out var blocks))
        {
            budget.Count(-blocks.Bytes);
        }
    }

    private void StopIfDrained()
    {
        if (draining && requests.Count == 0)
        {
            Context.Stop(Self);
        }
    }

    private sealed record Pending(BatchRequest Message, IActorRef ReplyTo, string ContentKey, long Since)
    {
        public bool IsSame(Pending other) => Message.Run == other.Message.Run && Message.Request.Id == other.Message.Request.Id;
    }

    private sealed record CacheRead(string ContentKey, ImmutableArray<TermBlock> Blocks, ImmutableArray<ProxyScore> Scores);

    private sealed record Computed(string ContentKey, TermRequest Request, TermReply Reply);

    private sealed record Saved(string ContentKey, TermReply Reply);

    private sealed record SaveFailed(Computed Computed, Exception Cause);

    private sealed record SaveAgain(Computed Computed);

    private sealed record Refused(string ContentKey, RefusalCause Cause, string Reason);
}
