using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Hosting;

/// <summary>The devices of this process as its only GPU node; it neither comes nor goes.</summary>
/// <param name="devices">The devices; null where this process computes nothing.</param>
/// <param name="batches">Where the batches on them are.</param>
internal sealed class LocalGpuNodes(IDeviceSet? devices, IActorRef batches) : IGpuNodes
{
    /// <inheritdoc/>
    public void AskForDevices(IActorRef replyTo)
    {
        if (devices is not null)
        {
            replyTo.Tell(devices.Describe());
        }
    }

    /// <inheritdoc/>
    public IActorRef Batches(string numericProfile) => batches;

    /// <inheritdoc/>
    public bool IsPresent(string numericProfile) => devices?.NumericProfile == numericProfile;

    /// <inheritdoc/>
    public double WorkOf(ProbedNetwork target) => Network.WorkOf(target);

    /// <inheritdoc/>
    public void Watch(IActorRef watcher)
    {
        // Nothing to tell.
    }
}
