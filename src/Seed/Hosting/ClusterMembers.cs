using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Seed.Control;
using Member = Akka.Cluster.Member;

namespace LPZero.Seed.Hosting;

/// <summary>The nodes of a cluster, as one of them sees it.</summary>
/// <param name="system">The actor system.</param>
public sealed class ClusterMembers(ActorSystem system) : IMembers
{
    private static readonly TimeSpan DeviceTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShardTimeout = TimeSpan.FromSeconds(5);

    private readonly Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(system);

    /// <inheritdoc/>
    public async Task<ImmutableArray<NodeListing>> ListAsync(CancellationToken cancellation)
    {
        var state = cluster.State;
        var nodes = new ClusterGpuNodes(system);
        return [.. await Task.WhenAll(state.Members.Select(async member => new NodeListing(
            $"{member.Address.Host}:{member.Address.Port}",
            [.. member.Roles.Where(role => role is ClusterNames.Coordinator or ClusterNames.Gpu).Order(StringComparer.Ordinal)],
            state.Unreachable.Contains(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant(),
            await DescribeAsync(member))))];

        async Task<DeviceDescription?> DescribeAsync(Member member)
        {
            if (!member.HasRole(ClusterNames.Gpu))
            {
                return null;
            }

            try
            {
                return await nodes.DeviceOf(member.Address).Ask<DeviceDescription>(DescribeDevice.Instance, DeviceTimeout, cancellation);
            }
            catch (AskTimeoutException)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public ClusterMembership Describe()
    {
        var state = cluster.State;
        var oldest = state.Members.Aggregate(
            (Member?)null, (before, member) => before is not null && before.IsOlderThan(member) ? before : member);
        return new ClusterMembership(
            cluster.SelfAddress.ToString(), state.Leader?.ToString(), oldest?.Address.ToString(),
            [
                .. state.Members.Select(member => new MemberListing(
                    member.Address.ToString(), member.UniqueAddress.Uid.ToString(CultureInfo.InvariantCulture), member.Status.ToString(),
                    [.. member.Roles.Order(StringComparer.Ordinal)])),
            ],
            [.. state.Unreachable.Select(member => new UnreachableMember(member.Address.ToString(), Observers(member)))]);
    }

    /// <inheritdoc/>
    public string Change(string address, MemberOperation operation)
    {
        var member = cluster.State.Members.FirstOrDefault(
                member => address == member.Address.ToString() || address == $"{member.Address.Host}:{member.Address.Port}")
            ?? throw new SearchServiceException(
                $"no member of the cluster has the address '{PrintableText.Escape(address)}'", SearchFailure.Missing, "address");
        if (operation == MemberOperation.Leave)
        {
            cluster.Leave(member.Address);
        }
        else
        {
            cluster.Down(member.Address);
        }

        return member.Address.ToString();
    }

    /// <inheritdoc/>
    public async Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation)
    {
        var sharding = ClusterSharding.Get(system);
        if (!sharding.ShardTypeNames.Contains(region))
        {
            throw new SearchServiceException(
                $"there are no shards of '{PrintableText.Escape(region)}' here: give {string.Join(" or ", sharding.ShardTypeNames)}",
                SearchFailure.Missing, "region");
        }

        try
        {
            var stats = await sharding.ShardRegion(region).Ask<ClusterShardingStats>(
                new GetClusterShardingStats(ShardTimeout), 2 * ShardTimeout, cancellation);
            return new ShardListings(
            [
                .. stats.Regions.SelectMany(node => node.Value.Stats.Select(
                    shard => new ShardListing(shard.Key, shard.Value, node.Key.ToString())))
                    .OrderBy(shard => shard.ShardId, StringComparer.Ordinal),
            ]);
        }
        catch (AskTimeoutException)
        {
            throw new SearchServiceException($"nobody answers for the shards of '{region}': try again in a moment", SearchFailure.Away);
        }
    }

    private ImmutableArray<string> Observers(Member member) =>
    [
        .. LostSight.ObserversOf(cluster, member.UniqueAddress).Select(observer => observer.Address.ToString())
            .Order(StringComparer.Ordinal),
    ];
}
