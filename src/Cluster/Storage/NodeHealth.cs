using Akka.Actor;

namespace LPZero.Cluster.Storage;

/// <summary>Whether the node can do its work at all: whoever learns that it never will says so here, and the node ends.</summary>
public sealed class NodeHealth : IExtension
{
    private readonly TaskCompletionSource<string> hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why the node can never work; completes at most once.</summary>
    public Task<string> Hopeless => hopeless.Task;

    /// <summary>The health of an actor system's node.</summary>
    public static NodeHealth Get(ActorSystem system) => system.WithExtension<NodeHealth, Provider>();

    /// <summary>Gives the node up where the failure says that its database can never work.</summary>
    /// <param name="what">What was not possible.</param>
    /// <param name="failure">Why.</param>
    internal void Note(string what, Exception failure)
    {
        if (StorageFaults.Hopeless(failure) is { } reason)
        {
            hopeless.TrySetResult($"{what}: {reason}");
        }
    }

    private sealed class Provider : ExtensionIdProvider<NodeHealth>
    {
        public override NodeHealth CreateExtension(ExtendedActorSystem system) => new();
    }
}
