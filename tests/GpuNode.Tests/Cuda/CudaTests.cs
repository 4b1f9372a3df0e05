using System.Collections.Immutable;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Cuda;

/// <summary>What a CUDA device computes, against the CPU.</summary>
[Trait("Category", "Cuda")]
[Collection(LiveTensors.Name)]
public sealed class CudaTests
{
    // Its sums run in another order, over matrix products of another library.
    private const double Relative = 2e-3;

    private static readonly ImmutableArray<ChainSet> Wanted =
    [
        .. Enum.GetValues<InputKind>().Select(kind => new ChainSet(kind,
            [.. new[]
            {
                UnaryOperation.Abs, UnaryOperation.Square, UnaryOperation.Sigmoid, UnaryOperation.Softmax,
                UnaryOperation.FrobeniusNorm, UnaryOperation.Std,
            }.Select(operation => Chain.Of(operation))])),
    ];

    private static readonly List<ProbedNetwork> Targets =
        [.. Enumerable.Range(1, 4)
            .Select(i => Probing.Target(Probing.Network(32, [.. Enumerable.Repeat((MixingOperation.ScaledDotProduct, 1), i)])))];

    [CudaFact]
    public void Terms_agree_with_those_of_the_CPU_by_either_evaluator()
    {
        using var cpu = new ArchitectureHost(new OpByOpEvaluator(), long.MaxValue);
        var expected = cpu.Evaluate(new TermRequest(1, 1, Probing.Target(), Wanted)).Blocks;
        foreach (var name in TermEvaluators.NamesOnCuda)
        {
            using var cuda = new ArchitectureHost(
                TermEvaluators.Factory(name, OpByOpEvaluator.DefaultMemoryBudget)(), long.MaxValue, device(CudaFactAttribute.Device));
            var actual = cuda.Evaluate(new TermRequest(1, 1, Probing.Target(), Wanted)).Blocks;
            foreach (var (e, a) in expected.Zip(actual))
            {
                Assert.Equal(e.Counts.ToArray(), a.Counts.ToArray());
                Assert.All(e.Means.ToArray().Zip(a.Means.ToArray()),
                    pair => Assert.Equal(pair.First, pair.Second, (Relative * Math.Abs(pair.First)) + 1e-6));
            }
        }
    }

    [CudaFact]
    public void Tensors_of_every_kind_agree_with_the_oracle_by_either_evaluator()
    {
        var chains = ConnectedChains.Of(2);
        foreach (var name in TermEvaluators.NamesOnCuda)
        {
            using var scope = NewDisposeScope();
            ImmutableArray<Tensor> tensors = [.. SampleTensors.Small.Select(sample => sample.ToTensor(device(CudaFactAttribute.Device)))];
            FloatAgreement.Assert(
                SampleTensors.Small,
                TermEvaluators.Factory(name, OpByOpEvaluator.DefaultMemoryBudget)().Evaluate(InputKind.A, [tensors], chains),
                disturbances: 12);
        }
    }

    [CudaFact]
    public void What_networks_of_every_space_show_agrees_with_the_CPU()
    {
        Assert.All(Samples, target =>
        {
            using var scope = NewDisposeScope();
            using var expected = GpuNode.Spaces.Network.InputsOf(target, InputProbe.All, CPU);
            using var actual = GpuNode.Spaces.Network.InputsOf(target, InputProbe.All, device(CudaFactAttribute.Device));
            foreach (var kind in InputProbe.All)
            {
                Assert.All(expected[kind].SelectMany(layer => layer).Zip(actual[kind].SelectMany(layer => layer)), pair =>
                {
                    Assert.Equal(DeviceType.CUDA, pair.Second.device_type);
                    Assert.InRange(Distance(pair.First, pair.Second), 0, 1e-4);
                });
            }
        });
    }

    [CudaFact]
    public void Proxies_that_people_designed_agree_with_those_of_the_CPU_in_every_space()
    {
        var ids = DesignedProxies.All.Select(proxy => proxy.Id).ToList();
        Assert.All(Samples, target =>
        {
            using var cpu = new ArchitectureHost(new OpByOpEvaluator(), long.MaxValue);
            using var cuda = Host(long.MaxValue);
            var (expected, actual, again) = (cpu.Score(target, ids), cuda.Score(target, ids), cuda.Score(target, ids));
            Assert.All(expected.Zip(actual), pair =>
            {
                Assert.Equal(pair.First.Reason, pair.Second.Reason);
                Assert.Equal(pair.First.Value ?? 0, pair.Second.Value ?? 0, (Relative * Math.Abs(pair.First.Value ?? 0)) + 1e-9);
            });
            Assert.Equal(actual.Select(score => score.Value), again.Select(score => score.Value));
        });
    }

    [CudaFact]
    public void Products_of_tensors_agree_with_those_of_the_CPU()
    {
        var products = new[] { "W * G", "exp(square(W)) * abs(G)", "normalize(W) * sigmoid(G)", "G * softmax(W)" }
            .Select(ProxyText.ParseBranch).ToList();
        ImmutableArray<ChainSet> wanted =
            [.. products.GroupBy(branch => branch.Input, branch => branch.Chain, (input, chains) => new ChainSet(input, [.. chains]))];
        using var cpu = new ArchitectureHost(new OpByOpEvaluator(), long.MaxValue);
        using var cuda = Host(long.MaxValue);
        foreach (var target in Samples)
        {
            var (expected, actual) = (Means(cpu, target, wanted), Means(cuda, target, wanted));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, (Relative * Math.Abs(pair.First)) + 1e-7));
        }
    }

    [CudaFact]
    public void The_same_request_gives_the_same_bits_again()
    {
        using var one = Host(long.MaxValue);
        using var two = Host(long.MaxValue);
        Assert.Equal(Means(one, Targets[2]), Means(two, Targets[2]));
    }

    [CudaFact]
    public void A_chain_has_the_same_bits_alone_as_among_others()
    {
        using var host = Host(long.MaxValue);
        var together = Means(host, Targets[3]);
        var alone = Wanted.SelectMany(wanted => wanted.Chains.SelectMany(chain =>
            host.Evaluate(new TermRequest(1, 1, Targets[3], [new ChainSet(wanted.Input, [chain])])).Blocks[0].Means.ToArray()));
        Assert.Equal(together, alone);
    }

    [CudaFact]
    public void The_memory_budget_is_kept()
    {
        var evaluator = new SegmentedEvaluator();
        var budget = MemoryBudget.Needed(Network.MemoryOf(Targets[3]), evaluator) + Network.MemoryOf(Targets[0]).Held;
        using var host = Host(budget);
        foreach (var target in Targets.Concat(Targets))
        {
            host.Evaluate(new TermRequest(1, 1, target, Wanted));
            Assert.True(host.LoadedBytes + evaluator.WorkingBytes(Network.MemoryOf(target).LargestTensor) <= budget);
        }

        Assert.True(host.Builds > Targets.Count);
    }

    [CudaFact]
    public void Disposing_a_host_leaves_no_tensor() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        using var host = Host(long.MaxValue);
        foreach (var target in Targets)
        {
            host.Evaluate(new TermRequest(1, 1, target, Wanted));
        }
    }));

    [CudaFact]
    public void The_numeric_profile_names_the_kind_of_device_and_the_model()
    {
        using var host = Host(long.MaxValue);
        Assert.Contains($", cuda {CudaDriver.Model(0)}, ", host.NumericProfile, StringComparison.Ordinal);
    }

    private static ArchitectureHost Host(long budget) => new(new SegmentedEvaluator(), budget, device(CudaFactAttribute.Device));

    /// <summary>A small network of every space, and an encoder as while it is trained and by its other losses.</summary>
    private static IEnumerable<ProbedNetwork> Samples =>
    [
        .. SearchSpaces.Known.SamplesOf(SampleSize.Small), With(probe => probe with { Mode = ProbeMode.Training }),
        With(probe => probe with { Loss = LossKind.Masked }), With(probe => probe with { Start = WeightStart.AsTrained }),
    ];

    private static ProbedNetwork With(Func<ProbeSettings, ProbeSettings> change)
    {
        var sample = SearchSpaces.Known["flexibert"].SampleOf(SampleSize.Small)!;
        return sample with { Probe = change(sample.Probe) };
    }

    private static double[] Means(ArchitectureHost host, ProbedNetwork target) => Means(host, target, Wanted);

    private static double[] Means(ArchitectureHost host, ProbedNetwork target, ImmutableArray<ChainSet> wanted) =>
        [.. host.Evaluate(new TermRequest(1, 1, target, wanted)).Blocks.SelectMany(block => block.Means.ToArray())];

    /// <summary>The norm of the difference of two tensors over that of the first.</summary>
    private static double Distance(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        var exact = expected.to(ScalarType.Float64);
        return Norm(exact - actual.cpu().to(ScalarType.Float64)) / Norm(exact);
    }

    private static double Norm(Tensor tensor) => Math.Sqrt(tensor.Squared().sum().item<double>());
}
