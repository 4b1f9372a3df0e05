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
/// networks side by side. Which run comes next, at one network too, is up to the devices. What is asked for is looked up in what this actor
/// knows, then in the term cache, and only then computed; it is stored before it is sent, so that an answer that gets lost costs nothing.
/// What a device comes to is noted before it begins, so that a request which ends the process again and again is given up. Devices work on
/// threads of their own; this actor never waits for them.
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

    // By content key, for networks of which anything is asked.
    private readonly Dictionary<string, NetworkRequests> requests = [];
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
            Offer(read.ContentKey);
        });
        Receive<Computed>(computed =>
        {
            var terms = Terms(computed.Request.Wanted);
            BatchInstruments.ComputedTerms.Add(terms);
            BatchInstruments.FoundTerms.Add(Terms(computed.Pending.Message.Request.Wanted) - terms);
            if (computed.Request.IsLast)
            {
                loaded.Remove(computed.Request.Target); // the device has released it
            }

            Save(computed);
        });
        Receive<Saved>(saved =>
        {
            var (key, pending, request, reply) = saved.Computed;
            var blocks = known[key];

            // Terms that came along with scores are stored under another key; here they are known so that they do not come along again.
            budget.Count(blocks.Add(reply.Blocks) + blocks.Add(reply.Scores));
            foreach (var waiting in requests[key].All)
            {
                waiting.IsToldOfOutage = false;
            }

            Answer(key, pending);
            Done(key, pending);
        });
        Receive<SaveFailed>(failed =>
        {
            outages.Warning($"terms cannot be stored, trying again: {failed.Cause.Message}");
            health.Note("terms cannot be stored", failed.Cause);
            // They are kept, and answered once they are stored; whoever waits for them is told once why that takes so long.
            foreach (var waiting in requests[failed.Computed.ContentKey].All.Where(each => !each.IsToldOfOutage))
            {
                waiting.IsToldOfOutage = true;
                waiting.ReplyTo.Tell(new TermsRefused(
                    waiting.Message.Request.Id, waiting.Message.Request.Attempt, RefusalCause.Busy,
                    $"terms cannot be stored: {failed.Cause.Message}"));
            }

            Timers.StartSingleTimer(failed.Computed.ContentKey, new SaveAgain(failed.Computed), settings.SaveRetry);
        });
        Receive<SaveAgain>(again => Save(again.Computed));
        Receive<Refused>(refused =>
        {
            if (requests.GetValueOrDefault(refused.ContentKey)?.All.Contains(refused.Pending) != true)
            {
                return; // sent back already, as the batch is leaving
            }

            var message = refused.Pending.Message;
            log.Warning(
                "request {Request} of run {Run} is refused: {Network}: {Reason}", message.Request.Id, message.Run,
                message.Request.Target.Network, refused.Reason);
            Refuse(refused.Pending, refused.Cause, refused.Reason);
            Done(refused.ContentKey, refused.Pending);
        });
        Receive<Passed>(passed =>
        {
            passed.Pending.IsOffered = false;
            if (draining)
            {
                Refuse(passed.Pending, RefusalCause.Busy, Moving);
                Done(passed.ContentKey, passed.Pending);
            }
            else
            {
                Offer(passed.ContentKey);
            }
        });
        Receive<Drain>(_ =>
        {
            draining = true;
            foreach (var (key, ofNetwork) in requests.ToList())
            {
                foreach (var pending in ofNetwork.All.Where(each => !each.IsOffered).ToList())
                {
                    Refuse(pending, RefusalCause.Busy, Moving);
                    Remove(key, pending);
                }
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
        var pending = new PendingRequest(message, Sender);
        var key = ContentKeyOf(message.Request);
        var ofNetwork = requests.GetValueOrDefault(key);
        if (message.NumericProfile != devices.NumericProfile)
        {
            Refuse(pending, RefusalCause.Impossible,
                $"this node computes with other arithmetic ({devices.NumericProfile}) than the run ({message.NumericProfile})");
        }
        else if (ofNetwork?.Find(message) is { } repeated)
        {
            repeated.Repeat(message, Sender);
            Take(repeated);
        }
        else if (draining || requests.Values.Sum(others => others.Count - 1) >= settings.Waiting)
        {
            Refuse(pending, RefusalCause.Busy, draining ? Moving : "the batch has enough to do");
        }
        else if (ofNetwork is not null)
        {
            ofNetwork.Add(pending);
            Take(pending);
            if (known.ContainsKey(key))
            {
                Offer(key);
            }
        }
        else
        {
            ofNetwork = new NetworkRequests(leaving.Token);
            ofNetwork.Add(pending);
            requests.Add(key, ofNetwork);
            Begin(key);
            if (ofNetwork.Count > 0)
            {
                Take(pending);
            }
        }
    }

    /// <summary>Under what the request's terms or scores are kept. Scores by another version of the proxies are not used.</summary>
    private string ContentKeyOf(TermRequest request) => request.Proxies.IsEmpty
        ? KeyOfTerms(request)
        : request.Target.Key($"{devices.NumericProfile}|designed proxies {DesignedProxies.Version}");

    private string KeyOfTerms(TermRequest request) => request.Target.Key(devices.NumericProfile);

    private static void Take(PendingRequest pending) =>
        pending.ReplyTo.Tell(new RequestTaken(pending.Message.Request.Id, pending.Message.Request.Attempt));

    /// <summary>Offers what is asked of a network to the devices, once what is stored of it is known.</summary>
    private void Begin(string key)
    {
        if (known.ContainsKey(key))
        {
            Offer(key);
            return;
        }

        var first = requests[key].All[0];
        var request = first.Message.Request;
        Task.Run(() => ReadAsync(key, request)).PipeTo(
            Self,
            // A database that is away comes back; what is damaged stays so.
            failure: problem => new Refused(
                key, first, problem is InvalidDataException ? RefusalCause.Impossible : RefusalCause.Busy,
                $"the term cache cannot be read: {problem.Message}"));
    }

    private async Task<CacheRead> ReadAsync(string key, TermRequest request) => request.Proxies.IsEmpty
        ? new CacheRead(key, await cache.LoadAsync(key), [])
        : new CacheRead(
            key, request.Along.IsEmpty ? [] : await cache.LoadAsync(KeyOfTerms(request)), await cache.LoadScoresAsync(key));

    /// <summary>
    /// Answers what is known of a network, and has the rest wait at the devices, as long as none of it is worked on: so what is missing
    /// when a request is offered is missing still when a device comes to it.
    /// </summary>
    private void Offer(string key)
    {
        while (requests.TryGetValue(key, out var ofNetwork) && ofNetwork.NextToOffer() is { } pending)
        {
            var request = pending.Message.Request;
            var missing = known[key].Missing(request);
            if (missing.IsEmpty)
            {
                BatchInstruments.FoundTerms.Add(Terms(request.Wanted));
                if (request.IsLast && loaded.Remove(request.Target))
                {
                    devices.Unload([request.Target]);
                }

                Answer(key, pending);
                Remove(key, pending);
                continue;
            }

            if (!missing.Wanted.IsEmpty)
            {
                loaded.Add(request.Target); // for scores nothing is
            }

            pending.IsOffered = true;
            var (message, turn, withdrawn) = (pending.Message with { Request = missing }, ofNetwork.Turn, ofNetwork.Turn.Withdrawn);
            Task.Run(() => EvaluateAsync(key, pending, message, turn, withdrawn)).PipeTo(Self);
        }
    }

    /// <summary>Has a device compute terms or scores. Returns what to tell this actor.</summary>
    private async Task<object> EvaluateAsync(
        string key, PendingRequest pending, BatchRequest message, NetworkTurn turn, CancellationToken withdrawn)
    {
        using var tracing = BatchTrace.Begin("compute", message);
        var request = message.Request;
        Refused? refused = null;
        try
        {
            var reply = await devices.EvaluateAsync(
                request, message.Share,
                async () => turn.Take(pending) && (refused = await BeginAsync(key, pending, request)) is null, withdrawn);
            return reply is not null ? new Computed(key, pending, request, reply)
                : refused is not null ? refused
                : new Passed(key, pending);
        }
        catch (OperationCanceledException)
        {
            return turn.Taker is { } taker && taker != pending
                ? new Passed(key, pending)
                : new Refused(key, pending, RefusalCause.Busy, Moving);
        }
        catch (Exception problem)
        {
            await OutliveAsync(key, request);
            return new Refused(
                key, pending, problem is ArgumentException or BatchTooLargeException ? RefusalCause.Impossible : RefusalCause.Failed,
                problem.Message);
        }
    }

    /// <summary>Notes that this process begins to compute something. Returns why it is not to, if so.</summary>
    private async Task<Refused?> BeginAsync(string key, PendingRequest pending, TermRequest request)
    {
        try
        {
            return await attempts.BeginAsync(key, request) is { } died
                ? new Refused(key, pending, RefusalCause.Impossible,
                    $"the process that computes it has ended each of {died.Length} times (on {string.Join(", ", died)})")
                : null;
        }
        catch (Exception problem)
        {
            return new Refused(key, pending, RefusalCause.Busy, $"the database cannot be written: {problem.Message}");
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
        var (message, keyOfTerms) = (computed.Pending.Message, KeyOfTerms(computed.Request));
        Task.Run(() => SaveAsync(message, computed, keyOfTerms)).PipeTo(
            Self,
            success: () => new Saved(computed),
            failure: problem => new SaveFailed(computed, problem));
    }

    private async Task SaveAsync(BatchRequest message, Computed computed, string keyOfTerms)
    {
        using var tracing = BatchTrace.Begin("store", message);
        await attempts.EndAsync(computed.ContentKey, computed.Request);
        if (!computed.Reply.Scores.IsEmpty)
        {
            await cache.SaveScoresAsync(computed.ContentKey, computed.Reply.Scores);
        }

        // Last, as scores may be stored twice, and blocks would then be there twice.
        if (!computed.Reply.Blocks.IsEmpty)
        {
            await cache.SaveAsync(keyOfTerms, computed.Reply.Blocks);
        }
    }

    private void Answer(string key, PendingRequest pending)
    {
        var request = pending.Message.Request;
        Measure(pending, "answered");
        pending.ReplyTo.Tell(known[key].Answer(request));
        known[key].LastUse = ++answers;
        if (request.IsLast && requests[key].Count == 1)
        {
            Forget(key); // whoever asks nevertheless finds them in the cache
        }
    }

    private static void Refuse(PendingRequest pending, RefusalCause cause, string reason)
    {
        Measure(pending, "refused");
        pending.ReplyTo.Tell(new TermsRefused(pending.Message.Request.Id, pending.Message.Request.Attempt, cause, reason));
    }

    private static void Measure(PendingRequest pending, string outcome) => BatchInstruments.RequestDuration.Record(
        Stopwatch.GetElapsedTime(pending.Since).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    private static int Terms(ImmutableArray<ChainSet> sets) => sets.Sum(set => set.Chains.Length);

    /// <summary>Goes on with what else is asked of a network when a request is answered or refused.</summary>
    private void Done(string key, PendingRequest pending)
    {
        Remove(key, pending);
        if (requests.ContainsKey(key))
        {
            Begin(key);
        }

        StopIfDrained();
    }

    private void Remove(string key, PendingRequest pending)
    {
        var ofNetwork = requests[key];
        ofNetwork.Remove(pending);
        if (ofNetwork.Count == 0)
        {
            ofNetwork.Dispose();
            requests.Remove(key);
            Forget();
        }
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

    private sealed record CacheRead(string ContentKey, ImmutableArray<TermBlock> Blocks, ImmutableArray<ProxyScore> Scores);

    private sealed record Computed(string ContentKey, PendingRequest Pending, TermRequest Request, TermReply Reply);

    private sealed record Saved(Computed Computed);

    private sealed record SaveFailed(Computed Computed, Exception Cause);

    private sealed record SaveAgain(Computed Computed);

    private sealed record Refused(string ContentKey, PendingRequest Pending, RefusalCause Cause, string Reason);

    /// <summary>A device came to another request for the network first; this one is to be offered again.</summary>
    private sealed record Passed(string ContentKey, PendingRequest Pending);
}
