using System.Diagnostics;
using Akka.Actor;
using LPZero.Messages.Entities;

namespace LPZero.GpuNode.Actors;

/// <summary>A request that is neither answered nor refused. Belongs to the actor of its batch.</summary>
/// <param name="message">What is asked.</param>
/// <param name="replyTo">Who asks.</param>
internal sealed class PendingRequest(BatchRequest message, IActorRef replyTo)
{
    /// <summary>What is asked, as it was asked last.</summary>
    public BatchRequest Message { get; private set; } = message;

    /// <summary>Who asked last.</summary>
    public IActorRef ReplyTo { get; private set; } = replyTo;

    /// <summary>When it was asked first, in ticks of the stopwatch.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>Whether it waits at the devices, or one is at it.</summary>
    public bool IsOffered { get; set; }

    /// <summary>Whether who asks was told that nothing can be stored at present.</summary>
    public bool IsToldOfOutage { get; set; }

    /// <summary>Whether a message asks the same.</summary>
    public bool IsSame(BatchRequest other) => Message.Run == other.Run && Message.Request.Id == other.Request.Id;

    /// <summary>Takes note that it was asked again: whoever asked last gets the answer.</summary>
    public void Repeat(BatchRequest again, IActorRef asker) => (Message, ReplyTo) = (again, asker);
}
