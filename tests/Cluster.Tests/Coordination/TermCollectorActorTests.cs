using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Cluster.Tests.Devices;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Coordination;

public sealed class TermCollectorActorTests : ClusterTestKit
{
    private static readonly CoordinatorSettings Settings = new()
    {
        RequestTimeout = TimeSpan.FromHours(1), RefusedDelay = TimeSpan.FromMilliseconds(20), Tick = TimeSpan.FromMilliseconds(20),
        Tries = 3,
    };

    private static readonly ProbeSettings Probe = Synthetic.Configuration.Probe(Synthetic.Benchmark.Sizes);

    private static readonly ImmutableArray<Genotype> Networks = [.. Synthetic.Benchmark.Architectures.Take(3)
        .Select(a => a.Genotype.Resolve(Shapes.Genotype))];

    private static readonly ImmutableArray<Branch> Wanted = [.. new[] { "mean(A)", "square(W)" }.Select(ProxyText.ParseBranch)];

    private readonly MemoryTermCache cache = new();

    [Fact]
    public async Task What_the_cache_holds_is_not_asked_for_and_the_rest_is_known_in_the_end()
    {
        await cache.SaveAsync(
            new ProbedNetwork(Networks[0], Probe).Key(Synthetic.Profile), [Block(Networks[0], "mean(A)"), Block(Networks[0], "square(W)")]);
        var collector = Collector();
        collector.Tell(new Collect(Wanted));

        var asked = AnswerAll(collector);

        Assert.Equal(2, asked.Count); // one for each other network
        Assert.All(asked, request => Assert.Equal(new DeviceShare("asker", 7), request.Share));
        Assert.DoesNotContain(asked, request => request.Request.Target.Network == Networks[0]);
        var collected = Next<Collected>();
        Assert.Equal(2, collected.Known);
        Assert.All(Wanted, branch =>
            Assert.All(Enumerable.Range(0, Networks.Length), network => Assert.True(collected.Table.Knows(branch, network))));
    }

    [Fact]
    public void A_second_question_asks_for_what_is_new()
    {
        var collector = Collector();
        collector.Tell(new Collect([Wanted[0]]));
        Assert.Equal(3, AnswerAll(collector).Count);
        Next<Collected>();

        collector.Tell(new Collect(Wanted));

        Assert.All(AnswerAll(collector), request => Assert.Equal(InputKind.W, Assert.Single(request.Request.Wanted).Input));
        Assert.Equal(3, Next<Collected>().Known);
    }

    [Fact]
    public void What_a_busy_batch_refuses_is_asked_again_and_what_none_will_answer_fails_with_its_reason()
    {
        var collector = Collector();
        collector.Tell(new Collect([Wanted[0]]));
        var refused = Next<BatchRequest>().Request;
        collector.Tell(new TermsRefused(refused.Id, refused.Attempt, RefusalCause.Busy, "busy"));
        var again = (BatchRequest)FishForMessage(message => message is BatchRequest { Request.Attempt: 2 });
        Assert.Equal(refused.Id, again.Request.Id);

        collector.Tell(new TermsRefused(refused.Id, 2, RefusalCause.Impossible, "too wide for any device"));

        var failed = Next<CollectingFailed>();
        Assert.Equal($"network {refused.Target.Network}, input A, 1 chains of operations: too wide for any device", failed.Reason);

        // It can still be asked for something else.
        collector.Tell(new Collect([Wanted[1]]));
        AnswerAll(collector);
        Next<Collected>();
    }

    [Fact]
    public void After_the_loss_of_a_node_what_is_under_way_is_asked_for_again()
    {
        var collector = Collector();
        collector.Tell(new Collect([Wanted[0]]));
        var first = Enumerable.Range(0, 3).Select(_ => Next<BatchRequest>().Request.Id).Order().ToList();

        collector.Tell(GpuNodesChanged.Instance);

        Assert.Equal(first, Enumerable.Range(0, 3).Select(_ => Next<BatchRequest>()).Select(request =>
        {
            Assert.Equal(2, request.Request.Attempt);
            return request.Request.Id;
        }).Order());
    }

    [Fact]
    public void When_nothing_is_wanted_any_more_nothing_is_asked_and_late_answers_are_passed_over()
    {
        var collector = Collector();
        collector.Tell(new Collect([Wanted[0]]));
        var late = Next<BatchRequest>();
        collector.Tell(StopCollecting.Instance);
        collector.Tell(Synthetic.Answer(late.Request));
        collector.Tell(GpuNodesChanged.Instance);

        collector.Tell(new Collect([Wanted[0]]));
        Assert.Equal(3, AnswerAll(collector).Select(request => request.Request.Target).Distinct().Count());
        Assert.Equal(0, Next<Collected>().Known);
    }

    [Fact]
    public void A_cache_that_cannot_be_read_ends_it_with_the_reason()
    {
        cache.IsDamaged = true;
        var collector = Collector();
        Watch(collector);
        collector.Tell(new Collect(Wanted));
        Assert.Equal("the term cache cannot be read", Next<OwnerFailed>().What);
        FishForMessage(message => message is Terminated);
    }

    [Fact]
    public void Scores_are_asked_of_each_network_beside_its_terms_without_a_look_at_the_cache_and_once()
    {
        cache.IsDamaged = true;
        var collector = Collector();
        collector.Tell(new Collect([], "snip", "plain"));
        AnswerAll(collector);
        Assert.All(Next<Collected>().Scores, ofNetwork => Assert.Equal(["snip", "plain"], ofNetwork.Select(score => score.Proxy)));
        cache.IsDamaged = false;

        collector.Tell(new Collect(Wanted, "plain", "fisher"));

        var asked = AnswerAll(collector).Select(request => request.Request).ToLookup(request => request.Wanted.IsEmpty);
        Assert.All(asked[true], request => Assert.Equal(["fisher"], request.Proxies.AsEnumerable()));
        Assert.Equal((3, 3), (asked[true].Count(), asked[false].Count()));
        Assert.Equal(
            Networks.Select(network => FakeDevices.Score(new ProbedNetwork(network, Probe), "fisher")),
            Next<Collected>().Scores.Select(ofNetwork => ofNetwork[1]));
    }

    [Fact]
    public void Why_a_request_was_sent_back_is_said_until_an_answer_comes()
    {
        var collector = Collector();
        collector.Tell(new Collect([Wanted[0]]));
        var refused = Next<BatchRequest>().Request;
        collector.Tell(new TermsRefused(refused.Id, refused.Attempt, RefusalCause.Busy, "the disk is full"));
        FishForMessage(message => message is Collecting { Activity: "asking again: the disk is full" });

        // The batch says it once, and takes the repeated request.
        var again = (BatchRequest)FishForMessage(message => message is BatchRequest asked && asked.Request.Id == refused.Id);
        collector.Tell(new RequestTaken(again.Request.Id, again.Request.Attempt));
        for (var tick = 0; tick < 10; tick++)
        {
            Assert.Equal("asking again: the disk is full", Next<Collecting>().Activity);
        }

        collector.Tell(FakeDevices.Answer(again.Request));

        FishForMessage(message => message is Collecting { Done: 1, Activity: TermProgress.Computing });
    }

    [Fact]
    public void A_score_that_none_will_compute_fails_with_its_network_and_the_reason()
    {
        var collector = Collector();
        collector.Tell(new Collect([], "snip"));
        var request = Next<BatchRequest>().Request;
        collector.Tell(new TermsRefused(request.Id, request.Attempt, RefusalCause.Impossible, "too wide for any device"));
        Assert.Equal($"network {request.Target.Network}: too wide for any device", Next<CollectingFailed>().Reason);
    }

    private IActorRef Collector()
    {
        var set = new ProbedSet(Networks, Probe, ArchitectureBatches.Of(Networks, Probe), network => $"network {Networks[network]}");
        var services = new CollectorServices(cache, new FakeNodes(TestActor), Settings, TimeProvider.System);
        var table = new TermTable(Networks.Length, Reduction.Mean, Reduction.Mean);
        return ChildActorOf(
            Props.Create(() => new TermCollectorActor(
                new DeviceShare("asker", 7), Synthetic.Profile, set, table, TermPlan.OnlyNeeded, services)));
    }

    private static TermBlock Block(Genotype network, string branch)
    {
        var (input, chain) = ProxyText.ParseBranch(branch);
        return Synthetic.Block(new ProbedNetwork(network, Probe), new ChainSet(input, [chain]));
    }

    private T Next<T>() => (T)FishForMessage(message => message is T);

    /// <summary>Answers requests until all terms are known, and leaves that message for the test.</summary>
    private List<BatchRequest> AnswerAll(IActorRef collector)
    {
        var asked = new List<BatchRequest>();
        while (true)
        {
            switch (ReceiveOne(TimeSpan.FromSeconds(30)))
            {
                case BatchRequest request:
                    asked.Add(request);
                    collector.Tell(FakeDevices.Answer(request.Request));
                    break;
                case Collected collected:
                    TestActor.Tell(collected);
                    return asked;
                case null:
                    throw new TimeoutException("the terms do not get known");
            }
        }
    }
}
