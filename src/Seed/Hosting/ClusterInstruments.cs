using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster.Sharding;
using LPZero.Messages;

namespace LPZero.Seed.Hosting;

/// <summary>
/// What this node sees of its cluster: the members, and the shards that it has of each region. Regions are asked now and then, as
/// whoever reads the instrument cannot wait for their answers.
/// </summary>
internal sealed class ClusterInstruments : ReceiveActor, IWithTimers, IDisposable
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "instruments";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Meter meter = new(TelemetryNames.Seed);
    private volatile ImmutableSortedDictionary<string, int> shards = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Begins to look.</summary>
    public ClusterInstruments()
    {
        var sharding = ClusterSharding.Get(Context.System);
        meter.CreateObservableGauge("lpzero.members", Members, "{node}", "Nodes of the cluster as this one sees them, by role and status.");
        var counted = meter.CreateObservableGauge("lpzero.shards", Shards, "{shard}", "Shards on this node, by region.");
        Receive<Tick>(_ =>
        {
            foreach (var region in counted.Enabled ? sharding.ShardTypeNames : [])
            {
                sharding.ShardRegion(region).Tell(GetShardRegionState.Instance);
            }
        });
        Receive<CurrentShardRegionState>(state => shards = shards.SetItem(Sender.Path.Name, state.Shards.Count));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Called by Akka.NET when the actor has stopped.</summary>
    public void Dispose() => meter.Dispose();

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.Zero, Interval);

    private IEnumerable<Measurement<int>> Members()
    {
        var state = cluster.State;
        return state.Members
            .GroupBy(member => (
                Role: string.Join(',', member.Roles.Where(role => role is ClusterNames.Coordinator or ClusterNames.Gpu)
                    .Order(StringComparer.Ordinal)),
                Status: state.Unreachable.Contains(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant()))
            .Select(members => new Measurement<int>(
                members.Count(), new KeyValuePair<string, object?>("role", members.Key.Role),
                new KeyValuePair<string, object?>("status", members.Key.Status)));
    }

    private IEnumerable<Measurement<int>> Shards() => shards.Select(region =>
        new Measurement<int>(region.Value, new KeyValuePair<string, object?>("region", region.Key)));

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
