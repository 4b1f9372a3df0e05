using Akka.Actor;
using Akka.Cluster.Sharding;
using LPZero.Messages.Entities;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Stands in for a shard region where there is one process: makes an entity when it is first spoken to, by the message extractor that
/// sharding uses. Asked to drain, it lets every entity drain and ends when the last one has.
/// </summary>
/// <param name="extractor">Says whom a message is for.</param>
/// <param name="entity">Makes the entity of an id; null where there is none of that id here.</param>
/// <param name="stranger">The answer to a message for an entity that is not made here.</param>
internal sealed class EntityParent(IMessageExtractor extractor, Func<string, Props?> entity, Func<string, object> stranger) : UntypedActor
{
    private bool draining;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Drain:
                draining = true;
                foreach (var child in Context.GetChildren())
                {
                    child.Tell(message);
                }

                StopIfDrained();
                break;
            case Terminated:
                StopIfDrained();
                break;
            default:
                Deliver(message);
                break;
        }
    }

    private void Deliver(object message)
    {
        if (extractor.EntityId(message) is not { } id)
        {
            Unhandled(message);
            return;
        }

        var name = Uri.EscapeDataString(id);
        var child = Context.Child(name);
        if (child.IsNobody() && !draining && entity(id) is { } props)
        {
            child = Context.Watch(Context.ActorOf(props, name));
        }

        if (child.IsNobody())
        {
            Sender.Tell(stranger(id));
        }
        else
        {
            child.Forward(message);
        }
    }

    private void StopIfDrained()
    {
        if (draining && !Context.GetChildren().Any())
        {
            Context.Stop(Self);
        }
    }
}
