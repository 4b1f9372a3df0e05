using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Hosting;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;
using LPZero.Seed.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Seed.Hosting;

/// <summary>Marks in the actor registry where the runs' owners are.</summary>
public sealed class RunRegion;

/// <summary>What every actor system of the search has, on one machine and on a cluster.</summary>
internal static class SearchActors
{
    /// <summary>How messages and events are written, and how the system ends.</summary>
    public static AkkaConfigurationBuilder WithSearchMessages(this AkkaConfigurationBuilder builder) => builder.AddHocon($$"""
        akka {
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          # Bound to object: what no part of Akka.NET has a serializer for is ours, or is refused.
          actor {
            serializers.{{WireSerializer.Name}} = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
            serialization-bindings."System.Object" = {{WireSerializer.Name}}
            serializers.{{RefusingSerializer.Name}} = "{{typeof(RefusingSerializer).AssemblyQualifiedName}}"
          }
          # The host ends the actor system, and the process ends with the host.
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
          }
        }
        """, HoconAddMode.Prepend);

    /// <summary>The journal and the snapshots of the runs.</summary>
    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder builder, Database database) => builder
        // Both: by the provider's name in the configuration the journal makes its indexes, by the options it connects.
        .WithSqlPersistence(
            database.ConnectionString, database.ProviderName,
            journalBuilder: journal => journal.WithHealthCheck(HealthStatus.Unhealthy, "journal", [HealthTags.Ready]),
            snapshotBuilder: snapshots => snapshots.WithHealthCheck(HealthStatus.Unhealthy, "snapshot-store", [HealthTags.Ready]))
        .AddSetup(new DataOptionsSetup(database.JournalOptions))
        .AddHocon($$"""
            akka.persistence {
              journal.sql.class = "{{typeof(PatientJournal).AssemblyQualifiedName}}"
              snapshot-store.sql.class = "{{typeof(PatientSnapshotStore).AssemblyQualifiedName}}"
              # A database that is away is asked again soon.
              journal-plugin-fallback.circuit-breaker { max-failures = 5, call-timeout = 20s, reset-timeout = 5s }
              snapshot-store-plugin-fallback.circuit-breaker { max-failures = 5, call-timeout = 20s, reset-timeout = 5s }
            }
            """, HoconAddMode.Prepend);

    /// <summary>The owner of a run, by its name.</summary>
    public static Func<string, Props> Owners(
        Database database, IGpuNodes nodes, CoordinatorSettings settings, INodeHealth health)
    {
        var (runs, cache) = (new SqlRunDirectory(database), new SqlTermCache(database));
        return name => Props.Create(() => new RunSupervisor(
            name, runs, Props.Create(() => new CoordinatorActor(name, runs, cache, nodes, settings, TimeProvider.System)), settings,
            health));
    }

    /// <summary>A batch, by its key.</summary>
    public static Func<string, Props> Batches(
        IDeviceSet devices, ITermCache cache, IAttemptLog attempts, GpuNodeSettings settings, INodeHealth health)
    {
        var known = new KnownTermsBudget(settings.KnownTermsBytes);
        // Once, as the expression is compiled each time.
        var batch = Props.Create(() => new GpuNodeActor(devices, cache, attempts, settings, known, health));
        return _ => batch;
    }
}
