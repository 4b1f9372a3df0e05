using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>A request on its way to the batch that holds its network.</summary>
internal sealed record Dispatch(string Batch, TermRequest Request);

/// <summary>A request that nobody will ever answer.</summary>
/// <param name="Network">Its network, as an index into its set's.</param>
/// <param name="Wanted">The terms that were asked for; none where scores were.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record HopelessRequest(int Network, ImmutableArray<ChainSet> Wanted, string Reason);

/// <summary>
/// The requests of a round: all that is missing of a network is asked for with one request, or where that is too much with one
/// after the other. A request that no batch has taken is repeated. An answer may come twice, late or after a repeated request;
/// the first one counts.
/// </summary>
/// <param name="table">Receives the terms. Scores are asked for in requests of their own, and kept here.</param>
/// <param name="targets">The networks with their probe, in the order of the table.</param>
/// <param name="batches">For each network the key of its batch.</param>
/// <param name="plan">Which terms to ask for.</param>
/// <param name="settings">Bounds and times.</param>
/// <param name="firstId">
/// Where ids begin. Different for every life of a coordinator, so that an answer to an earlier one is never taken for
/// the answer to another question.
/// </param>
internal sealed class RequestRound(
    TermTable table, ImmutableArray<ProbedNetwork> targets, ImmutableArray<string> batches, TermPlan plan, CoordinatorSettings settings,
    long firstId)
{
    private readonly Dictionary<string, ProxyScore>[] scores =
        [.. targets.Select(_ => new Dictionary<string, ProxyScore>(StringComparer.Ordinal))];

    private readonly Queue<UnderWay>[] waiting = [.. targets.Select(_ => new Queue<UnderWay>())];
    private readonly Dictionary<long, UnderWay> underWay = [];

    // Networks of which nothing is under way though something waits.
    private readonly Queue<int> ready = [];

    // No request under way is due before, so that an answer does not look at each of them.
    private DateTimeOffset firstDeadline = DateTimeOffset.MaxValue;

    // When it was last seen that answers come, and how many there were then.
    private (DateTimeOffset At, int Done) heard = (DateTimeOffset.MinValue, 0);
    private long lastId = firstId;

    // Of networks that something was asked of.
    private readonly double?[] works = new double?[targets.Length];

    // Work of the round, and what of it was done.
    private double workAll;
    private double workDone;

    private TimeSpan Longest => settings.RequestTimeout * settings.LongestWait;

    public TermTable Table => table;

    /// <summary>What a network takes compared to others.</summary>
    public Func<ProbedNetwork, double> WorkOf { get; init; } = _ => 1;

    /// <summary>Requests of the round.</summary>
    public int All { get; private set; }

    /// <summary>Requests of the round that were answered.</summary>
    public int Done { get; private set; }

    public bool IsComplete => Done == All;

    /// <summary>Which part of the round's work was done, from 0 to 1: that of a network is spread evenly over its requests.</summary>
    public double Share => IsComplete ? 1 : workDone / workAll;

    /// <summary>Terms that were known when the round was begun: one branch on one network each.</summary>
    public long Known { get; private set; }

    /// <summary>Terms that answers have brought, in all rounds.</summary>
    public long Received { get; private set; }

    /// <summary>What proxies say of the networks, in the order of both, once a round of them is complete.</summary>
    public ImmutableArray<ImmutableArray<ProxyScore>> ScoresOf(ImmutableArray<string> proxies) =>
        [.. scores.Select(ofNetwork => proxies.Select(proxy => ofNetwork[proxy]).ToImmutableArray())];

    /// <summary>Begins a round in which these branches, and the scores of these proxies, are to be known on every network.</summary>
    public void Begin(Collect wanted)
    {
        Abandon();
        var (branches, proxies) = (wanted.Branches, wanted.Proxies);
        Lack? ofNewOnes = null;
        Lack? before = null;
        for (var network = 0; network < targets.Length; network++)
        {
            Known += branches.Count(branch => table.Knows(branch, network));
            var lack = table.KnowsAny(network) ? LackOf(network, branches, before) : ofNewOnes ??= LackOf(network, branches, before);
            before = lack;
            var ofNetwork = scores[network];
            if (proxies.Where(proxy => !ofNetwork.ContainsKey(proxy)).Distinct().ToImmutableArray() is { IsEmpty: false } unknown)
            {
                waiting[network].Enqueue(NewRequest(network, [], unknown, isLast: false, wanted.Along));
            }

            foreach (var terms in lack.Requests)
            {
                // The last is sent when the others are answered, so that nothing is asked of a network that was released.
                var isLast = lack.LeavesNothing && terms == lack.Requests[^1];
                waiting[network].Enqueue(NewRequest(network, terms, [], isLast));
            }

            if (waiting[network].Count > 0)
            {
                var work = works[network] ??= WorkOf(targets[network]);
                workAll += work;
                foreach (var request in waiting[network])
                {
                    request.Work = work / waiting[network].Count;
                }

                All += waiting[network].Count;
                ready.Enqueue(network);
            }
        }
    }

    /// <summary>Forgets the round; answers that are still to come are late.</summary>
    public void Abandon()
    {
        Array.ForEach(waiting, queue => queue.Clear());
        ready.Clear();
        underWay.Clear();
        heard = (DateTimeOffset.MinValue, 0);
        All = Done = 0;
        workAll = workDone = 0;
        Known = 0;
    }

    /// <summary>
    /// What is to be sent now: the next request of each network that has none under way, and those that have waited too long.
    /// </summary>
    public IReadOnlyList<Dispatch> Due(DateTimeOffset now)
    {
        var due = new List<Dispatch>();
        heard = heard.Done == Done ? heard : (now, Done);
        if (firstDeadline <= now)
        {
            foreach (var request in underWay.Values.Where(request => request.Deadline <= now))
            {
                if (request.IsTaken && heard.At + Longest > now)
                {
                    request.Deadline = heard.At + Longest; // it waits for a device behind those that are answered
                }
                else
                {
                    due.Add(Send(request, now));
                }
            }

            firstDeadline = underWay.Count == 0 ? DateTimeOffset.MaxValue : underWay.Values.Min(request => request.Deadline);
        }

        while (ready.TryDequeue(out var network))
        {
            var request = waiting[network].Dequeue();
            underWay.Add(request.Id, request);
            due.Add(Send(request, now));
        }

        return due;
    }

    /// <summary>Takes in an answer. False for one that is late, repeated or not what was asked for.</summary>
    public bool Accept(TermReply reply)
    {
        if (!underWay.TryGetValue(reply.Id, out var request))
        {
            return false;
        }

        foreach (var block in reply.Blocks)
        {
            table.Add(request.Network, block);
        }

        foreach (var score in reply.Scores)
        {
            scores[request.Network].TryAdd(score.Proxy, score);
        }

        if (request.Wanted.Any(set => set.Chains.Any(chain => !table.Knows(set.Input, chain, request.Network)))
            || !request.Proxies.All(scores[request.Network].ContainsKey))
        {
            return false;
        }

        underWay.Remove(reply.Id);
        Received += request.Wanted.Sum(set => set.Chains.Length);
        Done++;
        workDone += request.Work;
        if (waiting[request.Network].Count > 0)
        {
            ready.Enqueue(request.Network);
        }

        return true;
    }

    /// <summary>Notes that a batch has a request and will answer or refuse it, unless its node is lost: no need to ask again.</summary>
    public void Note(RequestTaken taken, DateTimeOffset now)
    {
        if (underWay.TryGetValue(taken.Id, out var request) && taken.Attempt == request.Attempt)
        {
            request.IsTaken = true;
            Wait(request, now + Longest);
        }
    }

    /// <summary>Asks again a little later. Returns the request where that is of no use.</summary>
    public HopelessRequest? Refuse(TermsRefused refused, DateTimeOffset now)
    {
        if (!underWay.TryGetValue(refused.Id, out var request) || refused.Attempt != request.Attempt)
        {
            return null;
        }

        request.IsTaken = false;
        Wait(request, now + settings.RefusedDelay);
        request.Failures += refused.Cause == RefusalCause.Failed ? 1 : 0;
        return refused.Cause == RefusalCause.Impossible || request.Failures >= settings.Tries
            ? new HopelessRequest(request.Network, request.Wanted, refused.Reason)
            : null;
    }

    /// <summary>
    /// Makes everything under way due, as after the loss of a node. What was sent to the lost one has waited for nothing, and
    /// for some seconds messages to its batches are lost too: the waits begin anew, and short.
    /// </summary>
    public void Hasten(DateTimeOffset now)
    {
        foreach (var request in underWay.Values)
        {
            request.IsTaken = false;
            Wait(request, now);
            request.Wait = settings.RefusedDelay;
        }
    }

    private UnderWay NewRequest(
        int network, ImmutableArray<ChainSet> wanted, ImmutableArray<string> proxies, bool isLast,
        params ImmutableArray<ChainSet> along) =>
        new(++lastId, network, wanted, proxies, isLast) { Along = along, Wait = settings.RequestTimeout };

    private Dispatch Send(UnderWay request, DateTimeOffset now)
    {
        request.Attempt++;
        request.IsTaken = false;
        Wait(request, now + request.Wait);
        // A slow device is not to be buried in repetitions: each waits twice as long as the one before.
        request.Wait = 2 * request.Wait < Longest ? 2 * request.Wait : Longest;
        return new Dispatch(
            batches[request.Network],
            new TermRequest(request.Id, request.Attempt, targets[request.Network], request.Wanted, request.IsLast)
            {
                Proxies = request.Proxies,
                Along = request.Along,
            });
    }

    /// <summary>
    /// What a network lacks. Most lack the same and share one list, which takes room once and is written to the wire once.
    /// </summary>
    private Lack LackOf(int network, IReadOnlyList<Branch> branches, Lack? before)
    {
        var missing = plan.Missing(table, network, branches);
        // Looks at every term that there is, so not where nothing is asked anyway.
        var leavesNothing = !missing.IsEmpty && plan.LeavesNothing(table, network, missing);
        return before is not null && before.LeavesNothing == leavesNothing && AreSame(before.Missing, missing)
            ? before
            : new Lack(missing, [.. Requests(missing)], leavesNothing);
    }

    /// <summary>
    /// Cuts what a network lacks into requests of so many chains. Those of an input stay together, as one pass serves all of them.
    /// </summary>
    private IEnumerable<ImmutableArray<ChainSet>> Requests(ImmutableArray<ChainSet> missing)
    {
        var wanted = ImmutableArray.CreateBuilder<ChainSet>();
        var room = settings.ChainsPerRequest;
        foreach (var set in missing.SelectMany(Parts))
        {
            if (set.Chains.Length > room)
            {
                yield return wanted.DrainToImmutable();
                room = settings.ChainsPerRequest;
            }

            wanted.Add(set);
            room -= set.Chains.Length;
        }

        if (wanted.Count > 0)
        {
            yield return wanted.DrainToImmutable();
        }
    }

    private IEnumerable<ChainSet> Parts(ChainSet set) => set.Chains.Length <= settings.ChainsPerRequest
        ? [set]
        : set.Chains.Chunk(settings.ChainsPerRequest).Select(chains => set with { Chains = [.. chains] });

    private static bool AreSame(ImmutableArray<ChainSet> some, ImmutableArray<ChainSet> others) => some.Length == others.Length
        && some.Zip(others, (one, other) => one.Input == other.Input && one.Chains.SequenceEqual(other.Chains)).All(same => same);

    private void Wait(UnderWay request, DateTimeOffset deadline)
    {
        request.Deadline = deadline;
        firstDeadline = deadline < firstDeadline ? deadline : firstDeadline;
    }

    private sealed record Lack(ImmutableArray<ChainSet> Missing, ImmutableArray<ImmutableArray<ChainSet>> Requests, bool LeavesNothing);

    private sealed class UnderWay(
        long id, int network, ImmutableArray<ChainSet> wanted, ImmutableArray<string> proxies, bool isLast)
    {
        public long Id => id;

        public int Network => network;

        public ImmutableArray<ChainSet> Wanted => wanted;

        public ImmutableArray<string> Proxies => proxies;

        public bool IsLast => isLast;

        public required ImmutableArray<ChainSet> Along { get; init; }

        public double Work { get; set; }

        public int Attempt { get; set; }

        /// <summary>Whether a batch has said that it has this attempt.</summary>
        public bool IsTaken { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset Deadline { get; set; }

        /// <summary>How long the next attempt waits for its answer.</summary>
        public TimeSpan Wait { get; set; }
    }
}
