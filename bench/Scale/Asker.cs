using System.Diagnostics;
using Akka.Actor;
using Akka.Serialization;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Scale;

/// <summary>What was exchanged for the terms.</summary>
/// <param name="Messages">Requests, replies and refusals.</param>
/// <param name="Repeated">Requests that were sent again.</param>
/// <param name="Bytes">Payload of requests and replies, estimated from every sixteenth.</param>
/// <param name="Terms">Terms that arrived: one branch on one network each.</param>
/// <param name="StartUp">Until every network's request was taken or answered: its batch had a place.</param>
/// <param name="InStartUp">Requests that were answered by then, one for each input.</param>
internal sealed record Exchange(long Messages, long Repeated, long Bytes, long Terms, TimeSpan StartUp, int InStartUp);

/// <summary>Asks for terms as the owner of a run does: all inputs of a network with one message.</summary>
internal sealed class Asker : ReceiveActor, IWithTimers
{
    private const int SampleEvery = 16;

    private readonly IActorRef batches;
    private readonly RequestRound collection;
    private readonly TaskCompletionSource<Exchange> done;
    private readonly Serializer serializer = Context.System.Serialization.FindSerializerForType(typeof(BatchRequest));
    private long sent;
    private long received;
    private long repeated;
    private long terms;
    private readonly HashSet<long> heardOf = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private long sampledBytes;
    private int answered;
    private (TimeSpan After, int Answered) startUp;

    public Asker(
        IActorRef batches, RequestRound collection, int networks, CoordinatorSettings settings, TaskCompletionSource<Exchange> done)
    {
        Receive<RequestTaken>(taken =>
        {
            received++;
            Sample(received, taken);
            collection.Note(taken, DateTimeOffset.UtcNow);
            Heard(taken.Id, networks);
        });
        this.batches = batches;
        this.collection = collection;
        this.done = done;
        Receive<TermReply>(reply =>
        {
            received++;
            Sample(received, reply);
            if (collection.Accept(reply))
            {
                terms += reply.Blocks.Sum(block => block.Chains.Length);
                answered += reply.Blocks.Length;
            }

            Heard(reply.Id, networks);

            Send();
        });
        Receive<TermsRefused>(refused =>
        {
            received++;
            if (collection.Refuse(refused, DateTimeOffset.UtcNow) is { } problem)
            {
                done.TrySetException(new InvalidOperationException(problem.Reason));
            }
        });
        Receive<Tick>(_ => Send());
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TimeSpan.Zero, settings.Tick);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Send()
    {
        foreach (var (batch, request) in collection.Due(DateTimeOffset.UtcNow))
        {
            var message = new BatchRequest(batch, "scale", SimulatedDevices.Profile, request);
            sent++;
            repeated += request.Attempt > 1 ? 1 : 0;
            Sample(sent, message);
            batches.Tell(message, Self);
        }

        if (collection.IsComplete)
        {
            done.TrySetResult(new Exchange(sent + received, repeated, sampledBytes * SampleEvery, terms, startUp.After, startUp.Answered));
        }
    }

    private void Heard(long request, int networks)
    {
        if (heardOf.Count < networks && heardOf.Add(request) && heardOf.Count == networks)
        {
            startUp = (Stopwatch.GetElapsedTime(started), answered);
        }
    }

    private void Sample(long number, object message)
    {
        if (number % SampleEvery == 0)
        {
            sampledBytes += serializer.ToBinary(message).Length;
        }
    }

    private sealed record Tick;
}
