using Akka.Actor;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>The GPU nodes as a coordinator sees them.</summary>
public interface IGpuNodes
{
    /// <summary>Asks the nodes what they compute with; each answers with a device description.</summary>
    void AskForDevices(IActorRef replyTo);

    /// <summary>The batches on nodes of this numeric profile.</summary>
    IActorRef Batches(string numericProfile);

    /// <summary>Whether a node of this numeric profile is up.</summary>
    bool IsPresent(string numericProfile);

    /// <summary>What a network takes of a device's time compared to others, in any unit; 1 where that is not known.</summary>
    double WorkOf(ProbedNetwork target) => 1;

    /// <summary>Tells the actor of every node that is lost or comes, with <see cref="GpuNodesChanged"/>.</summary>
    void Watch(IActorRef watcher);
}

/// <summary>A GPU node came or went.</summary>
public sealed record GpuNodesChanged
{
    /// <summary>The only one.</summary>
    public static readonly GpuNodesChanged Instance = new();
}
