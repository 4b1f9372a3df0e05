using System.Collections.Immutable;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.GpuNode.Tests.Proxies;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests;

[Collection(LiveTensors.Name)]
public sealed class ArchitectureHostTests
{
    private static readonly ImmutableArray<ChainSet> Wanted =
        [.. Enum.GetValues<InputKind>()
            .Select(kind => new ChainSet(kind, [Chain.Empty, Chain.Of(UnaryOperation.Abs, UnaryOperation.Std)]))];

    private static readonly List<ProbedNetwork> Targets =
        [.. Enumerable.Range(1, 4)
            .Select(i => Probing.Target(Probing.Network(32, [.. Enumerable.Repeat((MixingOperation.ScaledDotProduct, 1), i)])))];

    [Fact]
    public void A_reply_answers_its_request_input_by_input()
    {
        using var host = Host(long.MaxValue);
        var reply = host.Evaluate(new TermRequest(5, 2, Targets[2], [Wanted[1], Wanted[4]]));
        Assert.Equal((5, 2), (reply.Id, reply.Attempt));
        Assert.Equal([InputKind.J, InputKind.W], reply.Blocks.Select(b => b.Input));
        Assert.Equal([1, 1, 1], reply.Blocks[0].TensorsPerLayer.AsEnumerable());
        Assert.Equal([6, 6, 6], reply.Blocks[1].TensorsPerLayer.AsEnumerable());
    }

    [Fact]
    public void An_architecture_is_built_once_while_the_budget_holds_it()
    {
        using var host = Host(long.MaxValue);
        foreach (var target in Targets.Concat(Targets))
        {
            host.Evaluate(new TermRequest(1, 1, target, Wanted));
        }

        Assert.Equal((4, 4L), (host.LoadedCount, host.Builds));
    }

    [Fact]
    public void The_least_recently_used_is_released_beyond_the_budget_and_rebuilt_with_the_same_bits()
    {
        // Room for building the largest beside two of the smaller ones.
        var evaluator = new FusedEvaluator();
        var budget = Needed(3, evaluator) + MemoryHeld(0) + MemoryHeld(1);
        using var host = new ArchitectureHost(evaluator, budget);
        var first = Means(host, 0);
        Means(host, 1);
        Means(host, 0);
        Means(host, 2);
        Means(host, 3);
        Assert.True(host.LoadedBytes <= budget);
        Assert.Equal(4, host.Builds);
        Means(host, 3);
        Assert.Equal(4, host.Builds);
        Means(host, 1);
        Assert.Equal(5, host.Builds);
        Assert.Equal(first, Means(host, 0));
    }

    [Fact]
    public void What_the_process_holds_besides_leaves_less_for_architectures()
    {
        var evaluator = new FusedEvaluator();
        const long budget = 1L << 40;
        var (besides, held) = (0L, 0L);
        using var host = new ArchitectureHost(evaluator, budget, process: new ProcessMemory(budget, hosts: 1, () => besides + held));
        foreach (var target in Targets)
        {
            host.Load(target);
            held = host.LoadedBytes;
        }

        Assert.Equal(4, host.LoadedCount);

        // As much as leaves room for working on the last of them alone.
        besides = budget - MemoryHeld(3) - evaluator.WorkingBytes(0);
        host.Load(Targets[3]);
        Assert.Equal((1, MemoryHeld(3), 4L), (host.LoadedCount, host.LoadedBytes, host.Builds));

        // Too much for anything: the architecture at hand stays, since it has to be worked on.
        besides = budget;
        host.Load(Targets[3]);
        host.Load(Targets[0]);
        Assert.Equal((1, 5L), (host.LoadedCount, host.Builds));
    }

    [Fact]
    public void An_architecture_is_released_with_its_last_request() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        var host = Host(long.MaxValue);
        host.Evaluate(new TermRequest(1, 1, Targets[0], [Wanted[1]]));
        Assert.Equal(1, host.LoadedCount);
        host.Evaluate(new TermRequest(2, 1, Targets[0], [Wanted[4]], IsLast: true));
        Assert.Equal((0, 0L, 1L), (host.LoadedCount, host.LoadedBytes, host.Builds));
    }));

    [Fact]
    public void No_backward_pass_runs_for_an_input_that_a_forward_pass_shows_and_none_is_lost_to_it()
    {
        using var host = Host(long.MaxValue);
        host.Load(Targets[0], [InputKind.W]);
        var forward = host.Load(Targets[0], [InputKind.A]);
        Assert.Equal([InputKind.A, InputKind.H, InputKind.W, InputKind.S], InputProbe.All.Where(forward.Has));
        Assert.Equal(2, host.Builds);

        // What was there before stays, and what is there is not built again.
        Assert.Equal(InputProbe.All.AsEnumerable(), InputProbe.All.Where(host.Load(Targets[0], [InputKind.J]).Has));
        host.Load(Targets[0], [InputKind.W, InputKind.S]);
        Assert.Equal((1, 3L), (host.LoadedCount, host.Builds));
    }

    [Fact]
    public void An_input_that_was_not_computed_has_the_architecture_built_once_more_with_all_of_them()
    {
        using var host = Host(long.MaxValue);
        var wanted = Wanted.ToDictionary(set => set.Input);
        host.Evaluate(new TermRequest(1, 1, Targets[0], [wanted[InputKind.W], wanted[InputKind.A]]));
        var withoutGradients = host.LoadedBytes;
        var later = host.Evaluate(new TermRequest(2, 1, Targets[0], [wanted[InputKind.G]]));
        host.Evaluate(new TermRequest(3, 1, Targets[0], Wanted));
        Assert.Equal((1, 2L), (host.LoadedCount, host.Builds));
        Assert.InRange(withoutGradients, 1, host.LoadedBytes - 1);

        using var other = Host(long.MaxValue);
        var all = other.Evaluate(new TermRequest(1, 1, Targets[0], Wanted)).Blocks.Single(block => block.Input == InputKind.G);
        Assert.Equal(all.Means.ToArray(), later.Blocks[0].Means.ToArray());
    }

    [Fact]
    public void Terms_that_come_along_with_scores_are_those_that_are_asked_for_alone() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        var product = Chain.Empty.Times(new Branch(InputKind.G, Chain.Empty));
        ImmutableArray<ChainSet> along =
            [.. Wanted.Select(set => set.Input == InputKind.W ? set with { Chains = [.. set.Chains, product] } : set)];
        foreach (var (target, proxy) in (IEnumerable<(ProbedNetwork, string)>)
            [(Targets[1], "snip"), (Evidence.Mixed, "snip"), (Evidence.Span, "snip"), (Evidence.Mixed, "nwot"), (Evidence.Mixed, "zerolm")])
        {
            using var host = Host(long.MaxValue);
            var request = new TermRequest(1, 1, target, []) { Proxies = [proxy], Along = along };
            var reply = host.Evaluate(request);
            Assert.Equal(host.Score(target, [proxy])[0].Value, Assert.Single(reply.Scores).Value);
            Assert.Equal((0, 0L), (host.LoadedCount, host.LoadedBytes));
            Assert.Equal(
                MeansOf(host.Evaluate(request with { Wanted = along, Proxies = [], Along = [] })), MeansOf(reply));
            Assert.Empty(host.Evaluate(request with { Proxies = ["parameters"] }).Blocks);
        }
    }));

    [Fact]
    public void Where_memory_lacks_for_terms_scores_come_alone()
    {
        using var host = new ArchitectureHost(new GreedyEvaluator(), 1L << 40);
        var reply = host.Evaluate(new TermRequest(1, 1, Targets[0], []) { Proxies = ["snip"], Along = Wanted });
        Assert.Empty(reply.Blocks);
        Assert.NotNull(Assert.Single(reply.Scores).Value);
    }

    [Fact]
    public void Disposing_a_host_leaves_no_tensor() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        using var host = Host(long.MaxValue);
        foreach (var target in Targets)
        {
            host.Evaluate(new TermRequest(1, 1, target, Wanted));
        }

        Assert.NotEqual(0, host.LoadedBytes);
    }));

    [Fact]
    public void Evaluators_leave_the_inputs_as_they_were()
    {
        foreach (var evaluator in TermEvaluators.Names.Select(name => TermEvaluators.Factory(name, OpByOpEvaluator.DefaultMemoryBudget)()))
        {
            using var host = new ArchitectureHost(evaluator, long.MaxValue);
            var before = Bytes(host);
            var chains = ConnectedChains.Of(2);
            host.Evaluate(new TermRequest(1, 1, Targets[0], [.. Enum.GetValues<InputKind>().Select(kind => new ChainSet(kind, chains))]));
            Assert.Equal(before, Bytes(host));
        }
    }

    [Fact]
    public void The_evaluators_agree_on_an_architectures_inputs()
    {
        using var exact = new ArchitectureHost(new OpByOpEvaluator(), long.MaxValue);
        ImmutableArray<Chain> chains = [.. new[]
        {
            UnaryOperation.AbsLog, UnaryOperation.Softmax, UnaryOperation.Exp, UnaryOperation.MinMax, UnaryOperation.Std,
        }.Select(o => Chain.Of(o))];
        ImmutableArray<ChainSet> wanted = [.. Enum.GetValues<InputKind>().Select(kind => new ChainSet(kind, chains))];
        var expected = exact.Evaluate(new TermRequest(1, 1, Probing.Target(), wanted)).Blocks;
        foreach (var evaluator in new ITermEvaluator[] { new FusedEvaluator(), new SegmentedEvaluator() })
        {
            using var other = new ArchitectureHost(evaluator, long.MaxValue);
            var actual = other.Evaluate(new TermRequest(1, 1, Probing.Target(), wanted)).Blocks;
            foreach (var (e, a) in expected.Zip(actual))
            {
                Assert.Equal(e.Counts.ToArray(), a.Counts.ToArray());
                Assert.All(
                    e.Means.ToArray().Zip(a.Means.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Abs(pair.First)));
            }
        }
    }

    [Fact]
    public void The_numeric_profile_names_library_device_and_evaluator()
    {
        using var host = Host(long.MaxValue);
        Assert.Contains($"libtorch {LibTorch.Load().Version}, cpu, MKL ", host.NumericProfile, StringComparison.Ordinal);
        Assert.EndsWith(new FusedEvaluator().Name, host.NumericProfile, StringComparison.Ordinal);
        using var other = new ArchitectureHost(new OpByOpEvaluator(), long.MaxValue);
        Assert.NotEqual(host.NumericProfile, other.NumericProfile);
    }

    private static ArchitectureHost Host(long budget) => new(new FusedEvaluator(), budget);

    private static double[] Means(ArchitectureHost host, int target) =>
        MeansOf(host.Evaluate(new TermRequest(1, 1, Targets[target], Wanted)));

    private static double[] MeansOf(TermReply reply) => [.. reply.Blocks.SelectMany(b => b.Means.ToArray())];

    private static long Needed(int target, ITermEvaluator evaluator) =>
        MemoryBudget.Needed(GpuNode.Spaces.Network.MemoryOf(Targets[target]), evaluator);

    private static long MemoryHeld(int target) => GpuNode.Spaces.Network.MemoryOf(Targets[target]).Held;

    private static byte[] Bytes(ArchitectureHost host) =>
        [.. Enum.GetValues<InputKind>().SelectMany(kind => host.Load(Targets[0])[kind]).SelectMany(t => t)
            .SelectMany(t => t.bytes.ToArray())];

    /// <summary>Would take more memory than there is.</summary>
    private sealed class GreedyEvaluator : ITermEvaluator
    {
        public string Name => "greedy";

        public long WorkingBytes(long largestTensor) => 1L << 41;

        public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains) =>
            throw new InvalidOperationException("there is no memory for it");
    }
}
