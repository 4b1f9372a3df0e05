using System.Text.Json;
using Akka.Actor;
using LPZero.Cluster.Tests.Devices;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Coordination;

public sealed class CoordinatorActorTests : ClusterTestKit
{
    private static readonly CoordinatorSettings Quick = new()
    {
        RequestTimeout = TimeSpan.FromMilliseconds(200), RefusedDelay = TimeSpan.FromMilliseconds(20), Tick = TimeSpan.FromMilliseconds(20),
        EventsPerSnapshot = 10,
    };

    private static readonly CoordinatorSettings Patient = Quick with { RequestTimeout = TimeSpan.FromHours(1) };

    private readonly MemoryTermCache cache = new();
    private readonly MemoryRunDirectory runs = new(Synthetic.Record);

    // Who waits for the answer to a request.
    private readonly Dictionary<long, IActorRef> collectors = [];

    [Fact]
    public void A_run_has_the_events_of_a_plain_loop_round_the_core()
    {
        var coordinator = Coordinator(Patient);
        AnswerUntilFinished(coordinator, Reply);

        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), Events());
        AwaitAssert(() => Assert.Equal(SearchPhase.Finished, runs.Run.Phase)); // noted on the side
        Assert.Equal(Synthetic.Profile, runs.Run.NumericProfile);
        coordinator.Tell(new DescribeRun(Synthetic.Run));
        Assert.Equal("all 25 iterations done", ExpectMsg<RunStatus>().Ended);
    }

    [Fact]
    public void A_run_asks_with_its_priority_says_it_and_has_the_same_events()
    {
        runs.Prioritize(7);
        var coordinator = Coordinator(Patient);
        AnswerUntilFinished(coordinator, request =>
        {
            Assert.Equal(new DeviceShare(Synthetic.Run, 7), request.Share);
            Reply(request);
        });

        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), Events());
        coordinator.Tell(new DescribeRun(Synthetic.Run));
        Assert.Equal(7, ExpectMsg<RunStatus>().Priority);
    }

    [Fact]
    public void A_run_that_is_given_another_priority_asks_with_it_from_then_on_and_has_the_same_events()
    {
        var coordinator = Coordinator(Patient);
        Reply(FirstRequest());
        coordinator.Tell(new PrioritizeRun(Synthetic.Run, 7));
        var held = new List<BatchRequest>();
        FishForMessage(message =>
        {
            if (message is BatchRequest request)
            {
                held.Add(Noted(request));
            }

            return message is RunStatus { Priority: 7 };
        });
        Assert.Equal(7, runs.Run.Priority);

        // What was asked for before was of the first priority.
        Assert.All(held, request => Assert.Equal(1, request.Priority));
        held.ForEach(Reply);
        var late = new List<int>();
        AnswerUntilFinished(coordinator, request =>
        {
            late.Add(request.Priority);
            Reply(request);
        });

        Assert.Equal(7, late[^1]);
        Assert.Equal(late.Order(), late);
        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), Events());
    }

    [Fact]
    public void A_priority_that_cannot_be_stored_is_refused_and_the_run_keeps_its_own()
    {
        var coordinator = Coordinator(Patient);
        FirstRequest();
        AwaitAssert(() => Assert.Equal(SearchPhase.Running, runs.Run.Phase)); // no other note is under way
        runs.Uses.Want(1);
        coordinator.Tell(new PrioritizeRun(Synthetic.Run, 7));
        var refused = (RunRefused)FishForMessage(message => message is RunRefused);
        Assert.Contains("the database is away", refused.Reason, StringComparison.Ordinal);
        coordinator.Tell(new DescribeRun(Synthetic.Run));
        Assert.Equal(1, ((RunStatus)FishForMessage(message => message is RunStatus)).Priority);
    }

    [Fact]
    public void Answers_that_are_repeated_late_or_out_of_order_change_nothing()
    {
        var coordinator = Coordinator(Patient);
        var held = new Stack<BatchRequest>();
        AnswerUntilFinished(coordinator, request =>
        {
            // Every other request waits for the next one and is answered after it; all are answered three times.
            held.Push(request);
            if (held.Count == 2)
            {
                while (held.TryPop(out var one))
                {
                    Reply(one);
                    Reply(one);
                    collectors[one.Request.Id].Tell(Synthetic.Answer(one.Request) with { Attempt = 99 });
                }
            }
        }, flush: () =>
        {
            while (held.TryPop(out var one))
            {
                Reply(one);
            }
        });

        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), Events());
    }

    [Fact]
    public void A_request_without_an_answer_is_repeated_under_its_id()
    {
        var coordinator = Coordinator(Quick);
        var first = ExpectMsg<BatchRequest>();

        var again = (BatchRequest)FishForMessage(message => message is BatchRequest request && request.Request.Id == first.Request.Id);

        Assert.Equal((first.Batch, 2), (again.Batch, again.Request.Attempt));
        Assert.Equal(JsonSerializer.Serialize(first.Request.Wanted), JsonSerializer.Serialize(again.Request.Wanted));
        Sys.Stop(coordinator);
    }

    [Fact]
    public void The_loss_of_a_node_repeats_what_is_under_way_at_once()
    {
        Coordinator(Patient);
        var first = FirstRequest();

        collectors[first.Request.Id].Tell(GpuNodesChanged.Instance);

        var again = (BatchRequest)FishForMessage(message => message is BatchRequest request && request.Request.Id == first.Request.Id);
        Assert.Equal(2, again.Request.Attempt);
    }

    [Fact]
    public void One_request_is_under_way_for_each_network()
    {
        var coordinator = Coordinator(Patient);
        coordinator.Tell(new DescribeRun(Synthetic.Run));
        var seen = new List<BatchRequest>();

        // The collector asks and the owner answers: what more the one would ask is there before the other has answered twice.
        var answers = 0;
        FishForMessage(message =>
        {
            if (message is BatchRequest request)
            {
                seen.Add(request);
            }
            else if (message is RunStatus)
            {
                answers = seen.Count < Synthetic.Configuration.SearchArchitectures ? 0 : answers + 1;
                coordinator.Tell(new DescribeRun(Synthetic.Run));
            }

            return answers > 2;
        });

        Assert.Equal(Synthetic.Configuration.SearchArchitectures, seen.Count);
        Assert.Equal(seen.Count, seen.Select(request => request.Request.Target).Distinct().Count());
    }

    [Fact]
    public void A_coordinator_that_is_killed_again_and_again_ends_with_the_same_events()
    {
        var coordinator = Coordinator(Patient);
        var answered = 0;
        var guard = new LoopGuard();
        while (true)
        {
            guard.Check();
            var request = NextRequest(coordinator);
            if (request is null)
            {
                break;
            }

            Reply(request);
            if (++answered % 7 == 0 && answered < 200)
            {
                Watch(coordinator);
                coordinator.Tell(Kill.Instance);
                FishForMessage(message => message is Terminated);
                coordinator = Coordinator(Patient);
            }
        }

        Assert.True(answered > 50, $"only {answered} requests: nothing was shown");
        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), Events());
    }

    [Fact]
    public void A_refused_request_is_asked_again_and_one_that_is_impossible_pauses_the_run_with_the_reason()
    {
        var coordinator = Coordinator(Patient);
        var first = FirstRequest();
        var collector = collectors[first.Request.Id];
        collector.Tell(new TermsRefused(first.Request.Id, first.Request.Attempt, RefusalCause.Busy, "no room"));
        var again = (BatchRequest)FishForMessage(message => message is BatchRequest request && request.Request.Id == first.Request.Id);

        collector.Tell(new TermsRefused(again.Request.Id, again.Request.Attempt, RefusalCause.Impossible, "poisoned"));
        AwaitAssert(() => Assert.Equal(SearchPhase.Paused, runs.Run.Phase));
        coordinator.Tell(new DescribeRun(Synthetic.Run));

        var status = (RunStatus)FishForMessage(message => message is RunStatus);
        Assert.Equal("paused", status.State);
        var asked = again.Request;
        var shapes = Synthetic.Configuration.ShapesOn(Synthetic.Benchmark);
        var id = Synthetic.Benchmark.Architectures.First(one => one.Genotype.Resolve(shapes).Equals(asked.Target.Network)).Id;
        Assert.StartsWith(
            $"architecture '{id}' ({asked.Target.Network}), input {asked.Wanted[0].Input}, ", status.Problem, StringComparison.Ordinal);
        Assert.EndsWith("chains of operations: poisoned", status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_paused_and_resumed_in_a_round_ends_with_the_same_search_events()
    {
        var coordinator = Coordinator(Patient);
        var first = FirstRequest();
        coordinator.Tell(new PauseRun(Synthetic.Run));
        Assert.Equal("paused", ((RunStatus)FishForMessage(message => message is RunStatus)).State);
        Reply(first); // late: the round was given up
        coordinator.Tell(new ResumeRun(Synthetic.Run)); // its answer may come behind requests of the round, which are to be answered

        AnswerUntilFinished(coordinator, Reply);

        var events = Events();
        Assert.Contains(Text(new SearchPaused()), events);
        Assert.Equal(Synthetic.ExpectedEvents().Select(Text),
            events.Where(text => text != Text(new SearchPaused()) && text != Text(new SearchResumed())));
    }

    [Fact]
    public void Notes_of_where_the_run_stands_are_written_in_their_order()
    {
        var running = new TaskCompletionSource();
        var notes = CreateTestProbe();
        runs.BeforeNote = phase =>
        {
            notes.Ref.Tell(phase);
            return phase == SearchPhase.Running ? running.Task : Task.CompletedTask;
        };
        var coordinator = Coordinator(Patient);
        Assert.Equal(SearchPhase.Running, notes.ExpectMsg<SearchPhase>());

        coordinator.Tell(new PauseRun(Synthetic.Run));
        FishForMessage(message => message is RunStatus { State: "paused" });
        running.SetResult();

        Assert.Equal(SearchPhase.Paused, notes.ExpectMsg<SearchPhase>());
        AwaitAssert(() => Assert.Equal(SearchPhase.Paused, runs.Run.Phase));
    }

    [Fact]
    public async Task A_run_whose_terms_are_all_known_answers_and_is_paused_between_two_iterations()
    {
        // So long that it does not end before the test does.
        var endless = Synthetic.Record with
        {
            Configuration = Synthetic.Configuration with { Iterations = int.MaxValue, UnaryOperations = 1 },
        };
        var known = new CoordinatedRun(endless);
        foreach (var target in known.Search.Targets)
        {
            await cache.SaveAsync(
                target.Key(Synthetic.Profile),
                [.. endless.Configuration.Inputs.Select(input =>
                    Synthetic.Block(target, new ChainSet(input, [Chain.Empty, .. Chain.All(1)])))]);
        }

        var busy = new MemoryRunDirectory(endless);
        var coordinator = Sys.ActorOf(Props.Create(() => new CoordinatorActor(
            Synthetic.Run, busy, cache, new FakeNodes(TestActor), Patient, TimeProvider.System)));
        AwaitCondition(() => coordinator.Ask<RunStatus>(new DescribeRun(Synthetic.Run), TimeSpan.FromSeconds(30)).Result.Iteration > 10,
            TimeSpan.FromSeconds(60));

        coordinator.Tell(new PauseRun(Synthetic.Run));
        var paused = ExpectMsg<RunStatus>();
        coordinator.Tell(new DescribeRun(Synthetic.Run));

        Assert.Equal("paused", paused.State);
        Assert.Equal(paused, ExpectMsg<RunStatus>());
        Assert.Equal(Text(new SearchPaused()), Events()[^1]);
    }

    [Fact]
    public void A_run_that_does_not_exist_is_refused()
    {
        var coordinator = Sys.ActorOf(Props.Create(() => new CoordinatorActor(
            "nobody", runs, cache, new FakeNodes(TestActor), Patient, TimeProvider.System)));
        coordinator.Tell(new DescribeRun("nobody"), TestActor);
        Assert.Contains("nobody", ExpectMsg<RunRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_coordinators_and_real_batches_share_what_is_computed()
    {
        var devices = new FakeDevices();
        var batches = Sys.ActorOf(Props.Create(() => new OneBatchEach(devices, cache)));
        var coordinator = Sys.ActorOf(Props.Create(() => new CoordinatorActor(
            Synthetic.Run, runs, cache, new FakeNodes(batches), Patient, TimeProvider.System)));
        AwaitAssert(
            () => Assert.True(coordinator.Ask<RunStatus>(new DescribeRun(Synthetic.Run),
                TimeSpan.FromSeconds(30)).Result is { State: "finished", IsReporting: false }),
            TimeSpan.FromSeconds(60));

        Assert.Equal(Synthetic.ExpectedEvents().Select(Text), Events());
        Assert.Equal(cache.StoredTerms, devices.ComputedTerms);
    }

    private IActorRef Coordinator(CoordinatorSettings settings) => Sys.ActorOf(Props.Create(() => new CoordinatorActor(
        Synthetic.Run, runs, cache, new FakeNodes(TestActor), settings, TimeProvider.System)));

    private void Reply(BatchRequest request) => collectors[request.Request.Id].Tell(Synthetic.Answer(request.Request));

    private BatchRequest FirstRequest() => Noted(ExpectMsg<BatchRequest>());

    private BatchRequest Noted(BatchRequest request)
    {
        collectors[request.Request.Id] = LastSender;
        return request;
    }

    private void AnswerUntilFinished(IActorRef coordinator, Action<BatchRequest> answer, Action? flush = null)
    {
        while (NextRequest(coordinator, flush) is { } request)
        {
            answer(request);
        }
    }

    /// <summary>The next request, or null when the run has finished and is reported.</summary>
    private BatchRequest? NextRequest(IActorRef coordinator, Action? flush = null)
    {
        coordinator.Tell(new DescribeRun(Synthetic.Run), TestActor);
        var guard = new LoopGuard();
        while (true)
        {
            guard.Check();
            switch (ExpectMsg<object>())
            {
                case BatchRequest request:
                    return Noted(request);
                case RunStatus { State: "finished", IsReporting: false }:
                    return null;
                case RunStatus:
                    flush?.Invoke();
                    coordinator.Tell(new DescribeRun(Synthetic.Run), TestActor);
                    break;
            }
        }
    }

    private List<string> Events()
    {
        var reader = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new JournalReader(RunJournal.IdOf(Synthetic.Run), reader.Ref)));
        return [.. reader.ExpectMsg<IReadOnlyList<SearchEvent>>(TimeSpan.FromSeconds(30)).Select(Text)];
    }

    private static string Text(SearchEvent happened) => JsonSerializer.Serialize(happened, MessageJson.Options);
}
