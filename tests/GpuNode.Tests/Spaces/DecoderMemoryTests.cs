using System.Globalization;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Spaces;

[Collection(LiveTensors.Name)]
public sealed partial class DecoderMemoryTests
{
    [Theory]
    [InlineData("gpt2:d64-e32-k2-v40/80/100-p32:h2-f100,h4-f60", 100, WeightSelection.All)]
    [InlineData("gpt2:d64-e32-k2-v40/80/100-p32:h2-f100,h4-f60", 100, WeightSelection.Mixing)]
    [InlineData("open-lm:d48-l2-h2", 50432, WeightSelection.All)]
    public void What_the_inputs_hold_is_known_exactly_before_they_exist(string text, int vocabulary, WeightSelection selection)
    {
        var probe = new ProbeSettings(2, 8, 1, 1, selection, new EmbeddingSizes(vocabulary, null, 32));
        var genotype = (NetworkGenotype)SearchSpaces.Known.Parse(text);
        var estimate = genotype.Estimate(probe);
        using var inputs = Inputs(genotype, probe);
        Assert.Equal(inputs.Bytes, estimate.Held);
        Assert.Equal(
            Enum.GetValues<InputKind>().SelectMany(kind => inputs[kind]).SelectMany(t => t).Max(t => t.numel() * sizeof(float)),
            estimate.LargestTensor);
    }

    [Theory]
    [InlineData("gpt2:d1024-e1024-k1-v1000000:h4-f1024", 1_000_000, "4,096 MB")]
    [InlineData("gpt2:d64-e4096-k4-v600000/700000:h4-f64", 700_000, "9,830 MB")]
    public void A_table_that_no_span_can_hold_is_refused_whatever_the_budget(string text, int vocabulary, string size)
    {
        var target = new ProbedNetwork(
            SearchSpaces.Known.Parse(text), new ProbeSettings(1, 8, 1, 1, WeightSelection.All, new EmbeddingSizes(vocabulary, null, 192)));
        var errors = new[]
        {
            Assert.Throws<BatchTooLargeException>(() => MemoryBudget.Check(target, new OpByOpEvaluator(), long.MaxValue)),
            Assert.Throws<BatchTooLargeException>(() => MemoryBudget.CheckScoring(target, long.MaxValue)),
        };
        Assert.All(errors, error => Assert.Contains(
            $"has an embedding or an output of {size}, more than 2,147 MB: use a network with", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpt2:d256-e256-k1:h4-f1024,h4-f1024", 50264)]
    [InlineData("gpt2:d256-e512-k4:h4-f1024", 50264)]
    [InlineData("gpt2:d256-e16-k1-v33:h4-f1024,h8-f512,h2-f2048", 33)]
    [InlineData("hw-gpt:d192-b1:h12-m4,h4-m2", 50254)]
    [InlineData("open-lm:d192-l3-h4", 50432)]
    public void The_peak_is_an_upper_bound_of_what_building_takes_and_not_far_above(string text, int vocabulary)
    {
        var probe = new ProbeSettings(4, 64, 1, 1, WeightSelection.All, new EmbeddingSizes(vocabulary, null, 192));
        var genotype = (NetworkGenotype)SearchSpaces.Known.Parse(text);
        Inputs(
            (NetworkGenotype)SearchSpaces.Known.Parse("gpt2:d16-e8-k2-v40/80/100-p32:h2-f100"),
            new ProbeSettings(2, 8, 1, 1, WeightSelection.All, new EmbeddingSizes(100, null, 32))).Dispose();

        // What earlier tests freed goes back to the system, and the high-water mark down to what is left.
        GC.Collect();
        Assert.InRange(ReturnFreedMemory(0), 0, 1);
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        Inputs(genotype, probe).Dispose();
        var taken = Status("VmHWM") - before;

        // Compiled code and the allocator's reserves are not the architecture's.
        const long Slack = 16 << 20;
        var estimate = genotype.Estimate(probe).Peak;
        Assert.InRange(taken, estimate / 4, estimate + Slack);
    }

    [Fact]
    public void Scoring_takes_no_more_than_is_said_and_not_far_less()
    {
        // Few tokens, so that weights and what is made of them are the most of it.
        var target = new ProbedNetwork(
            SearchSpaces.Known.Parse("gpt2:d512-e64-k1-v99:h4-f2048,h4-f2048,h4-f2048"),
            new ProbeSettings(1, 16, 1, 1, WeightSelection.All, new EmbeddingSizes(99, null, 192)));
        using var host = new ArchitectureHost(new OpByOpEvaluator(0), long.MaxValue);
        List<string> ids = [.. DesignedProxies.All.Select(proxy => proxy.Id)];
        host.Score(SearchSpaces.Known["gpt2"].SampleOf(SampleSize.Small)!, ids);
        GC.Collect();
        Assert.InRange(ReturnFreedMemory(0), 0, 1);
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        Assert.All(host.Score(target, ids), score => Assert.True(score.Value is not null || score.Reason is not null));
        var taken = Status("VmHWM") - before;

        // Compiled code, MKL's buffers and the allocator's reserves are not the network's.
        const long Slack = 128 << 20;
        var said = MemoryBudget.NeededForScoring(GpuNode.Spaces.Network.MemoryOf(target));
        Assert.InRange(taken, said / 4, said + Slack);
    }

    [Fact]
    public void The_flow_through_absolute_weights_takes_no_more_than_is_counted_for_a_layer()
    {
        // A layer of 12.6 million weights.
        var target = new ProbedNetwork(
            SearchSpaces.Known.Parse("gpt2:d1024-e64-k1-v99:h8-f4096"),
            new ProbeSettings(1, 16, 1, 1, WeightSelection.All, new EmbeddingSizes(99, null, 192)));
        using var host = new ArchitectureHost(new OpByOpEvaluator(0), long.MaxValue);
        host.Score(SearchSpaces.Known["gpt2"].SampleOf(SampleSize.Small)!, ["synflow"]);
        GC.Collect();
        Assert.InRange(ReturnFreedMemory(0), 0, 1);
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        Assert.All(host.Score(target, ["synflow", "logsynflow"]), score => Assert.NotNull(score.Value));
        var taken = Status("VmHWM") - before;

        const long Slack = 128 << 20;
        var layer = GpuNode.Spaces.Network.MemoryOf(target).LargestLayer;
        var counted = MemoryBudget.NeededForScoring(new GpuNode.Inputs.MemoryEstimate(0, 0, 0) { LargestLayer = layer });
        Assert.InRange(counted, 300 << 20, 500 << 20);
        Assert.InRange(taken, counted / 2, counted + Slack);
    }

    private static GpuNode.Inputs.ArchitectureInputs Inputs(NetworkGenotype genotype, ProbeSettings probe) =>
        genotype.Inputs(probe, GpuNode.Inputs.InputProbe.All, CPU);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int ReturnFreedMemory(nuint keep);

    private static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
