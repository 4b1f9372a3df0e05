using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Akka.Cluster;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Which members have lost sight of which. The cluster gossips it, but Akka.NET has no public name for it, so it is read by its own.
/// </summary>
internal static class LostSight
{
    /// <summary>Those that have lost sight of a member, as the node's present view of the cluster has it.</summary>
    public static ImmutableArray<UniqueAddress> ObserversOf(Akka.Cluster.Cluster cluster, UniqueAddress member) =>
    [
        .. ((IEnumerable)Property(Property(Property(cluster, "ReadView"), "Reachability"), "Records")).Cast<object>()
            .Where(record => member.Equals(Property(record, "Subject")) && Property(record, "Status").ToString() != "Reachable")
            .Select(record => (UniqueAddress)Property(record, "Observer")).Distinct(),
    ];

    private static object Property(object owner, string name) =>
        owner.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(owner)!;
}
