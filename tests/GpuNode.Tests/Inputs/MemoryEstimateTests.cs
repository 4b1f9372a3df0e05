using System.Globalization;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Inputs;

[Collection(LiveTensors.Name)]
public sealed partial class MemoryEstimateTests
{
    public static TheoryData<MixingOperation> Operations => [.. Enum.GetValues<MixingOperation>()];

    [Theory]
    [InlineData(WeightSelection.All)]
    [InlineData(WeightSelection.Mixing)]
    public void What_the_inputs_hold_is_known_exactly_before_they_exist(WeightSelection selection)
    {
        var target = Probing.Target(weights: selection);
        var estimate = Network.MemoryOf(target);
        using var inputs = Probing.Inputs(target);
        Assert.Equal(inputs.Bytes, estimate.Held);
        Assert.Equal(
            Enum.GetValues<InputKind>().SelectMany(kind => inputs[kind]).SelectMany(t => t).Max(t => t.numel() * sizeof(float)),
            estimate.LargestTensor);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void The_peak_is_an_upper_bound_of_what_building_takes_and_not_far_above(MixingOperation operation) => AssertPeak(
        new ProbedNetwork(
            new FlexiBertGenotype(256, [.. Enumerable.Repeat(new FlexiBertLayer(operation, 4, 1024, 3), 2)]),
            new ProbeSettings(8, 128, 1, 1, WeightSelection.All, FlexiBertSpace.PublicSizes)));

    [Fact]
    public void The_loss_of_masked_tokens_is_in_the_peak() => AssertPeak(new ProbedNetwork(
        new FlexiBertGenotype(64, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 64, 1)]),
        new ProbeSettings(32, 64, 1, 1, WeightSelection.All, FlexiBertSpace.PublicSizes) { Loss = LossKind.Masked }));

    [Theory]
    [InlineData(LossKind.Masked, "has an embedding or an output of 2,400 MB, more than 2,147 MB")]
    [InlineData(LossKind.Signs, null)]
    public void A_table_that_no_span_can_hold_is_refused_where_the_loss_reads_it(LossKind loss, string? refusal)
    {
        var target = new ProbedNetwork(
            new FlexiBertGenotype(16, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 24, 1)]),
            new ProbeSettings(1, 8, 1, 1, WeightSelection.All, new EmbeddingSizes(1_000_000, 600, 32)) { Loss = loss });
        var error = Record.Exception(() => MemoryBudget.CheckScoring(target, long.MaxValue));
        if (refusal is null)
        {
            Assert.Null(error);
        }
        else
        {
            Assert.Contains(refusal, Assert.IsType<BatchTooLargeException>(error).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_mini_batch_that_does_not_fit_is_refused_before_anything_is_allocated()
    {
        var target = new ProbedNetwork(Probing.Varied, new ProbeSettings(4096, 512, 1, 1, WeightSelection.All, FlexiBertSpace.PublicSizes));
        using var host = new ArchitectureHost(new OpByOpEvaluator(), memoryBudget: 1_000_000_000);
        Assert.Equal(0, LiveTensors.LeftBehind(() =>
        {
            var error = Assert.Throws<BatchTooLargeException>(() => host.Load(target));
            Assert.Contains("4096x512", error.Message, StringComparison.Ordinal);
            Assert.Contains("1,000 MB", error.Message, StringComparison.Ordinal);
        }));
    }

    [Fact]
    public void A_tensor_that_no_span_can_hold_is_refused_whatever_the_budget()
    {
        var target = new ProbedNetwork(
            Probing.Varied, new ProbeSettings(65536, 512, 1, 1, WeightSelection.All, FlexiBertSpace.PublicSizes));
        Assert.Contains(
            "makes a tensor of",
            Assert.Throws<BatchTooLargeException>(() => MemoryBudget.Check(target, new OpByOpEvaluator(), long.MaxValue)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_vocabulary_and_the_rows_of_the_embedding_are_in_the_estimate()
    {
        long Peak(int vocabulary, int width) => Network.MemoryOf(Probing.Target() with
        {
            Probe = Probing.Target().Probe with { Sizes = new EmbeddingSizes(vocabulary, width, 32) },
        }).Peak;

        Assert.Equal(sizeof(double) * 900_000L, Peak(1_000_000, 16) - Peak(100_000, 16));

        // 30 tokens: their sum, its normalisation twice, their rows, and those of a position and the token type.
        Assert.True(Peak(500, 65_536) - Peak(500, 16) >= sizeof(float) * 30L * 4 * (65_536 - 16));
    }

    private static void AssertPeak(ProbedNetwork target)
    {
        Probing.Inputs(Probing.Target()).Dispose();

        // What earlier tests freed goes back to the system, and the high-water mark down to what is left.
        GC.Collect();
        Assert.InRange(ReturnFreedMemory(0), 0, 1);
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        Probing.Inputs(target).Dispose();
        var taken = Status("VmHWM") - before;

        // Rows of the embedding, compiled code and the allocator's reserves are not the architecture's.
        const long Slack = 16 << 20;
        var estimate = Network.MemoryOf(target).Peak;
        Assert.InRange(taken, estimate / 4, estimate + Slack);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int ReturnFreedMemory(nuint keep);

    private static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
