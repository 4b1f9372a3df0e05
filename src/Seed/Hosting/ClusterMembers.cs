using System.Collections.Immutable;
using Akka.Actor;
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

    /// <inheritdoc/>
    public async Task<ImmutableArray<NodeListing>> ListAsync(CancellationToken cancellation)
    {
        var state = Akka.Cluster.Cluster.Get(system).State;
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
}
