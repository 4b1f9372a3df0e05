using Akka.Actor;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Entities;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>A node's batches, each begun when it is first asked.</summary>
internal sealed class OneBatchEach : ReceiveActor
{
    public OneBatchEach(IDeviceSet devices, MemoryTermCache cache) => Receive<BatchRequest>(request =>
    {
        var name = Uri.EscapeDataString(request.Batch);
        var batch = Context.Child(name);
        if (batch.IsNobody())
        {
            var health = NodeHealth.Get(Context.System);
            batch = Context.ActorOf(
                Props.Create(() => new GpuNodeActor(
                    devices, cache, new MemoryAttemptLog(), GpuNodeSettings.Default, new KnownTermsBudget(long.MaxValue), health)),
                name);
        }

        batch.Forward(request);
    });
}
