using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using LPZero.Seed.Hosting;

namespace LPZero.Cluster.Tests.Hosting;

public sealed class CapacityAllocationTests : ClusterTestKit
{
    private readonly Dictionary<IActorRef, int> capacities = [];
    private readonly CapacityAllocation allocation;

    public CapacityAllocationTests() => allocation = new CapacityAllocation(region => capacities[region]);

    [Fact]
    public async Task Shards_go_to_regions_by_their_capacity()
    {
        var (large, small) = (Region(3), Region(1));
        var allocated = Nothing();
        foreach (var shard in Shards(40))
        {
            var place = await allocation.AllocateShard(small, shard, allocated);
            allocated = allocated.SetItem(place, allocated[place].Add(shard));
        }

        Assert.Equal((30, 10), (allocated[large].Count, allocated[small].Count));
        Assert.Empty(await allocation.Rebalance(allocated, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public async Task A_region_whose_node_leaves_gets_nothing()
    {
        var (staying, leaving) = (Region(1), Region(0));
        var allocated = Nothing().SetItem(staying, Shards(9));
        Assert.Equal(staying, await allocation.AllocateShard(leaving, "9", allocated));
        Assert.Empty(await allocation.Rebalance(allocated, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public async Task Where_no_region_may_get_anything_whoever_asks_does()
    {
        var leaving = Region(0);
        Assert.Equal(leaving, await allocation.AllocateShard(leaving, "0", Nothing()));
    }

    [Fact]
    public async Task A_region_that_comes_gets_its_share_a_few_at_a_time_and_then_nothing_moves()
    {
        var old = Region(2);
        var allocated = Nothing().SetItem(old, Shards(60));
        var late = Region(1);
        allocated = allocated.Add(late, ImmutableList<string>.Empty);

        var steps = new List<int>();
        while (await allocation.Rebalance(allocated, ImmutableHashSet<string>.Empty) is { Count: > 0 } moved)
        {
            steps.Add(moved.Count);
            allocated = allocated.SetItem(old, allocated[old].Where(shard => !moved.Contains(shard)).ToImmutableList());
            foreach (var shard in moved)
            {
                var place = await allocation.AllocateShard(old, shard, allocated);
                allocated = allocated.SetItem(place, allocated[place].Add(shard));
            }
        }

        Assert.Equal([12, 8], steps);
        Assert.Equal((40, 20), (allocated[old].Count, allocated[late].Count));
    }

    [Fact]
    public async Task Nothing_is_moved_while_something_moves()
    {
        var old = Region(1);
        Region(1);
        var allocated = Nothing().SetItem(old, Shards(10));
        Assert.Empty(await allocation.Rebalance(allocated, ["3"]));
    }

    [Theory]
    [InlineData("gpu devices-8", 8)]
    [InlineData("devices-64 gpu", 64)]
    [InlineData("gpu", 1)]
    [InlineData("devices-many", 1)]
    [InlineData("devices-0", 1)]
    public void A_nodes_capacity_is_what_its_roles_say(string roles, int capacity) =>
        Assert.Equal(capacity, ClusterNames.CapacityOf(roles.Split(' ')));

    [Fact]
    public void A_nodes_roles_say_its_capacity() =>
        Assert.Equal(12, ClusterNames.CapacityOf([ClusterNames.Gpu, ClusterNames.CapacityRole(12)]));

    private IActorRef Region(int capacity)
    {
        var region = CreateTestProbe().Ref;
        capacities.Add(region, capacity);
        return region;
    }

    private ImmutableDictionary<IActorRef, IImmutableList<string>> Nothing() =>
        capacities.Keys.ToImmutableDictionary(region => region, _ => (IImmutableList<string>)ImmutableList<string>.Empty);

    private static ImmutableList<string> Shards(int count) =>
        [.. Enumerable.Range(0, count).Select(shard => shard.ToString(CultureInfo.InvariantCulture))];
}
