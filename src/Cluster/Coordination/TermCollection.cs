using System.Collections.Immutable;
using LPZero.Cluster.Wire;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Coordination;

/// <summary>A request on its way to the batch that holds its network.</summary>
internal sealed record Dispatch(string Batch, TermRequest Request);

/// <summary>A request that nobody will ever answer.</summary>
/// <param name="Network">Its network, as an index into its set's.</param>
/// <param name="Wanted">What was asked.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record HopelessRequest(int Network, ChainSet Wanted, string Reason);

/// <summary>
/// The requests of a round: what is missing is asked for with one request under way for each network, so that an answer
/// pulls the network's next request. An answer may come twice, late or after a repeated request; the first one counts.
/// </summary>
/// <param name="table">Receives the terms.</param>
/// <param name="targets">The networks with their probe, in the order of the table.</param>
/// <param name="batches">For each network the key of its batch.</param>
/// <param name="plan">Which terms to ask for.</param>
/// <param name="settings">Bounds and times.</param>
/// <param name="firstId">
/// Where ids begin. Different for every life of a coordinator, so that an answer to an earlier one is never taken for
/// the answer to another question.
/// </param>
internal sealed class TermCollection(
    TermTable table, ImmutableArray<ProbedNetwork> targets, ImmutableArray<string> batches, TermPlan plan, CoordinatorSettings settings, long firstId)
{
    // A reply of so many chains stays below the largest frame, also with many tensors.
    private const int ChainsPerRequest = 512;

    private readonly Queue<UnderWay>[] waiting = [.. targets.Select(_ => new Queue<UnderWay>())];
    private readonly Dictionary<long, UnderWay> underWay = [];

    // Networks of which nothing is under way though something waits.
    private readonly Queue<int> ready = [];

    // No request under way is due before, so that an answer does not look at each of them.
    private DateTimeOffset firstDeadline = DateTimeOffset.MaxValue;
    private long lastId = firstId;

    public TermTable Table => table;

    /// <summary>Requests of the round.</summary>
    public int All { get; private set; }

    /// <summary>Requests of the round that were answered.</summary>
    public int Done { get; private set; }

    public bool IsComplete => Done == All;

    /// <summary>Terms that were known when the round was begun: one branch on one network each.</summary>
    public long Known { get; private set; }

    /// <summary>Terms that answers have brought, in all rounds.</summary>
    public long Received { get; private set; }

    /// <summary>Begins a round in which these branches are to be known on every network.</summary>
    public void Begin(IReadOnlyList<Branch> branches)
    {
        Abandon();
        for (var network = 0; network < targets.Length; network++)
        {
            Known += branches.Count(branch => table.Knows(branch, network));
            var missing = plan.Missing(table, network, branches);
            UnderWay? last = null;
            foreach (var wanted in missing)
            {
                foreach (var chains in wanted.Chains.Chunk(ChainsPerRequest))
                {
                    last = new UnderWay(++lastId, network, wanted with { Chains = [.. chains] }) { Wait = settings.RequestTimeout };
                    waiting[network].Enqueue(last);
                    All++;
                }
            }

            if (last is not null)
            {
                // It is sent when the others are answered, so that nothing is asked of a network that was released.
                last.IsLast = plan.LeavesNothing(table, network, missing);
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
        All = Done = 0;
        Known = 0;
    }

    /// <summary>What is to be sent now: the next request of each network that has none under way, and those that have waited too long.</summary>
    public IReadOnlyList<Dispatch> Due(DateTimeOffset now)
    {
        var due = new List<Dispatch>();
        if (firstDeadline <= now)
        {
            due.AddRange(underWay.Values.Where(request => request.Deadline <= now).Select(request => Send(request, now)));
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

        if (request.Wanted.Chains.Any(chain => !table.Knows(new Branch(request.Wanted.Input, chain), request.Network)))
        {
            return false;
        }

        underWay.Remove(reply.Id);
        Received += request.Wanted.Chains.Length;
        Done++;
        if (waiting[request.Network].Count > 0)
        {
            ready.Enqueue(request.Network);
        }

        return true;
    }

    /// <summary>Asks again a little later. Returns the request where that is of no use.</summary>
    public HopelessRequest? Refuse(TermsRefused refused, DateTimeOffset now)
    {
        if (!underWay.TryGetValue(refused.Id, out var request) || refused.Attempt != request.Attempt)
        {
            return null;
        }

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
            Wait(request, now);
            request.Wait = settings.RefusedDelay;
        }
    }

    private Dispatch Send(UnderWay request, DateTimeOffset now)
    {
        request.Attempt++;
        Wait(request, now + request.Wait);
        // A slow device is not to be buried in repetitions: each waits twice as long as the one before.
        var longest = settings.RequestTimeout * settings.LongestWait;
        request.Wait = 2 * request.Wait < longest ? 2 * request.Wait : longest;
        return new Dispatch(batches[request.Network], new TermRequest(request.Id, request.Attempt, targets[request.Network], [request.Wanted], request.IsLast));
    }

    private void Wait(UnderWay request, DateTimeOffset deadline)
    {
        request.Deadline = deadline;
        firstDeadline = deadline < firstDeadline ? deadline : firstDeadline;
    }

    private sealed class UnderWay(long id, int network, ChainSet wanted)
    {
        public long Id => id;

        public int Network => network;

        public ChainSet Wanted => wanted;

        public bool IsLast { get; set; }

        public int Attempt { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset Deadline { get; set; }

        /// <summary>How long the next attempt waits for its answer.</summary>
        public TimeSpan Wait { get; set; }
    }
}
