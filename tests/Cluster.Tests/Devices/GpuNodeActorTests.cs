using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Devices;

public sealed class GpuNodeActorTests : ClusterTestKit
{
    private const int Requests = 12;

    private static readonly GpuNodeSettings Settings = new(Waiting: 3, SaveRetry: TimeSpan.FromMilliseconds(10), KnownTermsBytes: 1);

    // Of equal depth, so that their terms take equal room.
    private static readonly ImmutableArray<Genotype> Networks =
        [.. Synthetic.Benchmark.Architectures.Select(architecture => architecture.Genotype).Where(genotype => genotype.LayerCount == 1)];

    private readonly MemoryTermCache cache = new();
    private readonly MemoryAttemptLog attempts = new();

    // What is not about it need not expect it before every answer.
    public GpuNodeActorTests() => IgnoreMessages(message => message is RequestTaken);

    [Fact]
    public void A_request_is_taken_before_it_waits_and_answered_later_and_one_whose_terms_are_known_is_only_answered()
    {
        IgnoreNoMessages();
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        batch.Tell(Request(1));
        batch.Tell(Request(2));
        batch.Tell(Request(1, attempt: 2));
        Assert.Equal([new RequestTaken(1, 1), new RequestTaken(2, 1), new RequestTaken(1, 2)], ReceiveN(3));
        devices.Release(1);
        Assert.Equal([1L, 2L], ReceiveN(2).Cast<TermReply>().Select(reply => reply.Id));

        batch.Tell(Request(3));

        Assert.Equal(3, ExpectMsg<TermReply>().Id);
    }

    [Fact]
    public void A_request_that_is_sent_back_at_once_was_never_taken()
    {
        IgnoreNoMessages();
        var batch = Batch(new FakeDevices());
        batch.Tell(Request(1) with { NumericProfile = "other arithmetic" });
        Assert.Equal(1, ExpectMsg<TermsRefused>().Id);
        batch.Tell(Request(2));
        Assert.Equal(2, ExpectMsg<RequestTaken>().Id);
    }

    [Fact]
    public void Terms_are_computed_stored_and_answered()
    {
        var devices = new FakeDevices();
        Batch(devices).Tell(Request(1));

        var reply = ExpectMsg<TermReply>();

        Assert.Equal((1, 1), (reply.Id, reply.Attempt));
        AssertTerms(Request(1), reply);
        Assert.Equal(2, cache.StoredTerms);
    }

    [Fact]
    public void The_devices_are_told_who_asks_and_with_what_priority()
    {
        var devices = new FakeDevices();
        Batch(devices).Tell(Request(1, run: "one") with { Priority = 5 });
        ExpectMsg<TermReply>();
        Assert.Equal(new DeviceShare("one", 5), Assert.Single(devices.Askers));
    }

    [Fact]
    public void A_term_that_another_run_had_computed_is_not_computed_again()
    {
        var devices = new FakeDevices();
        var batch = Batch(devices);
        batch.Tell(Request(1, run: "one"));
        ExpectMsg<TermReply>();
        batch.Tell(Request(1, run: "two"));

        AssertTerms(Request(1), ExpectMsg<TermReply>());
        Assert.Equal(1, devices.ComputedRequests);
    }

    [Fact]
    public void After_a_restart_terms_come_from_the_cache()
    {
        var devices = new FakeDevices();
        var batch = Batch(devices);
        batch.Tell(Request(1));
        ExpectMsg<TermReply>();
        Watch(batch);
        batch.Tell(PoisonPill.Instance);
        ExpectTerminated(batch);

        Batch(devices).Tell(Request(2));

        AssertTerms(Request(2), ExpectMsg<TermReply>());
        Assert.Equal(1, devices.ComputedRequests);
    }

    [Fact]
    public async Task A_request_that_is_repeated_while_it_is_worked_on_is_computed_once_and_answered_once()
    {
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        batch.Tell(Request(1));
        await devices.BegunAsync();
        batch.Tell(Request(1, attempt: 2));
        devices.Release(10);

        Assert.Equal(2, ExpectMsg<TermReply>().Attempt);
        batch.Tell(Request(9));
        Assert.Equal(9, ExpectMsg<TermReply>().Id);
        Assert.Equal(1, devices.ComputedRequests);
    }

    [Fact]
    public async Task A_full_mailbox_sends_requests_back()
    {
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        batch.Tell(Request(0));
        await devices.BegunAsync();
        for (var id = 1; id <= 5; id++)
        {
            batch.Tell(Request(id));
        }

        Assert.Equal([(4L, RefusalCause.Busy), (5L, RefusalCause.Busy)],
            ReceiveN(2).Cast<TermsRefused>().Select(refused => (refused.Id, refused.Cause)));
        devices.Release(10);
        Assert.Equal([0L, 1, 2, 3], ReceiveN(4).Cast<TermReply>().Select(reply => reply.Id));
    }

    [Fact]
    public void A_poisoned_term_is_refused_with_its_reason_and_does_no_harm_to_the_next()
    {
        var devices = new FakeDevices
        {
            Fault = request => request.Id == 1 ? new BatchTooLargeException("too large for the budget") : null,
        };
        var batch = Batch(devices);
        batch.Tell(Request(1));
        var refused = ExpectMsg<TermsRefused>();
        Assert.Equal((RefusalCause.Impossible, "too large for the budget"), (refused.Cause, refused.Reason));

        batch.Tell(Request(2));
        AssertTerms(Request(2), ExpectMsg<TermReply>());
    }

    [Fact]
    public void A_device_that_fails_may_be_asked_again()
    {
        var devices = new FakeDevices { Fault = request => request.Attempt == 1 ? new InvalidOperationException("out of memory") : null };
        var batch = Batch(devices);
        batch.Tell(Request(1));
        Assert.Equal(RefusalCause.Failed, ExpectMsg<TermsRefused>().Cause);
        Assert.Empty(attempts.Begun);
        batch.Tell(Request(1, attempt: 2));
        AssertTerms(Request(1), ExpectMsg<TermReply>());
    }

    [Fact]
    public async Task Terms_that_cannot_be_stored_are_kept_and_stored_later_and_whoever_waits_is_told_once()
    {
        cache.Saves.Want(3);
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        batch.Tell(Request(1));
        await devices.BegunAsync();
        batch.Tell(Request(2, run: "other"));
        batch.Tell(Request(3, run: "other"));
        devices.Release(1);

        // However often it is tried.
        Assert.All(ReceiveN(3).Cast<TermsRefused>().OrderBy(refused => refused.Id).Index(), each => Assert.Equal(
            (each.Index + 1, RefusalCause.Busy, true),
            (each.Item.Id, each.Item.Cause, each.Item.Reason.StartsWith("terms cannot be stored: ", StringComparison.Ordinal))));
        Assert.Equal([1L, 2, 3], ReceiveN(3).Cast<TermReply>().Select(reply => reply.Id));

        Assert.Equal((1, 2), (devices.ComputedRequests, cache.StoredTerms));
    }

    [Fact]
    public void A_cache_that_cannot_be_read_for_now_is_no_fault_of_the_device_and_asked_again()
    {
        cache.Loads.Want(1);
        var batch = Batch(new FakeDevices());
        batch.Tell(Request(1));
        Assert.Equal(RefusalCause.Busy, ExpectMsg<TermsRefused>().Cause);

        batch.Tell(Request(1, attempt: 2));
        AssertTerms(Request(1), ExpectMsg<TermReply>());
    }

    [Fact]
    public void A_cache_whose_content_is_damaged_is_said_to_be()
    {
        cache.IsDamaged = true;
        Batch(new FakeDevices()).Tell(Request(1));
        var refused = ExpectMsg<TermsRefused>();
        Assert.Equal(RefusalCause.Impossible, refused.Cause);
        Assert.Contains("damaged", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_numeric_profile_is_refused()
    {
        Batch(new FakeDevices()).Tell(Request(1) with { NumericProfile = "other arithmetic" });
        Assert.Equal(RefusalCause.Impossible, ExpectMsg<TermsRefused>().Cause);
    }

    [Fact]
    public async Task Different_networks_are_computed_side_by_side_and_one_network_s_requests_in_turn()
    {
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        batch.Tell(Request(1, network: 0));
        batch.Tell(Request(2, network: 0, input: InputKind.W));
        batch.Tell(Request(3, network: 1));
        batch.Tell(Request(4, network: 2));

        var begun = new[] { await devices.BegunAsync(), await devices.BegunAsync(), await devices.BegunAsync() };
        Assert.Equal([1L, 3, 4], begun.Select(request => request.Id).Order());
        devices.Release(10);

        Assert.Equal(2, (await devices.BegunAsync()).Id);
        Assert.Equal([1L, 2, 3, 4], ReceiveN(4).Cast<TermReply>().Select(reply => reply.Id).Order());
        Assert.Empty(attempts.Begun);
    }

    [Fact]
    public async Task A_poisoned_network_does_no_harm_to_those_beside_it()
    {
        var devices = new FakeDevices(held: true)
        {
            Fault = request => request.Id == 1 ? new InvalidOperationException("out of memory") : null,
        };
        var batch = Batch(devices);
        batch.Tell(Request(1, network: 0));
        batch.Tell(Request(2, network: 1));
        await devices.BegunAsync();
        await devices.BegunAsync();
        devices.Release(10);

        var answers = ReceiveN(2);
        Assert.Equal(1, answers.OfType<TermsRefused>().Single().Id);
        Assert.Equal(2, answers.OfType<TermReply>().Single().Id);
        Assert.Empty(attempts.Begun);
    }

    [Fact]
    public async Task A_batch_that_has_to_leave_finishes_what_devices_are_at_sends_the_rest_back_and_unloads()
    {
        var devices = new FakeDevices(held: true, places: 1);
        var batch = Batch(devices);
        batch.Tell(Request(1));
        await devices.BegunAsync();
        await devices.AskedAsync();
        batch.Tell(Request(2));
        batch.Tell(Request(3, network: 1));
        await devices.AskedAsync();
        batch.Tell(Drain.Instance);
        batch.Tell(Request(4));
        Assert.Equal([2L, 3, 4], ReceiveN(3).Cast<TermsRefused>().Select(refused => refused.Id).Order());
        Watch(batch);
        devices.Release(10);

        Assert.Equal(1, ExpectMsg<TermReply>().Id);
        ExpectTerminated(batch);
        Assert.Equal([Request(1).Request.Target, Request(3, network: 1).Request.Target],
            (await devices.Unloaded.Task).OrderBy(target => Networks.IndexOf(target.Network)));
        Assert.Equal(2, cache.StoredTerms);
    }

    [Fact]
    public async Task The_last_request_of_a_network_releases_it_also_where_all_its_terms_are_known()
    {
        var devices = new FakeDevices();
        var batch = Batch(devices);
        batch.Tell(Request(1));
        ExpectMsg<TermReply>();
        var last = Request(2);

        batch.Tell(last with { Request = last.Request with { IsLast = true } });

        ExpectMsg<TermReply>();
        Assert.Equal([last.Request.Target], await devices.Unloaded.Task);
    }

    [Fact]
    public void A_late_repetition_of_an_earlier_request_does_not_load_what_the_last_one_has_released()
    {
        var devices = new FakeDevices();
        var batch = Batch(devices);
        batch.Tell(Request(1));
        ExpectMsg<TermReply>();
        var last = Request(2, input: InputKind.W);
        batch.Tell(last with { Request = last.Request with { IsLast = true } });
        ExpectMsg<TermReply>();

        batch.Tell(Request(1, attempt: 2));

        var repeated = ExpectMsg<TermReply>();
        Assert.Equal((1, 2), (repeated.Id, repeated.Attempt));
        Assert.Equal(2, devices.ComputedRequests);
    }

    [Fact]
    public void After_the_last_request_of_a_network_a_batch_keeps_nothing_of_it()
    {
        var budget = new KnownTermsBudget(long.MaxValue);
        var batch = Sys.ActorOf(Props.Create(() => new GpuNodeActor(
            new FakeDevices(false, 1), cache, attempts, Settings, budget, NodeHealth.Get(Sys))));
        batch.Tell(Request(1));
        ExpectMsg<TermReply>();
        Assert.InRange(budget.Held, 1, long.MaxValue);
        var last = Request(2, input: InputKind.W);

        batch.Tell(last with { Request = last.Request with { IsLast = true } });

        ExpectMsg<TermReply>();
        AwaitAssert(() => Assert.Equal(0, budget.Held));
    }

    /// <summary>
    /// As with two searches of one benchmark: each asks the same networks for terms of its own, and has one request per network under way.
    /// </summary>
    [Theory]
    [InlineData(1, 15, 21)]
    [InlineData(3, 24, 30)]
    [InlineData(100, 32, 36)]
    public void Runs_that_ask_about_the_same_networks_have_their_shares_of_the_device(int priority, int least, int most)
    {
        const int First = 1_000_000;
        const int Turns = 36; // fewer than the requests of either
        using var devices = new DeviceThreads(["cpu"], memoryBudget: 1L << 34, () => new FusedEvaluator());
        using var noted = new NotedAttempts();
        var batch = Sys.ActorOf(Props.Create(() => new GpuNodeActor(
            devices, cache, noted, GpuNodeSettings.Default, new KnownTermsBudget(long.MaxValue), NodeHealth.Get(Sys))));
        void Ask(string run, int network, int number)
        {
            var id = (run == "one" ? First : 0) + (network * Requests) + number;
            var chain = Chain.Of(
                (UnaryOperation)(number % 4), (UnaryOperation)(number / 4), run == "one" ? UnaryOperation.Abs : UnaryOperation.Square);
            var request = Request(id, run: run, network: network);
            batch.Tell(request with
            {
                NumericProfile = devices.NumericProfile,
                Priority = run == "one" ? priority : 1,
                Request = request.Request with { Wanted = [new ChainSet(InputKind.A, [chain])] },
            });
        }

        for (var network = 0; network < 4; network++)
        {
            Ask("two", network, 0);
            Ask("one", network, 0);
        }

        for (var turn = 0; turn < Turns; turn++)
        {
            noted.Permit();
            var id = (int)ExpectMsg<TermReply>().Id;
            var (run, rest) = id >= First ? ("one", id - First) : ("two", id);
            if ((rest % Requests) + 1 < Requests)
            {
                Ask(run, rest / Requests, (rest % Requests) + 1);
            }
        }

        noted.PermitAll();
        var order = noted.Order.Take(Turns).ToList();
        Assert.InRange(order.Count(id => id >= First), least, most);
        Assert.Equal(Turns, order.Distinct().Count());
    }

    [Fact]
    public async Task Of_two_runs_that_wait_for_a_network_the_one_that_a_device_comes_to_has_it_for_itself_and_the_other_comes_again()
    {
        var devices = new FakeDevices(held: true, places: 1);
        var batch = Batch(devices);
        batch.Tell(Request(1, run: "one", network: 1));
        await devices.BegunAsync();
        batch.Tell(Request(2, run: "one"));
        batch.Tell(Request(3, run: "two", input: InputKind.W));
        var asked = new[] { await devices.AskedAsync(), await devices.AskedAsync(), await devices.AskedAsync() };
        Assert.Equal([1L, 2, 3], asked.Select(request => request.Id).Order());

        // Both wait for the one place; who gets it has the network for itself, and the other comes again.
        devices.Release(1);
        var first = await devices.BegunAsync();
        devices.Release(1);
        Assert.Equal(5 - first.Id, (await devices.AskedAsync()).Id);
        devices.Release(1);
        Assert.Equal(5 - first.Id, (await devices.BegunAsync()).Id);
        Assert.Equal([1L, 2, 3], ReceiveN(3).Cast<TermReply>().Select(reply => reply.Id).Order());
        Assert.Equal(3, devices.ComputedRequests);
    }

    [Fact]
    public void A_collected_round_leaves_no_network_loaded_on_any_thread()
    {
        using var devices = new DeviceThreads(["cpu", "cpu"], memoryBudget: 1L << 34, () => new FusedEvaluator());
        var batch = Batch(devices);
        var probe = Request(1).Request.Target.Probe;
        ImmutableArray<ProbedNetwork> targets = [.. Networks.Select(network => new ProbedNetwork(network, probe))];
        var configuration = Synthetic.Configuration;
        var collection = new RequestRound(
            new TermTable(targets.Length, configuration.ElementReduction, configuration.TensorReduction), targets,
            [.. targets.Select(_ => "batch")],
            TermPlan.NeededOnce, new CoordinatorSettings { RequestTimeout = TimeSpan.FromHours(1), ChainsPerRequest = 1 }, firstId: 0);
        collection.Begin(
            new Collect([.. Enum.GetValues<InputKind>().Select(input => new Branch(input, Chain.Of(UnaryOperation.Square)))]));

        while (!collection.IsComplete)
        {
            foreach (var (_, request) in collection.Due(DateTimeOffset.UnixEpoch))
            {
                batch.Tell(new BatchRequest("batch", Synthetic.Run, devices.NumericProfile, request));
            }

            Assert.True(collection.Accept(ExpectMsg<TermReply>(TimeSpan.FromSeconds(30))));
        }

        Assert.Equal(targets.Length * Enum.GetValues<InputKind>().Length, collection.Done);
        Assert.Equal((0, 0L), (devices.Describe().LoadedArchitectures, devices.Describe().LoadedBytes));
    }

    [Fact]
    public async Task Terms_of_a_network_that_is_worked_on_are_not_forgotten_under_it()
    {
        var devices = new FakeDevices(held: true);
        var budget = new KnownTermsBudget(1);
        var batch = Sys.ActorOf(Props.Create(() => new GpuNodeActor(devices, cache, attempts, Settings, budget, NodeHealth.Get(Sys))));
        batch.Tell(Request(1, network: 0));
        batch.Tell(Request(2, network: 1));
        await devices.BegunAsync();
        await devices.BegunAsync();

        // Each answer exceeds the budget while the other network is worked on.
        devices.Release(1);
        ExpectMsg<TermReply>();
        devices.Release(1);
        ExpectMsg<TermReply>();

        AwaitAssert(() => Assert.Equal(0, budget.Held));
    }

    [Fact]
    public void Scores_that_are_asked_for_again_are_computed_once_and_told_to_whoever_asked_last()
    {
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        var request = Scores(5);
        batch.Tell(request, CreateTestProbe());
        batch.Tell(request);
        batch.Tell(Scores(6));
        devices.Release(1);

        var expected = FakeDevices.Score(request.Request.Target, "snip");
        Assert.Equal([5L, 6L], ((IEnumerable<TermReply>)[ExpectMsg<TermReply>(), ExpectMsg<TermReply>()]).Select(reply =>
        {
            Assert.Equal([expected], reply.Scores.AsEnumerable());
            return reply.Id;
        }));
        Assert.Equal(1, devices.ScoredNetworks);
    }

    [Fact]
    public async Task Terms_that_come_along_with_scores_are_stored_for_whoever_asks_for_them_next()
    {
        var devices = new FakeDevices();
        var batch = Batch(devices);
        var terms = Request(6);
        batch.Tell(Scores(5) with { Request = Scores(5).Request with { Along = terms.Request.Wanted } });
        var reply = ExpectMsg<TermReply>();
        Assert.Equal((1, 0, 2), (reply.Scores.Length, reply.Blocks.Length, cache.StoredTerms));

        batch.Tell(terms);
        AssertTerms(terms, ExpectMsg<TermReply>());
        Assert.Equal(1, devices.ComputedRequests);

        // What is known of scores needs no terms.
        batch.Tell(Scores(7) with { Request = Scores(7).Request with { Along = Request(8, input: InputKind.W).Request.Wanted } });
        ExpectMsg<TermReply>();
        Assert.Equal((1, 2), (devices.ComputedRequests, cache.StoredTerms));
        Assert.NotEmpty((await devices.AskedAsync()).Along);

        // Another score needs a pass, the terms that are stored by now do not come along again.
        batch.Tell(Scores(9) with { Request = Scores(9).Request with { Proxies = ["fisher"], Along = terms.Request.Wanted } });
        ExpectMsg<TermReply>();
        Assert.Empty((await devices.AskedAsync()).Along);
        Assert.Equal(2, cache.StoredTerms);
    }

    [Fact]
    public void Scores_that_cannot_be_stored_are_kept_and_stored_later_and_those_of_other_arithmetic_are_refused()
    {
        cache.Saves.Want(1);
        var devices = new FakeDevices();
        var batch = Batch(devices);
        batch.Tell(Scores(5));
        Assert.Equal(RefusalCause.Busy, ExpectMsg<TermsRefused>().Cause);
        Assert.Equal("snip", Assert.Single(ExpectMsg<TermReply>().Scores).Proxy);
        Assert.Equal(1, devices.ScoredNetworks);
        batch.Tell(Scores(6) with { NumericProfile = "other" });
        Assert.Equal(RefusalCause.Impossible, ExpectMsg<TermsRefused>().Cause);
    }

    [Fact]
    public void A_batch_that_has_to_leave_sends_scores_back_that_no_device_has_come_to()
    {
        var batch = Watch(Batch(new FakeDevices(places: 0)));
        batch.Tell(Scores(5));
        batch.Tell(Drain.Instance);
        Assert.Equal(RefusalCause.Busy, ExpectMsg<TermsRefused>().Cause);
        ExpectTerminated(batch);
    }

    [Fact]
    public async Task Scores_wait_within_the_same_bound_as_terms_and_are_not_looked_for_among_them()
    {
        var devices = new FakeDevices(held: true);
        var batch = Batch(devices);
        batch.Tell(Request(1));
        batch.Tell(Scores(2)); // beside the terms of its network, which are not of its making
        Assert.Equal([1L, 2L], new[] { (await devices.BegunAsync()).Id, (await devices.BegunAsync()).Id }.Order());
        for (var id = 3; id <= 6; id++)
        {
            batch.Tell(Scores(id));
        }

        var refused = ExpectMsg<TermsRefused>();
        Assert.Equal((6L, RefusalCause.Busy), (refused.Id, refused.Cause));
        devices.Release(2);
        Assert.Equal([1L, 2, 3, 4, 5], ReceiveN(5).Cast<TermReply>().Select(reply => reply.Id).Order());
        Assert.Equal((2, 2L), (devices.ComputedRequests, devices.ComputedTerms));
        Assert.Empty(attempts.Begun);
    }

    [Fact]
    public void An_idle_batch_leaves_at_once()
    {
        var batch = Watch(Batch(new FakeDevices()));
        batch.Tell(Drain.Instance);
        ExpectTerminated(batch);
    }

    [Fact]
    public void Known_terms_beyond_the_budget_are_forgotten_least_recently_used_first_and_read_again()
    {
        var devices = new FakeDevices();
        var reading = new CountingCache(cache);
        var one = new KnownBlocks();
        one.Add(Synthetic.Answer(Request(1).Request).Blocks);
        var budget = new KnownTermsBudget((one.Bytes * 2) + 1);
        var batch = Sys.ActorOf(Props.Create(() => new GpuNodeActor(devices, reading, attempts, Settings, budget, NodeHealth.Get(Sys))));

        // Three networks where two have room: the third drives out the first, and that the second.
        foreach (var (network, loads) in ((int, int)[])[(0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 4), (1, 4)])
        {
            batch.Tell(Request(1, network: network));
            AssertTerms(Request(1, network: network), ExpectMsg<TermReply>());
            Assert.Equal(loads, reading.Loads);
        }

        AwaitAssert(() => Assert.Equal(one.Bytes * 2, budget.Held));
        Watch(batch);
        Sys.Stop(batch);
        ExpectTerminated(batch);
        Assert.Equal(0, budget.Held);
    }

    private IActorRef Batch(IDeviceSet devices) =>
        Sys.ActorOf(Props.Create(() => new GpuNodeActor(
            devices, cache, attempts, Settings, new KnownTermsBudget(long.MaxValue), NodeHealth.Get(Sys))));

    private static BatchRequest Request(
        long id, int attempt = 1, string run = Synthetic.Run, int network = 0, InputKind input = InputKind.A) =>
        new("batch", run, Synthetic.Profile, new TermRequest(
        id, attempt,
        new ProbedNetwork(Networks[network], new ProbeSettings(2, 4, 1, 1, WeightSelection.All, Synthetic.Benchmark.Sizes)),
        [new ChainSet(input, [Chain.Empty, Chain.Of(UnaryOperation.Square)])]));

    private static BatchRequest Scores(long id) =>
        new("batch", Synthetic.Run, Synthetic.Profile, new TermRequest(id, 1, Request(id).Request.Target, []) { Proxies = ["snip"] });

    /// <summary>Notes in which order the device comes to requests, each when the test lets it.</summary>
    private sealed class NotedAttempts : IAttemptLog, IDisposable
    {
        private readonly SemaphoreSlim permissions = new(0);
        private readonly MemoryAttemptLog log = new();

        public ConcurrentQueue<long> Order { get; } = [];

        public void Permit() => permissions.Release();

        public void PermitAll() => permissions.Release(1_000_000);

        public void Dispose() => permissions.Dispose();

        public async Task<ImmutableArray<string>?> BeginAsync(string contentKey, TermRequest request)
        {
            Order.Enqueue(request.Id);
            await permissions.WaitAsync();
            return await log.BeginAsync(contentKey, request);
        }

        public Task EndAsync(string contentKey, TermRequest request) => log.EndAsync(contentKey, request);
    }

    private sealed class CountingCache(MemoryTermCache cache) : ITermCache
    {
        public int Loads { get; set; }

        public Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey)
        {
            Loads++;
            return cache.LoadAsync(contentKey);
        }

        public Task SaveAsync(string contentKey, ImmutableArray<TermBlock> blocks) => cache.SaveAsync(contentKey, blocks);

        public Task<ImmutableArray<ProxyScore>> LoadScoresAsync(string contentKey) => cache.LoadScoresAsync(contentKey);

        public Task SaveScoresAsync(string contentKey, ImmutableArray<ProxyScore> scores) => cache.SaveScoresAsync(contentKey, scores);
    }

    private static void AssertTerms(BatchRequest request, TermReply reply)
    {
        var expected = Synthetic.Answer(request.Request).Blocks;
        Assert.Equal(expected.Length, reply.Blocks.Length);
        foreach (var (one, other) in expected.Zip(reply.Blocks))
        {
            Assert.Equal((one.Input, one.TensorsPerLayer.ToArray().Length), (other.Input, other.TensorsPerLayer.Length));
            Assert.Equal(one.Chains.AsEnumerable(), other.Chains);
            Assert.Equal(one.Means.ToArray(), other.Means.ToArray());
            Assert.Equal(one.Counts.ToArray(), other.Counts.ToArray());
        }
    }
}
