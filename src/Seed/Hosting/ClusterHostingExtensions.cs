using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Seed.Hosting;

/// <summary>What makes an actor system a node of a cluster.</summary>
public static class ClusterHostingExtensions
{
    // A reply of 512 chains on the widest networks stays well below.
    private const int MaximumFrame = 8 << 20;

    /// <summary>Messages, remoting, membership, split-brain resolver and shutdown.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="options">The node.</param>
    /// <param name="nodes">The living nodes.</param>
    /// <param name="devices">Its devices, if it has role gpu.</param>
    public static AkkaConfigurationBuilder WithSearchCluster(
        this AkkaConfigurationBuilder builder, NodeOptions options, INodeDirectory nodes, IDeviceSet? devices)
    {
        var roles = options.Roles.Append(ClusterNames.DatabaseRole(nodes.DatabaseId)).ToList();
        if (devices is not null)
        {
            roles.Add(ClusterNames.GpuRole(devices.NumericProfile));
            roles.Add(ClusterNames.CapacityRole(devices.Describe().Threads));
        }

        var remote = new RemoteOptions
        {
            HostName = options.Host,
            PublicHostName = options.PublicHost ?? options.Host,
            Port = options.Port,
            MaxFrameSize = MaximumFrame,
            SendBufferSize = 2 * MaximumFrame,
            ReceiveBufferSize = 2 * MaximumFrame,
        };
        builder.WithSearchMessages().AddHocon(Settings(options), HoconAddMode.Prepend).WithRemoting(remote);
        if (options.Tls is { } tls)
        {
            builder.AddHocon(ClusterTls.Settings, HoconAddMode.Prepend).AddSetup(tls.Setup);
        }

        return builder
            .WithClustering(new ClusterOptions
            {
                Roles = [.. roles],
                // GPU nodes come and go by the batch: the end of a job must not look like the loss of a majority.
                SplitBrainResolver = new KeepMajorityOption { Role = ClusterNames.Coordinator },
            })
            .WithActorSystemLivenessCheck(HealthStatus.Unhealthy, [HealthTags.Live])
            .WithAkkaClusterReadinessCheck(HealthStatus.Unhealthy, [HealthTags.Ready, HealthTags.Startup])
            .WithActors((system, _) => system.ActorOf(
                Props.Create(() => new MembershipActor(options, nodes)), MembershipActor.Name))
            .WithActors((system, _) => system.ActorOf(Props.Create<ClusterInstruments>(), ClusterInstruments.Name));
    }

    /// <summary>The owners of runs, with their journal, and the keeper that wakes them.</summary>
    public static AkkaConfigurationBuilder WithCoordinators(
        this AkkaConfigurationBuilder builder, NodeOptions options, Database database)
    {
        var runs = new SqlRunDirectory(database);
        return builder
            .WithJournal(database)
            .WithShardRegion<RunRegion>(
                ClusterNames.Runs,
                (system, _, _) => SearchActors.Owners(
                    database, new ClusterGpuNodes(system), options.Coordinator, NodeHealth.Get(system)),
                new RunExtractor(),
                new ShardOptions { Role = ClusterNames.Coordinator, StateStoreMode = StateStoreMode.DData })
            .WithSingleton<RunKeeper>(
                "run-keeper",
                (system, registry, _) => Props.Create(() => new RunKeeper(runs, registry.Get<RunRegion>(), NodeHealth.Get(system))),
                new ClusterSingletonOptions { Role = ClusterNames.Coordinator },
                createProxyToo: false);
    }

    /// <summary>The batches on this node's devices.</summary>
    public static AkkaConfigurationBuilder WithGpuNodes(
        this AkkaConfigurationBuilder builder, NodeOptions options, IDeviceSet devices, ITermCache cache, IAttemptLog attempts) => builder
        .WithActors((system, _) => system.ActorOf(Props.Create(() => new DeviceActor(devices)), DeviceActor.Name))
        .WithActors(async (system, _) => await ClusterSharding.Get(system).StartAsync(
            ClusterNames.Batches(devices.NumericProfile),
            SearchActors.Batches(devices, cache, attempts, options.Gpu, NodeHealth.Get(system)),
            BatchSettings(system, options, devices.NumericProfile),
            new BatchExtractor(),
            CapacityAllocation.In(system),
            Drain.Instance));

    /// <summary>
    /// How batches are sharded. When the node with the shard coordinator dies, another takes over as soon as it is removed:
    /// elsewhere a margin of half a minute makes sure that the dead one is dead, but a batch that comes up twice does no harm.
    /// </summary>
    internal static ClusterShardingSettings BatchSettings(ActorSystem system, NodeOptions options, string numericProfile)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(ClusterNames.GpuRole(numericProfile))
            .WithPassivateIdleAfter(options.PassivateAfter);
        return settings.WithCoordinatorSingletonSettings(
            settings.CoordinatorSingletonSettings.WithRemovalMargin(TimeSpan.FromMilliseconds(1)));
    }

    private static string Settings(NodeOptions options) => string.Create(CultureInfo.InvariantCulture, $$"""
        akka {
          # With it two processes would listen on one port, and each get half of what is meant for the other.
          remote.dot-netty.tcp.tcp-reuse-addr = off
          coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = {{options.DrainTimeout.TotalMilliseconds:F0}}ms
          cluster {
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            failure-detector.acceptable-heartbeat-pause = {{options.UnreachableAfter.TotalMilliseconds:F0}}ms
            retry-unsuccessful-join-after = 5s
            split-brain-resolver.stable-after = {{options.StableAfter.TotalMilliseconds:F0}}ms
            shutdown-after-unsuccessful-join-seed-nodes = 120s
            sharding {
              hand-off-timeout = {{options.DrainTimeout.TotalMilliseconds:F0}}ms
              rebalance-interval = 5s
              waiting-for-state-timeout = 5s
              retry-interval = 1s
              least-shard-allocation-strategy { rebalance-absolute-limit = 20, rebalance-relative-limit = 0.2 } # of runs
              state-store-mode = ddata
              distributed-data.durable.keys = []
            }
          }
        }
        """);
}
