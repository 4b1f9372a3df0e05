using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Seed.Control;

namespace LPZero.Seed.Hosting;

/// <summary>This process, which is all there is on one machine.</summary>
/// <param name="devices">What it computes with, if it does.</param>
internal sealed class LocalMembers(IDeviceSet? devices) : IMembers
{
    /// <inheritdoc/>
    public Task<ImmutableArray<NodeListing>> ListAsync(CancellationToken cancellation) => Task.FromResult<ImmutableArray<NodeListing>>(
    [
        new(
            $"process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}",
            devices is null ? [ClusterNames.Coordinator] : [ClusterNames.Coordinator, ClusterNames.Gpu], "up", devices?.Describe()),
    ]);

    /// <inheritdoc/>
    public ClusterMembership Describe() => throw Alone();

    /// <inheritdoc/>
    public string Change(string address, MemberOperation operation) => throw Alone();

    /// <inheritdoc/>
    public Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation) =>
        Task.FromException<ShardListings>(Alone());

    private static SearchServiceException Alone() => new("this process is no member of a cluster: ask a node");
}
