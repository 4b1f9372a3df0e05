using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Akka.Remote.Hosting;
using LPZero.Cluster.Coordination;
using LPZero.Cluster.Devices;
using LPZero.Cluster.Storage;
using LPZero.Cluster.Wire;

namespace LPZero.Cluster.Hosting;

/// <summary>Marks the shard region of the runs' owners in the actor registry.</summary>
public sealed class RunRegion;

/// <summary>Marks the shard region of the batches in the actor registry.</summary>
public sealed class BatchRegion;

/// <summary>What makes an actor system a node of the search.</summary>
public static class ClusterHostingExtensions
{
    // A reply of 512 chains on the widest networks stays well below.
    private const int MaximumFrame = 8 << 20;

    /// <summary>Remoting, membership, split-brain resolver, serialization and shutdown.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="options">The node.</param>
    /// <param name="numericProfile">What its devices' numbers depend on, if it has role gpu.</param>
    public static AkkaConfigurationBuilder WithSearchCluster(this AkkaConfigurationBuilder builder, NodeOptions options, string? numericProfile)
    {
        var roles = options.Roles.ToList();
        if (numericProfile is not null)
        {
            roles.Add(ClusterNames.GpuRole(numericProfile));
        }

        return builder
            .AddHocon(Settings(options), HoconAddMode.Prepend)
            .WithRemoting(new RemoteOptions
            {
                HostName = options.Host,
                PublicHostName = options.PublicHost ?? options.Host,
                Port = options.Port,
                MaxFrameSize = MaximumFrame,
                SendBufferSize = 2 * MaximumFrame,
                ReceiveBufferSize = 2 * MaximumFrame,
            })
            .WithClustering(new ClusterOptions
            {
                Roles = [.. roles],
                SeedNodes = [.. options.Seeds.Select(seed => $"akka.tcp://{ClusterNames.System}@{seed}")],
                SplitBrainResolver = new KeepMajorityOption(),
            });
    }

    /// <summary>The owners of runs, with their journal, and the keeper that wakes them.</summary>
    public static AkkaConfigurationBuilder WithCoordinators(this AkkaConfigurationBuilder builder, NodeOptions options, ClusterDatabase database)
    {
        var (runs, cache) = (new SqlRunDirectory(database), new SqlTermCache(database));
        return builder
            .WithSqlPersistence(database.ConnectionString, database.ProviderName)
            .AddHocon($"""
                akka.persistence.journal.sql.class = "{typeof(PatientJournal).AssemblyQualifiedName}"
                akka.persistence.snapshot-store.sql.class = "{typeof(PatientSnapshotStore).AssemblyQualifiedName}"
                """, HoconAddMode.Prepend)
            .WithShardRegion<RunRegion>(
                ClusterNames.Runs,
                (system, _, _) => name => Props.Create(() => new RunSupervisor(
                    name, runs,
                    Props.Create(() => new CoordinatorActor(name, runs, cache, new ClusterGpuNodes(system), options.Coordinator, TimeProvider.System)),
                    options.Coordinator)),
                new RunExtractor(),
                new ShardOptions { Role = ClusterNames.Coordinator, StateStoreMode = Akka.Cluster.Sharding.StateStoreMode.DData })
            .WithSingleton<RunKeeper>(
                "run-keeper",
                (_, registry, _) => Props.Create(() => new RunKeeper(runs, registry.Get<RunRegion>())),
                new ClusterSingletonOptions { Role = ClusterNames.Coordinator },
                createProxyToo: false);
    }

    /// <summary>The batches on this node's devices.</summary>
    public static AkkaConfigurationBuilder WithGpuNodes(
        this AkkaConfigurationBuilder builder, NodeOptions options, IDeviceSet devices, ITermCache cache)
    {
        var known = new KnownTermsBudget(options.Gpu.KnownTermsBytes);
        return builder
            .WithActors((system, _) => system.ActorOf(Props.Create(() => new DeviceActor(devices)), DeviceActor.Name))
            .WithShardRegion<BatchRegion>(
                ClusterNames.Batches(devices.NumericProfile),
                _ => Props.Create(() => new GpuNodeActor(devices, cache, options.Gpu, known)),
                new BatchExtractor(),
                new ShardOptions
                {
                    Role = ClusterNames.GpuRole(devices.NumericProfile),
                    StateStoreMode = Akka.Cluster.Sharding.StateStoreMode.DData,
                    HandOffStopMessage = Drain.Instance,
                    PassivateIdleEntityAfter = options.PassivateAfter,
                });
    }

    private static string Settings(NodeOptions options) => string.Create(CultureInfo.InvariantCulture, $$"""
        akka {
          loglevel = INFO
          # Bound to object: what no part of Akka.NET has a serializer for is ours, or is refused.
          actor {
            serializers.{{WireSerializer.Name}} = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
            serialization-bindings."System.Object" = {{WireSerializer.Name}}
            serializers.{{RefusingSerializer.Name}} = "{{typeof(RefusingSerializer).AssemblyQualifiedName}}"
          }
          # With it two processes would listen on one port, and each get half of what is meant for the other.
          remote.dot-netty.tcp.tcp-reuse-addr = off
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          # The host ends the actor system, and the process ends with the host.
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
            phases.cluster-sharding-shutdown-region.timeout = {{options.DrainTimeout.TotalMilliseconds:F0}}ms
          }
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
              least-shard-allocation-strategy { rebalance-absolute-limit = 20, rebalance-relative-limit = 0.2 }
              distributed-data.durable.keys = []
              # Akka.NET 1.5.30 gossips and propagates deltas at one pace, and the latter throws once four nodes share a role,
              # whereupon the replicator forgets what it knew: from .NET 8 on, a slice may not exceed its array (akka.net
              # pull request 7462). Neither is needed: sharding writes its whole state to a majority at every change.
              distributed-data.gossip-interval = 100d
            }
          }
          # A database that is away is asked again soon.
          persistence {
            journal-plugin-fallback.circuit-breaker { max-failures = 5, call-timeout = 20s, reset-timeout = 5s }
            snapshot-store-plugin-fallback.circuit-breaker { max-failures = 5, call-timeout = 20s, reset-timeout = 5s }
          }
        }
        """);
}
