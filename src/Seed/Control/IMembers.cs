using System.Collections.Immutable;
using LPZero.Messages.Control;

namespace LPZero.Seed.Control;

/// <summary>Who takes part in the search: the nodes of a cluster, or this process alone.</summary>
public interface IMembers
{
    /// <summary>Each with what it computes with.</summary>
    Task<ImmutableArray<NodeListing>> ListAsync(CancellationToken cancellation);
}
