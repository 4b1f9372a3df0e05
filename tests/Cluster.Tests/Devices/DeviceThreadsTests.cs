using LPZero.Cluster.Devices;
using LPZero.GpuNode;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Devices;

public sealed class DeviceThreadsTests
{
    // More than the process of the tests holds besides inputs, which counts against a budget.
    private const long Memory = 1L << 34;
    private static readonly Chain[] Chains = [Chain.Empty, Chain.Of(UnaryOperation.Square, UnaryOperation.Log)];

    [Fact]
    public async Task Terms_have_the_bits_of_a_plain_host_on_any_number_of_threads()
    {
        using var devices = new DeviceThreads(["cpu", "cpu", "cpu"], Memory, () => new FusedEvaluator());
        using var host = new ArchitectureHost(new FusedEvaluator(), Memory);
        var slots = Enumerable.Range(0, 6).Select(_ => devices.Assign()).ToList();
        var requests = Enumerable.Range(0, 6).Select(Request).ToList();

        var replies = await Task.WhenAll(slots.Zip(requests, (slot, request) => slot.EvaluateAsync(request)));

        Assert.Equal(host.NumericProfile, devices.NumericProfile);
        Assert.Equal(requests.Select(request => Bits(host.Evaluate(request))), replies.Select(Bits));
        var description = devices.Describe();
        Assert.Equal((3, 6, (long)requests.Count * Chains.Length), (description.Threads, description.LoadedArchitectures, description.ComputedTerms));
        Assert.Equal((host.LoadedBytes, Memory), (description.LoadedBytes, description.MemoryBudget));
    }

    [Fact]
    public async Task A_batch_that_leaves_releases_its_architectures_and_no_others()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        var (staying, leaving) = (devices.Assign(), devices.Assign());
        await staying.EvaluateAsync(Request(0));
        await leaving.EvaluateAsync(Request(1));
        await leaving.EvaluateAsync(Request(2));

        leaving.Dispose();

        // The thread takes things in turn: what was released before this answer is gone after it.
        await staying.EvaluateAsync(Request(0));
        Assert.Equal(1, devices.Describe().LoadedArchitectures);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_the_thread_goes_on()
    {
        using var devices = new DeviceThreads(["cpu"], memoryBudget: 1000, () => new FusedEvaluator());
        var slot = devices.Assign();
        await Assert.ThrowsAsync<BatchTooLargeException>(() => slot.EvaluateAsync(Request(0)));
        await Assert.ThrowsAsync<BatchTooLargeException>(() => slot.EvaluateAsync(Request(1)));
        Assert.Equal((0, 0L, 0L), (devices.Describe().LoadedArchitectures, devices.Describe().LoadedBytes, devices.Describe().ComputedTerms));
    }

    private static TermRequest Request(int network) => new(network, 1,
        new ProbedNetwork(
            new FlexiBertGenotype(32, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 64, 1), 1 + network)]),
            new ProbeSettings(2, 8, 5, 5, WeightSelection.All, new EmbeddingSizes(33, 32, 64))),
        [new ChainSet(InputKind.A, [.. Chains])]);

    private static string Bits(TermReply reply) => string.Join(';', reply.Blocks.Select(block =>
        $"{block.Input} {Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(block.Means.Span))} {string.Join(',', block.Counts.ToArray())}"));
}
