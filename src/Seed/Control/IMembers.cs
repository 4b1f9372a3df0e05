using System.Collections.Immutable;
using LPZero.Messages.Control;

namespace LPZero.Seed.Control;

/// <summary>Who takes part in the search: the nodes of a cluster, or this process alone.</summary>
public interface IMembers
{
    /// <summary>Each with what it computes with.</summary>
    Task<ImmutableArray<NodeListing>> ListAsync(CancellationToken cancellation);

    /// <summary>The members of the cluster.</summary>
    /// <exception cref="SearchServiceException">There is none.</exception>
    ClusterMembership Describe();

    /// <summary>Lets a member leave, or holds it dead; returns its address.</summary>
    /// <exception cref="SearchServiceException">There is no such member.</exception>
    string Change(string address, MemberOperation operation);

    /// <summary>The shards of a region.</summary>
    /// <exception cref="SearchServiceException">There is no such region, or nobody answers for it.</exception>
    Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation);
}
