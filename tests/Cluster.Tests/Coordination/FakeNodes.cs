using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Control;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>GPU nodes of which an actor of the test's own is all batches.</summary>
internal sealed class FakeNodes(IActorRef batches) : IGpuNodes
{
    public void AskForDevices(IActorRef replyTo) => replyTo.Tell(new DeviceDescription(Synthetic.Profile, 1, 0, 0));

    public IActorRef Batches(string numericProfile) => batches;

    public bool IsPresent(string numericProfile) => numericProfile == Synthetic.Profile;

    public void Watch(IActorRef watcher)
    {
        // Nodes neither come nor go but by the test's own messages.
    }
}
