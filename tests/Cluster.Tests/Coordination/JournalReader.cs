using Akka.Actor;
using Akka.Persistence;
using LPZero.Messages.Search;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>Sends all events of a persistent actor, from the first one on.</summary>
internal sealed class JournalReader : ReceivePersistentActor
{
    private readonly List<SearchEvent> events = [];

    public JournalReader(string id, IActorRef receiver)
    {
        PersistenceId = id;
        Recover<SearchEvent>(events.Add);
        Recover<RecoveryCompleted>(_ => receiver.Tell((IReadOnlyList<SearchEvent>)events));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);
}
