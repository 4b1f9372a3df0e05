using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Cluster.Coordination;
using LPZero.Cluster.Devices;
using LPZero.Cluster.Storage;
using LPZero.Cluster.Wire;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Macro;

/// <summary>Asks batches of its own actor system for terms, as the owner of a run does.</summary>
internal sealed class LocalAsker : ReceiveActor
{
    private readonly IDeviceSet devices;
    private readonly TermCollection collection;
    private readonly TaskCompletionSource done;
    private readonly Dictionary<string, IActorRef> batches = new(StringComparer.Ordinal);
    private readonly KnownTermsBudget budget = new(GpuNodeSettings.Default.KnownTermsBytes);

    public LocalAsker(IDeviceSet devices, TermCollection collection, TaskCompletionSource done)
    {
        this.devices = devices;
        this.collection = collection;
        this.done = done;
        Receive<TermReply>(reply =>
        {
            collection.Accept(reply);
            Send();
        });
        Receive<RequestTaken>(_ => { });
        Receive<TermsRefused>(refused => done.TrySetException(new InvalidOperationException(refused.Reason)));
    }

    protected override void PreStart() => Send();

    private void Send()
    {
        foreach (var (batch, request) in collection.Due(DateTimeOffset.UtcNow))
        {
            Batch(batch).Tell(new BatchRequest(batch, "pool", devices.NumericProfile, request));
        }

        if (collection.IsComplete)
        {
            done.TrySetResult();
        }
    }

    private IActorRef Batch(string name)
    {
        if (!batches.TryGetValue(name, out var batch))
        {
            batch = Context.ActorOf(
                Props.Create(() => new GpuNodeActor(devices, Nothing.Instance, Nothing.Instance, GpuNodeSettings.Default, budget)));
            batches.Add(name, batch);
        }

        return batch;
    }

    /// <summary>A term cache that knows nothing and a log of attempts that notes nothing: the database is not what is measured.</summary>
    private sealed class Nothing : ITermCache, IAttemptLog
    {
        public static readonly Nothing Instance = new();

        public Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey) => Task.FromResult(ImmutableArray<TermBlock>.Empty);

        public Task SaveAsync(string contentKey, ImmutableArray<TermBlock> blocks) => Task.CompletedTask;

        public Task<ImmutableArray<string>?> BeginAsync(string contentKey, ImmutableArray<ChainSet> wanted) =>
            Task.FromResult<ImmutableArray<string>?>(null);

        public Task EndAsync(string contentKey, ImmutableArray<ChainSet> wanted) => Task.CompletedTask;
    }
}
