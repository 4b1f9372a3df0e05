using Akka.Actor;
using Akka.Hosting;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Entities;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Hosting;

/// <summary>Marks in the actor registry where the batches of this process are.</summary>
public sealed class BatchRegion;

/// <summary>What makes an actor system all of the search: the actors of a cluster, below parents in place of shard regions.</summary>
internal static class LocalHostingExtensions
{
    /// <summary>The owners of runs, and the batches on this process's devices.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="database">Where runs and terms are.</param>
    /// <param name="devices">What computes terms, if anything does.</param>
    /// <param name="isOwn">Whether this process may own the run of a name.</param>
    public static AkkaConfigurationBuilder WithLocalActors(
        this AkkaConfigurationBuilder builder, Database database, IDeviceSet? devices, Func<string, bool> isOwn) =>
        builder.WithActors((system, registry) =>
    {
        var health = NodeHealth.Get(system);
        Func<string, Props?> batch = _ => null;
        if (devices is not null)
        {
            batch = SearchActors.Batches(
                devices, new SqlTermCache(database), new SqlAttemptLog(database), GpuNodeSettings.Default, health);
        }

        var batches = system.ActorOf(
            Props.Create(() => new EntityParent(new BatchExtractor(), batch, _ => new RunRefused("this process computes nothing"))),
            "batches");
        registry.Register<BatchRegion>(batches);

        var owner = SearchActors.Owners(
            database, new LocalGpuNodes(devices, batches), new CoordinatorSettings { DatabaseFailures = 3 }, health);
        registry.Register<RunRegion>(system.ActorOf(
            Props.Create(() => new EntityParent(
                new RunExtractor(), name => isOwn(name) ? owner(name) : null,
                name => new RunRefused($"this process does not work on run '{name}'"))),
            "runs"));
    });
}
