using System.Collections.Immutable;

namespace LPZero.Messages.Control;

/// <summary>A cluster's members as one of them sees it, in the form that Akka.Management gives it.</summary>
/// <param name="SelfNode">The address of the member that says so.</param>
/// <param name="Leader">The address of the leader; null while there is none.</param>
/// <param name="Oldest">The address of the oldest member; null while there is none.</param>
/// <param name="Members">All members, by address.</param>
/// <param name="Unreachable">Those that others have lost sight of.</param>
public sealed record ClusterMembership(
    string SelfNode, string? Leader, string? Oldest, ImmutableArray<MemberListing> Members, ImmutableArray<UnreachableMember> Unreachable);

/// <summary>A member of a cluster.</summary>
/// <param name="Node">Its address, such as <c>akka.tcp://lpzero@10.0.0.5:4053</c>.</param>
/// <param name="NodeUid">Tells it from an earlier process at the same address.</param>
/// <param name="Status">Joining, Up, Leaving, Exiting, Down or Removed.</param>
/// <param name="Roles">All its roles.</param>
public sealed record MemberListing(string Node, string NodeUid, string Status, ImmutableArray<string> Roles);

/// <summary>A member that others have lost sight of.</summary>
/// <param name="Node">Its address.</param>
/// <param name="ObservedBy">The addresses of those that have.</param>
public sealed record UnreachableMember(string Node, ImmutableArray<string> ObservedBy);

/// <summary>What an operator can do to a member.</summary>
public enum MemberOperation
{
    /// <summary>It hands over what it has, and leaves.</summary>
    Leave,

    /// <summary>It is held dead: for one that is unreachable and will not be back.</summary>
    Down,
}

/// <summary>The shards of a region.</summary>
/// <param name="Regions">Each shard, by its id.</param>
public sealed record ShardListings(ImmutableArray<ShardListing> Regions);

/// <summary>A shard.</summary>
/// <param name="ShardId">Its id.</param>
/// <param name="NumEntities">How many entities it holds.</param>
/// <param name="Node">The address of the member that it is on.</param>
public sealed record ShardListing(string ShardId, int NumEntities, string Node);
