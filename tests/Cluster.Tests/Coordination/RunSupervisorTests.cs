using Akka.Actor;
using Akka.Event;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>What becomes of a run whose owner fails, with owners that fail as the test wants.</summary>
public sealed class RunSupervisorTests : ClusterTestKit
{
    private static readonly CoordinatorSettings Quick = new()
    {
        ShortestBackoff = TimeSpan.FromMilliseconds(5), LongestBackoff = TimeSpan.FromMilliseconds(50),
    };

    private static readonly CoordinatorSettings Local = Quick with { DatabaseFailures = 3 };

    // What is asked of an owner at the moment that it fails is answered by nobody, and asked again.
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(1);

    private readonly MemoryRunDirectory runs = new(Synthetic.Record);

    [Fact]
    public void A_run_whose_owner_fails_three_times_in_the_same_way_is_held_with_its_problem_until_it_is_resumed()
    {
        var supervisor = Supervisor(() => new InvalidOperationException("a broken run"));
        ExpectMsg("started");
        ExpectMsg("started");
        ExpectMsg("started");
        AwaitAssert(() => Assert.True(runs.Run.IsHeld));
        Assert.Equal((SearchPhase.Paused, "the run's owner failed: a broken run"), (runs.Run.Phase, runs.Run.Problem));

        supervisor.Tell(new WakeRun(Synthetic.Run));
        supervisor.Tell(new DescribeRun(Synthetic.Run));

        var status = ExpectMsg<RunStatus>();
        Assert.Equal(("paused", runs.Run.Problem), (status.State, status.Problem));
        supervisor.Tell(new ResumeRun(Synthetic.Run));
        ExpectMsg("started");
    }

    [Fact]
    public async Task A_run_that_is_held_stays_so_when_its_node_starts_again()
    {
        await runs.HoldAsync(Synthetic.Run, "a broken run");
        Supervisor(() => new InvalidOperationException("is not reached")).Tell(new DescribeRun(Synthetic.Run));
        Assert.Equal("a broken run", ExpectMsg<RunStatus>().Problem);
    }

    [Fact]
    public async Task A_run_that_is_held_is_resumed_by_the_first_who_asks_on_a_new_node()
    {
        await runs.HoldAsync(Synthetic.Run, "a broken run");
        Supervisor(() => new InvalidOperationException("reached")).Tell(new ResumeRun(Synthetic.Run));
        ExpectMsg("started");
    }

    [Fact]
    public void Failures_that_differ_are_tried_again()
    {
        var failures = 0;
        Supervisor(() => new InvalidOperationException($"problem {++failures}"));
        for (var i = 0; i < 8; i++)
        {
            ExpectMsg("started");
        }

        Assert.False(runs.Run.IsHeld);
    }

    [Fact]
    public void A_run_that_cannot_be_meant_is_held_without_being_tried()
    {
        var broken = new MemoryRunDirectory(
            Synthetic.Record with { Configuration = Synthetic.Configuration with { LayerReductions = [] } });
        var supervisor = Sys.ActorOf(Props.Create(() =>
            new RunSupervisor(Synthetic.Run, broken, FailingOwner.Props(TestActor, () => new InvalidOperationException("tried")), Quick,
                NodeHealth.Get(Sys))));

        supervisor.Tell(new DescribeRun(Synthetic.Run));

        var status = ExpectMsg<RunStatus>();
        Assert.Equal("paused", status.State);
        Assert.Contains("layerReductions", status.Problem, StringComparison.Ordinal);
        supervisor.Tell(new ResumeRun(Synthetic.Run));
        var again = ExpectMsg<RunStatus>();
        Assert.Equal(("paused", status.Problem), (again.State, again.Problem));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void An_outage_of_the_database_is_waited_out_and_said_once_a_minute()
    {
        const int Outage = 20;
        var warnings = CreateTestProbe();
        Sys.EventStream.Subscribe(warnings.Ref, typeof(Warning));
        runs.Uses.Want(Outage);

        Supervisor(() => new InvalidOperationException("the database is back"));

        ExpectMsg("started");
        Assert.Equal(Outage, runs.Uses.Happened);
        Assert.Contains("the database is away", warnings.ExpectMsg<Warning>().ToString(), StringComparison.Ordinal);
        Assert.Contains("the database is back", warnings.FishForMessage<Warning>(_ => true).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_can_never_work_ends_the_node_with_the_reason()
    {
        Supervisor(() => new SqliteException("no such table: journal", errorCode: 1));
        Assert.Equal(
            "the run's owner failed: no such table: journal", await NodeHealth.Get(Sys).Hopeless.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_run_that_is_started_after_somebody_has_asked_for_it_gets_its_owner()
    {
        var supervisor = Sys.ActorOf(Props.Create(() =>
            new RunSupervisor("later", runs, FailingOwner.Props(TestActor, () => new InvalidOperationException("unwanted")), Quick,
                NodeHealth.Get(Sys))));
        supervisor.Tell(new DescribeRun("later"));
        Assert.Contains("there is no run 'later'", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);

        runs.Rename("later");
        supervisor.Tell(new WakeRun("later"));

        ExpectMsg("started");
    }

    [Fact]
    public async Task A_run_that_another_process_owns_is_not_begun_and_says_who_owns_it_until_it_is_free()
    {
        runs.OtherOwner = "process 12 on a-node";
        var supervisor = Supervisor(() => new InvalidOperationException("is begun"));
        supervisor.Tell(new ResumeRun(Synthetic.Run));
        Assert.EndsWith("is being worked on by process 12 on a-node", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);
        var status = await supervisor.Ask<RunStatus>(new DescribeRun(Synthetic.Run));
        Assert.EndsWith("is being worked on by process 12 on a-node", status.Problem, StringComparison.Ordinal);

        runs.OtherOwner = null;

        ExpectMsg("started");
    }

    [Fact]
    public async Task The_lock_is_given_back_with_the_owner()
    {
        var supervisor = Supervisor(() => new InvalidOperationException("a broken run"));
        ExpectMsg("started");
        ExpectMsg("started");
        ExpectMsg("started");
        AwaitAssert(() => Assert.True(runs.Lock!.IsReleased));
        await supervisor.GracefulStop(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void An_owner_whose_lock_is_lost_stops_and_another_takes_the_lock_anew()
    {
        Sys.ActorOf(Props.Create(() => new RunSupervisor(Synthetic.Run, runs, LastingOwner.Props(TestActor), Quick, NodeHealth.Get(Sys))));
        ExpectMsg("started");
        var first = runs.Lock!;

        first.Lose();

        ExpectMsg("stopped");
        ExpectMsg("started");
        Assert.NotSame(first, runs.Lock);
        Assert.True(first.IsReleased);
    }

    [Fact]
    public void A_full_disk_pauses_a_run_with_the_reason_where_nobody_looks_after_the_database()
    {
        var supervisor = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs, FailingOwner.Props(TestActor, () => new SqliteException("database or disk is full", 13)),
            Local, NodeHealth.Get(Sys))));
        ExpectMsg("started");
        ExpectMsg("started");
        ExpectMsg("started");
        AwaitAssert(() => Assert.Equal(("paused", "the run's owner failed: database or disk is full"), Described()));
        Assert.False(runs.Run.IsHeld);
        Assert.True(runs.Lock!.IsReleased);

        supervisor.Tell(new ResumeRun(Synthetic.Run));

        ExpectMsg("started");

        (string?, string?) Described() =>
            supervisor.Ask<object>(new DescribeRun(Synthetic.Run), Lost).Result is RunStatus status
                ? (status.State, status.Problem)
                : default;
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_given_up_with_the_reason_where_nobody_looks_after_the_database()
    {
        runs.Uses.Want(3);
        var supervisor = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs, FailingOwner.Props(TestActor, () => new InvalidOperationException("the database is back")),
            Local, NodeHealth.Get(Sys))));
        AwaitAssert(() => Assert.Equal(3, runs.Uses.Happened));
        AwaitAssert(() =>
            Assert.EndsWith("the database is away", supervisor.Ask<RunRefused>(new DescribeRun(Synthetic.Run), Lost).Result.Reason,
                StringComparison.Ordinal));

        supervisor.Tell(new ResumeRun(Synthetic.Run));

        ExpectMsg("started");
    }

    [Fact]
    public void Whoever_asks_while_the_owner_starts_again_is_told_why_and_that_another_try_may_do()
    {
        runs.Uses.Want(1);
        var patient = new CoordinatorSettings { ShortestBackoff = TimeSpan.FromHours(1), LongestBackoff = TimeSpan.FromHours(1) };
        var supervisor = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs, LastingOwner.Props(TestActor), patient, NodeHealth.Get(Sys))));

        supervisor.Tell(new ResumeRun(Synthetic.Run));

        var refused = ExpectMsg<RunRefused>();
        Assert.True(refused.IsAway);
        Assert.EndsWith(
            "is starting again (the run's record cannot be read: the database is away); try in a moment", refused.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_worked_on_is_not_deleted_and_one_that_is_paused_is_when_its_owner_has_let_go_of_it()
    {
        var (cache, nodes) = (new MemoryTermCache(), new FakeNodes(CreateTestProbe().Ref));
        var supervisor = Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs,
            Props.Create(() => new CoordinatorActor(
                Synthetic.Run, runs, cache, nodes, new CoordinatorSettings(), TimeProvider.System)),
            Quick, NodeHealth.Get(Sys))));
        supervisor.Tell(new DeleteRun(Synthetic.Run));
        Assert.Contains("search pause", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);
        Assert.False(runs.IsDeleted);

        supervisor.Tell(new PauseRun(Synthetic.Run));
        Assert.Equal("paused", ExpectMsg<RunStatus>().State);
        supervisor.Tell(new DeleteRun(Synthetic.Run));
        Assert.Equal(Synthetic.Run, ExpectMsg<RunDeleted>().Run);

        Assert.True(runs.IsDeleted);
        supervisor.Tell(new DescribeRun(Synthetic.Run));
        Assert.Contains("there is no run", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_held_is_deleted_and_one_of_another_process_is_not()
    {
        await runs.HoldAsync(Synthetic.Run, "a broken run");
        var supervisor = Supervisor(() => new InvalidOperationException("is not reached"));
        supervisor.Tell(new DescribeRun(Synthetic.Run));
        Assert.Equal("paused", ExpectMsg<RunStatus>().State);
        runs.OtherOwner = "process 12 on a-node";
        supervisor.Tell(new DeleteRun(Synthetic.Run));
        Assert.EndsWith("is being worked on by process 12 on a-node", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);

        runs.OtherOwner = null;
        supervisor.Tell(new DeleteRun(Synthetic.Run));
        ExpectMsg<RunDeleted>();
    }

    [Fact]
    public async Task A_run_that_is_held_is_given_another_priority_and_stays_held()
    {
        await runs.HoldAsync(Synthetic.Run, "a broken run");
        var supervisor = Supervisor(() => new InvalidOperationException("is not reached"));
        supervisor.Tell(new PrioritizeRun(Synthetic.Run, 7));
        var status = ExpectMsg<RunStatus>();
        Assert.Equal(("paused", "a broken run", 7), (status.State, status.Problem, status.Priority));
        Assert.Equal((true, 7), (runs.Run.IsHeld, runs.Run.Priority));

        runs.Uses.Want(1);
        supervisor.Tell(new PrioritizeRun(Synthetic.Run, 9));
        Assert.Contains("the database is away", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);
        supervisor.Tell(new DescribeRun(Synthetic.Run));
        Assert.Equal(7, ExpectMsg<RunStatus>().Priority);
    }

    private IActorRef Supervisor(Func<Exception> failure) =>
        Sys.ActorOf(Props.Create(() => new RunSupervisor(
            Synthetic.Run, runs, FailingOwner.Props(TestActor, failure), Quick, NodeHealth.Get(Sys))));

    /// <summary>Says that it has started, and fails.</summary>
    private sealed class FailingOwner : ReceiveActor
    {
        private readonly Func<Exception> failure;

        public FailingOwner(IActorRef watcher, Func<Exception> failure)
        {
            this.failure = failure;
            Receive<string>(_ => throw this.failure());
            watcher.Tell("started");
            Self.Tell("fail");
        }

        public static Props Props(IActorRef watcher, Func<Exception> failure) =>
            Akka.Actor.Props.Create(() => new FailingOwner(watcher, failure));
    }

    /// <summary>Says when it starts and stops.</summary>
    private sealed class LastingOwner : ReceiveActor
    {
        private readonly IActorRef watcher;

        public LastingOwner(IActorRef watcher)
        {
            this.watcher = watcher;
            watcher.Tell("started");
        }

        public static Props Props(IActorRef watcher) => Akka.Actor.Props.Create(() => new LastingOwner(watcher));

        protected override void PostStop() => watcher.Tell("stopped");
    }
}
