using System.Collections.Immutable;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Coordination;

public sealed class RequestRoundTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CoordinatorSettings Settings = new()
    {
        ChainsPerRequest = 1, RequestTimeout = TimeSpan.FromSeconds(15), RefusedDelay = TimeSpan.FromSeconds(1), LongestWait = 8,
    };

    [Fact]
    public void A_request_without_an_answer_is_repeated_after_twice_as_long_each_time()
    {
        var collection = Begin();
        // Nobody answers for two minutes.
        Assert.Equal([0, 15, 45, 105], Sent(collection, from: 0, to: 120));
    }

    [Fact]
    public void After_the_loss_of_a_node_what_is_under_way_is_asked_for_again_and_again_soon()
    {
        var collection = Begin();
        Sent(collection, from: 0, to: 20);
        collection.Hasten(Start + TimeSpan.FromSeconds(21));
        // The first may get lost on its way to the node that is no more.
        Assert.Equal([21, 22, 24, 28, 36], Sent(collection, from: 21, to: 50));
    }

    [Fact]
    public void What_comes_along_is_asked_of_each_network_with_its_scores_and_not_waited_for()
    {
        var collection = Begin();
        ImmutableArray<ChainSet> along = [new ChainSet(InputKind.W, [Chain.Empty])];
        collection.Begin(new Collect([ProxyText.ParseBranch("mean(A)")], "snip") { Along = along });

        var scores = Assert.Single(collection.Due(Start)).Request;
        Assert.Equal((1, 0), (scores.Proxies.Length, scores.Wanted.Length));
        Assert.Equal(along, scores.Along.AsEnumerable());
        Assert.True(collection.Accept(
            new TermReply(scores.Id, scores.Attempt, []) { Scores = [new ProxyScore("snip", 1, Seconds: 1)] }));
        var terms = Assert.Single(collection.Due(Start)).Request;
        Assert.Equal((0, 1, 0), (terms.Proxies.Length, terms.Wanted.Length, terms.Along.Length));
    }

    [Fact]
    public void One_request_is_under_way_for_each_network_of_a_batch_and_its_answer_pulls_its_next()
    {
        var collection = Begin(networks: 3, "mean(A)", "mean(W)");

        var first = collection.Due(Start);
        Assert.Equal(["batch", "batch", "batch"], first.Select(dispatch => dispatch.Batch));
        Assert.Equal(3, first.Select(dispatch => dispatch.Request.Target).Distinct().Count());
        Assert.Empty(collection.Due(Start));

        var answered = first[1].Request;
        Assert.True(collection.Accept(Synthetic.Answer(answered)));
        var next = Assert.Single(collection.Due(Start)).Request;
        Assert.Equal(answered.Target, next.Target);
        Assert.NotEqual(answered.Wanted[0].Input, next.Wanted[0].Input);

        // Neither a repeated answer nor the last one of a network pulls anything.
        Assert.False(collection.Accept(Synthetic.Answer(answered)));
        Assert.True(collection.Accept(Synthetic.Answer(next)));
        Assert.Empty(collection.Due(Start));
        Assert.Equal((2, 6), (collection.Done, collection.All));
    }

    [Fact]
    public void The_share_of_the_work_is_that_of_the_networks_spread_over_their_requests()
    {
        var (heavy, works) = (Targets(3)[1], 0);
        var collection = new RequestRound(
            Table(3), Targets(3), ["batch", "batch", "batch"], TermPlan.OnlyNeeded, Settings, firstId: 0)
        {
            WorkOf = target => (works += 1) > 3 ? throw new InvalidOperationException("asked again") : target == heavy ? 8 : 1,
        };
        var waiting = new List<TermRequest>();
        var wanted = new Collect([ProxyText.ParseBranch("mean(A)"), ProxyText.ParseBranch("mean(W)")]);
        collection.Begin(wanted);
        Assert.Equal(0, collection.Share);
        foreach (var share in new[] { 0.4, 0.8, 0.85, 0.9, 0.95, 1 })
        {
            var due = collection.Due(Start).Select(dispatch => dispatch.Request).ToList();
            waiting.AddRange(due);
            var next = waiting.OrderByDescending(request => request.Target == heavy).First();
            waiting.Remove(next);
            Assert.True(collection.Accept(Synthetic.Answer(next)));
            Assert.Equal(share, collection.Share, 1e-12);
        }

        collection.Begin(wanted);
        Assert.Equal(1, collection.Share);
    }

    [Fact]
    public void The_last_request_of_a_network_is_sent_when_all_others_of_it_are_answered()
    {
        var collection = Begin(networks: 2, TermPlan.NeededOnce, "mean(A)", "mean(W)", "mean(G)");
        var asked = new Dictionary<ProbedNetwork, List<bool>>();
        for (var due = collection.Due(Start); due.Count > 0; due = collection.Due(Start))
        {
            foreach (var (_, request) in due)
            {
                asked.TryAdd(request.Target, []);
                asked[request.Target].Add(request.IsLast);
                collection.Accept(Synthetic.Answer(request));
            }
        }

        Assert.True(collection.IsComplete);
        Assert.All(asked.Values, ofNetwork => Assert.Equal([false, false, true], ofNetwork));
    }

    [Fact]
    public void A_request_that_was_refused_is_asked_again_before_any_other_of_its_network()
    {
        var collection = Begin(networks: 2, "mean(A)", "mean(W)");
        var refused = collection.Due(Start)[0].Request;
        Assert.Null(collection.Refuse(new TermsRefused(refused.Id, refused.Attempt, RefusalCause.Busy, "busy"), Start));
        Assert.Empty(collection.Due(Start));
        var again = Assert.Single(collection.Due(Start + Settings.RefusedDelay)).Request;
        Assert.Equal((refused.Id, 2), (again.Id, again.Attempt));
    }

    [Fact]
    public void All_that_a_network_lacks_is_asked_for_at_once_up_to_the_bound_each_input_whole_and_networks_share_the_list()
    {
        string[] branches = ["mean(A)", "mean(J)", "mean(W)", "std(W)", "mean(S)", "std(S)", "abs(S)", "exp(S)"];
        var collection = Begin(networks: 2, TermPlan.OnlyNeeded, Settings with { ChainsPerRequest = 3 }, branches);

        var first = collection.Due(Start);
        Assert.Equal(first[0].Request.Wanted, first[1].Request.Wanted); // the same objects
        var sizes = new List<string>();
        for (var due = first; due.Count > 0; due = collection.Due(Start))
        {
            Assert.Equal(2, due.Count);
            sizes.Add(string.Join(' ', due[0].Request.Wanted.Select(set => $"{set.Input}{set.Chains.Length}")));
            due.ToList().ForEach(dispatch => collection.Accept(Synthetic.Answer(dispatch.Request)));
        }

        Assert.Equal(4, string.Join(' ', sizes).Split(' ').Sum(size => size[0] == 'S' ? size[1] - '0' : 0));
        Assert.All(sizes, size => Assert.InRange(size.Where(char.IsDigit).Sum(digit => digit - '0'), 1, 3));
        Assert.Contains(sizes, size => size.Contains("W2", StringComparison.Ordinal));
        Assert.True(collection.IsComplete);
        Assert.Equal(2 * branches.Length, collection.Received);
    }

    [Fact]
    public void A_default_search_asks_for_a_network_once_and_is_done_with_it()
    {
        var configuration = Synthetic.Configuration;
        var plan = TermPlan.For(configuration, new RuleBasedPruning(configuration.Pruning, configuration.ElementReduction));
        var collection = Begin(networks: 1, plan, new CoordinatorSettings(), [.. configuration.Inputs.Select(input => $"mean({input})")]);

        var request = Assert.Single(collection.Due(Start)).Request;

        Assert.Equal(configuration.Inputs, request.Wanted.Select(set => set.Input));
        Assert.True(request.IsLast);
        Assert.Equal(1, collection.All);
    }

    [Fact]
    public void What_a_batch_has_taken_is_not_repeated_as_long_as_others_are_answered()
    {
        var collection = Begin(networks: 2, "mean(A)");
        var sent = collection.Due(Start);
        foreach (var (_, request) in sent)
        {
            collection.Note(new RequestTaken(request.Id, request.Attempt), Start);
        }

        // The limit is eight times 15 seconds without any answer; there is one after a hundred.
        Assert.Empty(Sent(collection, from: 1, to: 100));
        collection.Accept(Synthetic.Answer(sent[0].Request));
        Assert.Equal([221], Sent(collection, from: 101, to: 230));
    }

    [Fact]
    public void What_a_batch_has_taken_is_repeated_after_the_loss_of_a_node_and_when_it_is_sent_back()
    {
        var collection = Begin(networks: 2, "mean(A)");
        var sent = collection.Due(Start);
        foreach (var (_, request) in sent)
        {
            collection.Note(new RequestTaken(request.Id, request.Attempt), Start);
        }

        collection.Refuse(
            new TermsRefused(sent[0].Request.Id, 1, RefusalCause.Busy, "the batch is moving"), Start + TimeSpan.FromSeconds(1));
        Assert.Equal([2], Sent(collection, from: 1, to: 20));
        collection.Hasten(Start + TimeSpan.FromSeconds(21));
        Assert.Equal(2, collection.Due(Start + TimeSpan.FromSeconds(21)).Count);
    }

    [Fact]
    public void A_note_about_an_earlier_attempt_says_nothing_about_the_present_one()
    {
        var collection = Begin();
        var first = collection.Due(Start)[0].Request;
        Assert.Equal([15], Sent(collection, from: 1, to: 20));
        collection.Note(new RequestTaken(first.Id, first.Attempt), Start + TimeSpan.FromSeconds(20));
        Assert.Equal([45], Sent(collection, from: 21, to: 60));
    }

    /// <summary>At which of these seconds requests are sent.</summary>
    private static List<int> Sent(RequestRound collection, int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Where(second => collection.Due(Start + TimeSpan.FromSeconds(second)).Count > 0)];

    private static RequestRound Begin(int networks = 1, params string[] branches) => Begin(networks, TermPlan.OnlyNeeded, branches);

    private static RequestRound Begin(int networks, TermPlan plan, params string[] branches) => Begin(networks, plan, Settings, branches);

    private static RequestRound Begin(int networks, TermPlan plan, CoordinatorSettings settings, params string[] branches)
    {
        var targets = Targets(networks);
        var collection = new RequestRound(Table(networks), targets, [.. targets.Select(_ => "batch")], plan, settings, firstId: 0);
        collection.Begin(new Collect([.. branches.DefaultIfEmpty("mean(A)").Select(ProxyText.ParseBranch)]));
        return collection;
    }

    private static TermTable Table(int networks) =>
        new(networks, Synthetic.Configuration.ElementReduction, Synthetic.Configuration.TensorReduction);

    private static ImmutableArray<ProbedNetwork> Targets(int networks)
    {
        var probe = Synthetic.Configuration.Probe(Synthetic.Benchmark.Sizes);
        return
        [
            .. Synthetic.Benchmark.Architectures.Take(networks)
                .Select(architecture => new ProbedNetwork(architecture.Genotype.Resolve(Shapes.Genotype), probe)),
        ];
    }
}
