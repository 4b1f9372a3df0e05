using Akka.Actor;
using LPZero.Messages.Control;

namespace LPZero.Seed.Storage;

/// <summary>Whether the node can do its work at all: whoever learns that it never will says so here, and the node ends.</summary>
public sealed class NodeHealth : IExtension, INodeHealth
{
    private readonly TaskCompletionSource<string> hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why the node can never work; completes at most once.</summary>
    public Task<string> Hopeless => hopeless.Task;

    /// <summary>The health of an actor system's node.</summary>
    public static NodeHealth Get(ActorSystem system) => system.WithExtension<NodeHealth, Provider>();

    /// <inheritdoc/>
    public StorageFault Note(string what, Exception failure)
    {
        var reason = StorageFaults.Hopeless(failure);
        if (reason is not null)
        {
            hopeless.TrySetResult($"{what}: {reason}");
        }

        return reason is not null ? StorageFault.Hopeless : StorageFaults.IsPassing(failure) ? StorageFault.Passing : StorageFault.None;
    }

    private sealed class Provider : ExtensionIdProvider<NodeHealth>
    {
        public override NodeHealth CreateExtension(ExtendedActorSystem system) => new();
    }
}
