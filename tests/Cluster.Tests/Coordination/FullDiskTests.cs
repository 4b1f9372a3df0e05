using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit.Xunit2;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>A run's owner whose journal has no room for what it is asked to do.</summary>
public sealed class FullDiskTests() : TestKit(Settings)
{
    private static readonly string Settings = $$"""
        akka.loglevel = OFF
        akka.test.single-expect-default = 30s
        akka.persistence.journal.plugin = "full"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        full { class = "{{typeof(FullJournal).AssemblyQualifiedName}}", plugin-dispatcher = "akka.actor.default-dispatcher" }
        """;

    private static readonly SqliteException Full = new("database or disk is full", 13);

    private static readonly CoordinatorSettings Local = new() { ShortestBackoff = TimeSpan.FromMilliseconds(20), DatabaseFailures = 3 };

    [Fact]
    public void Whoever_asks_for_a_pause_is_told_why_it_cannot_be_stored()
    {
        var (runs, cache, nodes) = (new MemoryRunDirectory(Synthetic.Record), new MemoryTermCache(), new FakeNodes(TestActor));
        var owner = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs,
            Props.Create(() => new CoordinatorActor(Synthetic.Run, runs, cache, nodes, Local, TimeProvider.System)),
            Local, NodeHealth.Get(Sys))));
        FishForMessage(message => message is BatchRequest);
        FullJournal.Failure = Full;

        owner.Tell(new PauseRun(Synthetic.Run));

        var refused = (RunRefused)FishForMessage(message => message is RunRefused);
        Assert.StartsWith(
            $"run '{Synthetic.Run}' cannot do that: the journal cannot be written: ", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("database or disk is full", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("database or disk is full", 13)]
    [InlineData("attempt to write a readonly database", 8)]
    public void A_run_whose_journal_cannot_be_written_is_paused_with_the_reason_and_goes_on_when_it_is_resumed(string reason, int code)
    {
        FullJournal.Failure = null;
        var (runs, cache, nodes) = (new MemoryRunDirectory(Synthetic.Record), new MemoryTermCache(), new FakeNodes(TestActor));
        var owner = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs,
            Props.Create(() => new CoordinatorActor(Synthetic.Run, runs, cache, nodes, Local, TimeProvider.System)),
            Local, NodeHealth.Get(Sys))));
        FullJournal.Failure = new SqliteException(reason, code);

        var paused = AnswerUntil(owner, status => status.State == "paused");

        Assert.Contains(reason, paused.Problem, StringComparison.Ordinal);
        Assert.False(NodeHealth.Get(Sys).Hopeless.IsCompleted);
        FullJournal.Failure = null;
        owner.Tell(new ResumeRun(Synthetic.Run));
        Assert.Null(AnswerUntil(owner, status => status.State == "finished").Problem);
    }

    /// <summary>Answers requests for terms until the run stands so.</summary>
    private RunStatus AnswerUntil(IActorRef owner, Func<RunStatus, bool> isSo)
    {
        var guard = new LoopGuard();
        while (true)
        {
            guard.Check();
            switch (ReceiveOne(TimeSpan.FromMilliseconds(100)))
            {
                case BatchRequest request:
                    LastSender.Tell(Synthetic.Answer(request.Request));
                    break;
                case RunStatus status when isSo(status):
                    return status;
                case null:
                    owner.Tell(new DescribeRun(Synthetic.Run), TestActor);
                    break;
            }
        }
    }

    /// <summary>A journal on a disk that fills up.</summary>
    private sealed class FullJournal : MemoryJournal
    {
        public static SqliteException? Failure { get; set; }

        protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
            Failure is { } failure ? throw failure : base.WriteMessagesAsync(messages, cancellationToken);
    }
}
