using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Util;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Places batches by capacity: a node with twice as many device threads gets twice as many. When nodes come, batches move to them, a
/// few at a time, as what a batch has loaded is loaded anew where it goes.
/// </summary>
/// <param name="capacityOf">A region's capacity; 0 where it is to get nothing, as when its node is leaving.</param>
internal sealed class CapacityAllocation(Func<IActorRef, int> capacityOf) : IShardAllocationStrategy
{
    // At most so many shards move at once, and at most so large a part of them.
    private const int MostMoves = 20;
    private const double LargestPart = 0.2;

    /// <summary>Placement over the nodes of a cluster, which say how many device threads they have.</summary>
    public static CapacityAllocation In(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        return new CapacityAllocation(region =>
        {
            var address = region.Path.Address.HasLocalScope ? cluster.SelfAddress : region.Path.Address;
            var member = cluster.State.Members.FirstOrDefault(member => member.Address == address && member.Status == MemberStatus.Up);
            return member is null ? 0 : ClusterNames.CapacityOf(member.Roles);
        });
    }

    /// <summary>The region that is filled least, by its capacity.</summary>
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var places = Places(currentShardAllocations);
        return Task.FromResult(places.Count == 0 ? requester : places.MinBy(place => place.FillWith(1))!.Region);
    }

    /// <summary>Shards to take from where most are, by capacity, as long as they would be better off elsewhere.</summary>
    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        var moved = ImmutableHashSet<string>.Empty;
        var places = Places(currentShardAllocations);
        if (places.Count > 1 && rebalanceInProgress.Count == 0)
        {
            var limit = Math.Min(MostMoves, Math.Max(1, (int)(LargestPart * places.Sum(place => place.Shards.Count))));
            while (moved.Count < limit)
            {
                var (from, to) = (places.MaxBy(place => place.FillWith(0))!, places.MinBy(place => place.FillWith(1))!);
                if (from.Shards.Count == 0 || from == to || from.FillWith(0) <= to.FillWith(1))
                {
                    break;
                }

                moved = moved.Add(from.Shards.Dequeue());
                to.Coming++;
            }
        }

        return Task.FromResult<IImmutableSet<string>>(moved);
    }

    // In an order that does not change from call to call, so that a tie does not move what has just come.
    private List<Place> Places(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
    [
        .. allocations.Select(pair => new Place(pair.Key, capacityOf(pair.Key), Mixed(pair.Value)))
            .Where(place => place.Capacity > 0).OrderBy(place => place.Region.Path.ToString(), StringComparer.Ordinal),
    ];

    // Neighbours are of one benchmark, and the oldest perhaps of a search that is over: what moves is to be a part of each.
    private static Queue<string> Mixed(IEnumerable<string> shards) => new(shards.OrderBy(MurmurHash.StringHash));

    private sealed class Place(IActorRef region, int capacity, Queue<string> shards)
    {
        public IActorRef Region => region;

        public int Capacity => capacity;

        public Queue<string> Shards => shards;

        public int Coming { get; set; }

        /// <summary>Shards for each device thread, if so many more came.</summary>
        public double FillWith(int more) => (shards.Count + Coming + more) / (double)capacity;
    }
}
