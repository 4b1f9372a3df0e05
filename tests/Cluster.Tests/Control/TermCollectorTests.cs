using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Cluster.Tests.Coordination;
using LPZero.Cluster.Tests.Devices;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Control;

/// <summary>Terms of any networks, through the actors that compute them for runs.</summary>
public sealed class TermCollectorTests : ClusterTestKit
{
    private static readonly ProbeSettings Probe = Synthetic.Configuration.Probe(Synthetic.Benchmark.Sizes);

    private static readonly WantedTerms Wanted = new(
        [.. Synthetic.Benchmark.Architectures.Select(a => a.Genotype.Resolve(Shapes.Genotype))], Probe,
        [.. new[] { "mean(A)", "square(W)", "W" }.Select(ProxyText.ParseBranch)]);

    private readonly MemoryTermCache cache = new();
    private readonly FakeDevices devices = new();

    [Fact]
    public async Task Terms_are_computed_stored_and_read_in_the_order_of_the_networks()
    {
        var collector = Collector();
        var progress = new Reports();

        var profile = await collector.EnsureTermsAsync(Wanted, progress, CancellationToken.None);

        Assert.Equal(Synthetic.Profile, profile);
        Assert.Equal(new TermProgress(20, 20, Share: 1), progress.Last);
        var read = await ReadAsync(collector, Wanted.Networks, Wanted.Branches);
        Assert.Equal(Wanted.Networks.Length, read.Count);
        foreach (var (network, blocks) in Wanted.Networks.Zip(read))
        {
            Assert.Equal([InputKind.A, InputKind.W], blocks.Select(block => block.Input));
            Assert.Equal(["square", ""], blocks[1].Chains.Select(chain => chain.ToString()));
            var expected = Synthetic.Block(new ProbedNetwork(network, Probe), new ChainSet(InputKind.W, blocks[1].Chains));
            Assert.Equal(expected.Means.ToArray(), blocks[1].Means.ToArray());
        }

        // All of it is known now.
        var computed = devices.ComputedTerms;
        await collector.EnsureTermsAsync(Wanted with { NumericProfile = profile }, progress: null, CancellationToken.None);
        Assert.Equal(computed, devices.ComputedTerms);
    }

    [Fact]
    public async Task Without_branches_it_only_says_what_the_devices_compute_with()
    {
        Assert.Equal(
            Synthetic.Profile, await Collector().EnsureTermsAsync(Wanted with { Branches = [] }, progress: null, CancellationToken.None));
        Assert.Equal(0, devices.ComputedTerms);
    }

    [Fact]
    public async Task What_no_device_will_compute_fails_with_the_network_and_the_reason()
    {
        devices.Fault = request => request.Target.Network == Wanted.Networks[3] ? new BatchTooLargeException("too wide") : null;
        var failure = await Assert.ThrowsAsync<SearchServiceException>(() =>
            Collector().EnsureTermsAsync(Wanted, progress: null, CancellationToken.None));
        Assert.Contains($"{Wanted.Networks[3]}, input ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("too wide", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deep_network_is_named_by_the_beginning_and_the_end_of_its_genotype()
    {
        var deep = new FlexiBertGenotype(128, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1), 60)]);
        devices.Fault = _ => new BatchTooLargeException("too wide");
        var failure = await Assert.ThrowsAsync<SearchServiceException>(() =>
            Collector().EnsureTermsAsync(Wanted with { Networks = [deep] }, progress: null, CancellationToken.None));
        Assert.StartsWith($"{PrintableText.Shorten(deep.ToString())}, input ", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 200, 300);
    }

    [Fact]
    public async Task Scores_are_computed_once_stored_and_told_in_the_order_of_networks_and_proxies()
    {
        var wanted = new WantedScores(Wanted.Networks, Probe, ["undefined", "snip"]);
        var progress = new Reports();
        var scores = await Collector().ScoresAsync(wanted, progress, CancellationToken.None);

        Assert.Equal(new TermProgress(20, 20, "computing scores", Share: 1), progress.Last);
        Assert.Equal(
            wanted.Networks.Select(network => FakeDevices.Score(new ProbedNetwork(network, Probe), "snip")),
            scores.Select(ofNetwork => ofNetwork[1]));
        Assert.All(scores, ofNetwork => Assert.Equal(("undefined", null, "it never is"),
            (ofNetwork[0].Proxy, ofNetwork[0].Value, ofNetwork[0].Reason)));
        Assert.Equal(20, devices.ScoredNetworks);

        // What is known is not computed again, and of another question only what is new.
        var again = await Collector().ScoresAsync(
            wanted with { Proxies = ["snip"], NumericProfile = Synthetic.Profile }, progress: null, CancellationToken.None);
        Assert.Equal(scores.Select(ofNetwork => ofNetwork[1]), again.Select(ofNetwork => ofNetwork[0]));
        Assert.Equal(20, devices.ScoredNetworks);
        await Collector().ScoresAsync(wanted with { Proxies = ["snip", "plain"] }, progress: null, CancellationToken.None);
        Assert.Equal(40, devices.ScoredNetworks);
    }

    [Fact]
    public async Task A_network_that_no_device_will_score_fails_with_its_name_and_the_reason()
    {
        devices.Fault = request => request.Target.Network == Wanted.Networks[3] ? new BatchTooLargeException("too wide") : null;
        var failure = await Assert.ThrowsAsync<SearchServiceException>(() =>
            Collector().ScoresAsync(new WantedScores(Wanted.Networks, Probe, ["snip"]), progress: null, CancellationToken.None));
        Assert.Equal($"{Wanted.Networks[3]}: too wide", failure.Message);
        Assert.Contains(
            "give from 1 to 1000 proxies",
            (await Assert.ThrowsAsync<SearchServiceException>(() =>
                Collector().ScoresAsync(new WantedScores(Wanted.Networks, Probe, []), progress: null, CancellationToken.None))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_has_no_device_is_told_that_it_waits_for_one()
    {
        // The second look would be an hour later: what is there has answered before.
        var patient = new CoordinatorSettings { Tick = TimeSpan.FromHours(1) };
        var nodes = new FakeNodes(Sys.ActorOf(Props.Create(() => new OneBatchEach(devices, cache))));
        var served = new Reports();
        await new TermCollector(Sys, cache, nodes, patient, TimeProvider.System).EnsureTermsAsync(Wanted, served, CancellationToken.None);
        Assert.False(served.Waiting.IsCompleted);

        using var cancel = new CancellationTokenSource();
        var (alone, brisk) = (new Reports(), new CoordinatorSettings { Tick = TimeSpan.FromMilliseconds(20) });
        var ensured = new TermCollector(Sys, cache, new LocalGpuNodes(devices: null, ActorRefs.Nobody), brisk, TimeProvider.System)
            .EnsureTermsAsync(Wanted, alone, cancel.Token);
        await alone.Waiting;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ensured);
    }

    [Fact]
    public async Task Cancelling_ends_it_and_its_actors()
    {
        var silent = CreateTestProbe();
        var collector = new TermCollector(Sys, cache, new FakeNodes(silent), new CoordinatorSettings(), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var ensured = collector.EnsureTermsAsync(Wanted, progress: null, cancel.Token);
        await silent.ExpectMsgAsync<BatchRequest>();
        Watch(silent.LastSender);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ensured);
        ExpectTerminated(silent.LastSender);
    }

    [Fact]
    public async Task When_the_actor_system_ends_whoever_waits_is_told()
    {
        using var other = ActorSystem.Create("other", Sys.Settings.Config);
        var silent = CreateTestProbe();
        var ensured = new TermCollector(other, cache, new FakeNodes(silent), new CoordinatorSettings(), TimeProvider.System)
            .EnsureTermsAsync(Wanted, progress: null, CancellationToken.None);
        await silent.ExpectMsgAsync<BatchRequest>();

        await other.Terminate();

        Assert.Contains(
            "shutting down", (await Assert.ThrowsAsync<SearchServiceException>(() => ensured)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_database_can_never_work_whoever_waits_is_told()
    {
        var silent = CreateTestProbe();
        var ensured = new TermCollector(Sys, cache, new FakeNodes(silent), new CoordinatorSettings(), TimeProvider.System)
            .EnsureTermsAsync(Wanted, progress: null, CancellationToken.None);
        await silent.ExpectMsgAsync<BatchRequest>();

        NodeHealth.Get(Sys).Note("terms cannot be stored", new TypeLoadException("packages do not fit"));

        Assert.StartsWith("terms cannot be stored: ", (await Assert.ThrowsAsync<SearchServiceException>(() => ensured)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_that_are_not_known_are_not_made_up()
    {
        var failure = await Assert.ThrowsAsync<SearchServiceException>(() => ReadAsync(Collector(), Wanted.Networks, Wanted.Branches));
        Assert.Contains("1 terms of input A are not known", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_read_is_said()
    {
        cache.IsDamaged = true;
        Assert.Equal(
            "the term cache cannot be read: a block is damaged",
            (await Assert.ThrowsAsync<SearchServiceException>(() =>
                Collector().EnsureTermsAsync(Wanted, progress: null, CancellationToken.None))).Message);
        Assert.Equal(
            "the term cache cannot be read: a block is damaged",
            (await Assert.ThrowsAsync<SearchServiceException>(() => ReadAsync(Collector(), Wanted.Networks, Wanted.Branches))).Message);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_before_anything_is_asked()
    {
        var collector = Collector();
        await RefusedAsync(Wanted with { Networks = [] }, "the networks or the branches are missing");
        await RefusedAsync(
            Wanted with { Networks = [new FlexiBertGenotype(0, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 16, 1)])] },
            "network 0: hidden size 0: give a number from 1");
        await RefusedAsync(Wanted with { Probe = Probe with { SequenceLength = 9 } }, "tokens of a sequence 9: give a number from 2 to 8");
        await RefusedAsync(Wanted with { Probe = Probe with { Sizes = Probe.Sizes with { Vocabulary = 0 } } }, "vocabulary 0");
        await RefusedAsync(
            Wanted with { Probe = Probe with { Sizes = Probe.Sizes with { Embedding = null } } }, "network 0: FlexiBERT needs a width");
        await RefusedAsync(Wanted with { Branches = [ProxyText.ParseBranch("disconnect(A)")] }, "the branch disconnect(A) has no terms");

        async Task RefusedAsync(WantedTerms wanted, string reason) => Assert.Contains(
            reason, (await Assert.ThrowsAsync<SearchServiceException>(() =>
                collector.EnsureTermsAsync(wanted, progress: null, CancellationToken.None))).Message,
            StringComparison.Ordinal);
    }

    private TermCollector Collector() => new(
        Sys, cache, new FakeNodes(Sys.ActorOf(Props.Create(() => new OneBatchEach(devices, cache)))),
        new CoordinatorSettings { Tick = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);

    private static async Task<List<ImmutableArray<TermBlock>>> ReadAsync(
        TermCollector collector, ImmutableArray<Genotype> networks, ImmutableArray<Branch> branches)
    {
        var read = new List<ImmutableArray<TermBlock>>();
        var stored = new StoredTerms([.. networks.Select(network => new ProbedNetwork(network, Probe).Key(Synthetic.Profile))], branches);
        await foreach (var blocks in collector.TermsAsync(stored, CancellationToken.None))
        {
            read.Add(blocks);
        }

        return read;
    }

    private sealed class Reports : IProgress<TermProgress>
    {
        private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TermProgress? Last { get; private set; }

        /// <summary>Completes when nobody has answered.</summary>
        public Task Waiting => waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public void Report(TermProgress value)
        {
            Last = value;
            if (value.Activity == TermProgress.Waiting)
            {
                waiting.TrySetResult();
            }
        }
    }
}
