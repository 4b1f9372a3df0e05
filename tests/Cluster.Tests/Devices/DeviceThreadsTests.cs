using LPZero.GpuNode;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Devices;

public sealed class DeviceThreadsTests
{
    // More than the process of the tests holds besides inputs, which counts against a budget.
    private const long Memory = 1L << 34;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly DeviceShare Share = new("run");
    private static readonly Chain[] Chains = [Chain.Empty, Chain.Of(UnaryOperation.Square, UnaryOperation.Log)];

    [Fact]
    public async Task Terms_have_the_bits_of_a_plain_host_on_any_number_of_threads()
    {
        using var devices = new DeviceThreads(["cpu", "cpu", "cpu"], Memory, () => new FusedEvaluator());
        using var host = new ArchitectureHost(new FusedEvaluator(), Memory);
        var requests = Enumerable.Range(0, 6).Select(Request).ToList();

        var replies = await Task.WhenAll(requests.Select(request => EvaluateAsync(devices, request)));

        Assert.Equal(host.NumericProfile, devices.NumericProfile);
        Assert.Equal(requests.Select(request => Bits(host.Evaluate(request))), replies.Select(Bits));
        var description = devices.Describe();
        Assert.Equal((3, 6, (long)requests.Count * Chains.Length),
            (description.Threads, description.LoadedArchitectures, description.ComputedTerms));
        Assert.Equal((host.LoadedBytes, Memory), (description.LoadedBytes, description.MemoryBudget));
    }

    [Fact]
    public async Task A_network_goes_to_the_thread_that_has_it()
    {
        using var devices = new DeviceThreads(["cpu", "cpu", "cpu"], Memory, () => new FusedEvaluator());
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(network => EvaluateAsync(devices, Request(network))));
        }

        // On another thread it would have been loaded once more.
        Assert.Equal(4, devices.Describe().LoadedArchitectures);
    }

    [Fact]
    public async Task Other_work_is_done_side_by_side_on_the_same_threads()
    {
        using var devices = new DeviceThreads(["cpu", "cpu"], Memory, () => new FusedEvaluator());
        using var both = new Barrier(2);
        var names = await Task.WhenAll(Enumerable.Range(0, 2).Select(network => devices.RunAsync(Request(network).Target, () =>
        {
            Assert.True(both.SignalAndWait(Patience));
            return Thread.CurrentThread.Name;
        }, CancellationToken.None)));
        Assert.Equal(["device 0 (cpu)", "device 1 (cpu)"], names.Order());

        await Assert.ThrowsAsync<InvalidDataException>(() => devices.RunAsync<int>(
            Request(0).Target, () => throw new InvalidDataException("made to fail"), CancellationToken.None));
        Assert.Equal(0, devices.Describe().ComputedTerms);
    }

    [Fact]
    public async Task Other_work_that_no_thread_has_come_to_can_be_taken_back()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        using var go = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = devices.RunAsync(Request(0).Target, () =>
        {
            begun.SetResult();
            go.Wait();
            return 1;
        }, cancel.Token);
        await begun.Task.WaitAsync(Patience);
        var second = devices.RunAsync(Request(1).Target, () => 2, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        go.Set();
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task Unloading_releases_these_architectures_and_no_others()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        for (var network = 0; network < 3; network++)
        {
            await EvaluateAsync(devices, Request(network));
        }

        devices.Unload([Request(1).Target, Request(2).Target]);

        // The thread takes things in turn: what was released before this answer is gone after it.
        await EvaluateAsync(devices, Request(0));
        Assert.Equal(1, devices.Describe().LoadedArchitectures);
    }

    [Fact]
    public async Task The_last_request_of_a_network_releases_it()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        await EvaluateAsync(devices, Request(0));
        await EvaluateAsync(devices, Request(0) with { IsLast = true });
        Assert.Equal((0, 0L), (devices.Describe().LoadedArchitectures, devices.Describe().LoadedBytes));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_the_thread_goes_on()
    {
        using var devices = new DeviceThreads(["cpu"], memoryBudget: 1000, () => new FusedEvaluator());
        await Assert.ThrowsAsync<BatchTooLargeException>(() => EvaluateAsync(devices, Request(0)));
        await Assert.ThrowsAsync<BatchTooLargeException>(() => EvaluateAsync(devices, Request(1)));
        Assert.Equal(
            (0, 0L, 0L), (devices.Describe().LoadedArchitectures, devices.Describe().LoadedBytes, devices.Describe().ComputedTerms));
    }

    [Fact]
    public async Task What_is_not_to_be_begun_is_not_computed()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        Assert.Null(await devices.EvaluateAsync(Request(0), Share, () => Task.FromResult(false), CancellationToken.None));
        Assert.Equal((0, 0L), (devices.Describe().LoadedArchitectures, devices.Describe().ComputedTerms));
    }

    [Fact]
    public async Task A_run_with_little_to_ask_is_served_in_turn_with_one_that_has_ten_times_as_much_and_was_there_before()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        TaskCompletionSource<bool> mayBegin = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> order = [];
        var first = devices.EvaluateAsync(Request(0), new DeviceShare("much"), () =>
        {
            hasBegun.SetResult();
            return mayBegin.Task;
        }, CancellationToken.None);
        await hasBegun.Task.WaitAsync(Patience);

        // The device notes who comes and computes nothing: only the order counts.
        var waiting = Enumerable.Repeat(new DeviceShare("much"), 40).Concat(Enumerable.Repeat(new DeviceShare("little"), 4))
            .Select(share => devices.EvaluateAsync(Request(0), share, () =>
            {
                order.Add(share.Run);
                return Task.FromResult(false);
            }, CancellationToken.None)).ToList();
        mayBegin.SetResult(false);
        await Task.WhenAll(waiting.Append(first)).WaitAsync(Patience);

        Assert.Equal(44, order.Count);
        Assert.Equal(4, order.Take(8).Count(run => run == "little"));
    }

    [Fact]
    public async Task What_a_thread_has_come_to_is_finished_and_what_waits_can_be_withdrawn_and_is_never_begun()
    {
        using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        using var leaving = new CancellationTokenSource();
        TaskCompletionSource<bool> mayBegin = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = devices.EvaluateAsync(Request(0), Share, () =>
        {
            hasBegun.SetResult();
            return mayBegin.Task;
        }, leaving.Token);
        await hasBegun.Task.WaitAsync(Patience);
        var waiting = devices.EvaluateAsync(Request(1), Share, () => throw new InvalidOperationException("begun"), leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        mayBegin.SetResult(true);
        Assert.NotNull(await begun.WaitAsync(Patience));
    }

    [Fact]
    public async Task Devices_that_end_take_back_what_they_have_not_come_to()
    {
        var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
        TaskCompletionSource<bool> mayBegin = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = devices.EvaluateAsync(Request(0), Share, () =>
        {
            hasBegun.SetResult();
            return mayBegin.Task;
        }, CancellationToken.None);
        await hasBegun.Task.WaitAsync(Patience);
        var waiting = EvaluateAsync(devices, Request(1));

        var ending = Task.Run(devices.Dispose);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        mayBegin.SetResult(true);
        Assert.NotNull(await begun.WaitAsync(Patience));
        await ending.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EvaluateAsync(devices, Request(2)));
    }

    private static async Task<TermReply> EvaluateAsync(DeviceThreads devices, TermRequest request) =>
        (await devices.EvaluateAsync(request, Share, () => Task.FromResult(true), CancellationToken.None).WaitAsync(Patience))!;

    private static TermRequest Request(int network) => new(network, 1,
        new ProbedNetwork(
            new FlexiBertGenotype(32, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 64, 1), 1 + network)]),
            new ProbeSettings(2, 8, 5, 5, WeightSelection.All, new EmbeddingSizes(33, 32, 64))),
        [new ChainSet(InputKind.A, [.. Chains])]);

    private static string Bits(TermReply reply) => string.Join(';', reply.Blocks.Select(block =>
        $"{block.Input} {Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(block.Means.Span))} " +
            $"{string.Join(',', block.Counts.ToArray())}"));
}
