using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// Which thread works on what next. A network's requests go to the thread that has it loaded, so that it is built once; those of one
/// that no thread has go to the shortest queue by estimated bytes. Estimates err, so a thread with nothing to do takes over from the
/// longest queue what is not loaded there. Runs that wait for the same thread take turns by their priorities, over all threads of a node.
/// Knows no threads and no locks: whoever uses it locks.
/// </summary>
/// <param name="threads">How many threads there are.</param>
internal sealed class DeviceQueues(int threads)
{
    // A network that is loaded is finished before the next is loaded, which keeps few loaded at once; but not for ever.
    private const int MostPassedOver = 32;

    private readonly FairShares shares = new();
    private readonly DeviceQueue[] queues = [.. Enumerable.Range(0, threads).Select(_ => new DeviceQueue())];

    /// <summary>Threads that have nothing at hand although there is something for them.</summary>
    public IEnumerable<int> Idle =>
        Enumerable.Range(0, queues.Length)
            .Where(thread => queues[thread].AtHand is null && (queues[thread].Waiting.Count > 0 || Longest(thread) is not null));

    /// <summary>Work that no thread has at hand yet.</summary>
    public int Waiting => queues.Sum(queue => queue.Waiting.Count);

    /// <summary>Puts work into a queue and returns whose.</summary>
    public int Add(DeviceWork work)
    {
        var thread = Array.FindIndex(queues, queue => queue.Has(work.Target));
        if (thread < 0)
        {
            thread = Enumerable.Range(0, queues.Length).MinBy(index => queues[index].Bytes);
        }

        queues[thread].Add(work);
        shares.Add(work.Share);
        return thread;
    }

    /// <summary>What the thread is to do now, which it then has at hand; null if there is nothing for it.</summary>
    public DeviceWork? Take(int thread)
    {
        var own = queues[thread];
        var work = own.Next(OfNextRun(own.Waiting)) ?? OfNextRun(Longest(thread)?.Surplus ?? []).FirstOrDefault();
        if (work is not null)
        {
            TakeOut(work);
            shares.Serve(work.Share, work.Bytes);
            own.Begin(work);
        }

        return work;
    }

    /// <summary>Takes note that the thread has nothing at hand any more, and of what it has loaded.</summary>
    public void Finish(int thread, IEnumerable<ProbedNetwork> loaded) => queues[thread].Finish([.. loaded]);

    /// <summary>Takes work back that no thread has at hand. False if one has, or had.</summary>
    public bool Remove(DeviceWork work)
    {
        var removed = TakeOut(work);
        if (removed)
        {
            shares.Remove(work.Share);
        }

        return removed;
    }

    /// <summary>Takes all work back that no thread has at hand.</summary>
    public IReadOnlyList<DeviceWork> Clear()
    {
        List<DeviceWork> all = [.. queues.SelectMany(queue => queue.Waiting)];
        all.ForEach(work => Remove(work));
        return all;
    }

    /// <summary>The longest of the other queues that have something to give away.</summary>
    private DeviceQueue? Longest(int thread) =>
        queues.Where((queue, index) => index != thread && queue.Surplus.Any()).MaxBy(queue => queue.Bytes);

    /// <summary>Of what waits, in its order, that of the run whose turn it is.</summary>
    private IReadOnlyCollection<DeviceWork> OfNextRun(IEnumerable<DeviceWork> waiting)
    {
        List<DeviceWork> ofRun = [];
        var least = double.PositiveInfinity;
        foreach (var work in waiting)
        {
            if (ofRun is not [var first, ..] || first.Share.Run != work.Share.Run)
            {
                if (shares.TimeOf(work.Share) >= least)
                {
                    continue;
                }

                least = shares.TimeOf(work.Share);
                ofRun.Clear();
            }

            ofRun.Add(work);
        }

        return ofRun;
    }

    private bool TakeOut(DeviceWork work) => queues.Any(queue => queue.Remove(work));

    private sealed class DeviceQueue
    {
        private readonly LinkedList<DeviceWork> waiting = [];
        private HashSet<ProbedNetwork> loaded = [];

        public IReadOnlyCollection<DeviceWork> Waiting => waiting;

        public DeviceWork? AtHand { get; private set; }

        /// <summary>What waits and what is at hand.</summary>
        public long Bytes { get; private set; }

        /// <summary>What another thread would do as well.</summary>
        public IEnumerable<DeviceWork> Surplus => waiting.Where(work => !loaded.Contains(work.Target) && AtHand?.Target != work.Target);

        /// <summary>Whether the network is loaded here, or will be.</summary>
        public bool Has(ProbedNetwork target) =>
            loaded.Contains(target) || AtHand?.Target == target || waiting.Any(work => work.Target == target);

        /// <summary>What is to be taken next of what waits of one run.</summary>
        public DeviceWork? Next(IReadOnlyCollection<DeviceWork> ofRun)
        {
            if (ofRun.FirstOrDefault() is not { } first || first.PassedOver >= MostPassedOver || loaded.Contains(first.Target))
            {
                return ofRun.FirstOrDefault();
            }

            if (ofRun.FirstOrDefault(work => loaded.Contains(work.Target)) is not { } sooner)
            {
                return first;
            }

            first.PassedOver++;
            return sooner;
        }

        public void Add(DeviceWork work)
        {
            waiting.AddLast(work);
            Bytes += work.Bytes;
        }

        public bool Remove(DeviceWork work)
        {
            var removed = waiting.Remove(work);
            Bytes -= removed ? work.Bytes : 0;
            return removed;
        }

        public void Begin(DeviceWork work)
        {
            AtHand = work;
            Bytes += work.Bytes;
        }

        public void Finish(HashSet<ProbedNetwork> nowLoaded)
        {
            loaded = nowLoaded;
            Bytes -= AtHand?.Bytes ?? 0;
            AtHand = null;
        }
    }
}
