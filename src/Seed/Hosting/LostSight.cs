using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Akka.Cluster;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Which members have lost sight of which. The cluster gossips it, but Akka.NET (1.5.73) has no public name for it: the event
/// <c>ReachabilityChanged</c> and its <c>Reachability</c> are internal, and <c>Cluster.State</c> says who is unreachable and not for whom.
/// So it is read by the names that Akka.NET has itself, which a test with an unreachable node holds it to.
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
