using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit.Xunit2;
using LPZero.Coordinator.Actors;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>A run's owner under its supervisor, whose database goes away again and again.</summary>
public sealed class DatabaseAwayTests() : TestKit(Settings)
{
    private const int Outages = 3;

    private static readonly string Settings = $$"""
        akka.loglevel = OFF
        akka.test.single-expect-default = 30s
        akka.persistence.journal.plugin = "away"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        away { class = "{{typeof(AwayJournal).AssemblyQualifiedName}}", plugin-dispatcher = "akka.actor.default-dispatcher" }
        """;

    private static readonly CoordinatorSettings Quick = new()
    {
        RequestTimeout = TimeSpan.FromHours(1), RefusedDelay = TimeSpan.FromMilliseconds(20), Tick = TimeSpan.FromMilliseconds(20),
        EventsPerSnapshot = 10, ShortestBackoff = TimeSpan.FromMilliseconds(20), LongestBackoff = TimeSpan.FromMilliseconds(100),
    };

    private readonly MemoryTermCache cache = new();
    private readonly MemoryRunDirectory runs = new(Synthetic.Record);

    [Fact]
    public void The_run_ends_with_the_same_events()
    {
        // The failed write stops the owner; whenever its supervisor starts it again, the next of them fails.
        Faults[] faults = [AwayJournal.Writes, AwayJournal.Replays, runs.Uses, cache.Loads];
        var owner = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs,
            Props.Create(() => new CoordinatorActor(
                Synthetic.Run, runs, cache, new FakeNodes(TestActor), Quick, TimeProvider.System)),
            Quick, NodeHealth.Get(Sys))));
        var outages = 0;
        while (NextRequest(owner) is { } request)
        {
            LastSender.Tell(Synthetic.Answer(request.Request));
            if (outages < Outages && faults.All(fault => fault.Happened == outages))
            {
                outages++;
                foreach (var fault in faults)
                {
                    fault.Want(1);
                }
            }
        }

        Assert.All(faults, fault => Assert.Equal(Outages, fault.Happened));
        var reader = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new JournalReader(RunJournal.IdOf(Synthetic.Run), reader.Ref)));
        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), reader.ExpectMsg<IReadOnlyList<SearchEvent>>().Select(Text));
    }

    private static string Text(SearchEvent happened) => JsonSerializer.Serialize(happened, MessageJson.Options);

    /// <summary>The next request, or null when the run has finished. What is asked of an owner that stops gets lost.</summary>
    private BatchRequest? NextRequest(IActorRef owner)
    {
        var guard = new LoopGuard();
        while (true)
        {
            guard.Check();
            switch (ReceiveOne(TimeSpan.FromMilliseconds(100)))
            {
                case BatchRequest request:
                    return request;
                case RunStatus { State: "finished" }:
                    return null;
                case null:
                    owner.Tell(new DescribeRun(Synthetic.Run), TestActor);
                    break;
            }
        }
    }

    /// <summary>A journal that can fail.</summary>
    private sealed class AwayJournal : MemoryJournal
    {
        public static Faults Writes { get; } = new();

        public static Faults Replays { get; } = new();

        protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
        {
            Writes.ThrowIfWanted();
            return await base.WriteMessagesAsync(messages, cancellationToken);
        }

        public override async Task ReplayMessagesAsync(
            IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
            Action<IPersistentRepresentation> recoveryCallback)
        {
            Replays.ThrowIfWanted();
            await base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);
        }
    }
}
