using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Devices;

public sealed class DeviceQueuesTests
{
    private const int Layer = 1;

    [Fact]
    public void The_estimated_bytes_of_a_network_grow_with_its_layers() =>
        Assert.Equal(Network.MemoryOf(Work(width: 1, layers: 3).Target).Peak, Work(width: 1, layers: 3).Bytes);

    [Fact]
    public void A_network_that_no_thread_has_goes_to_the_shortest_queue_by_estimated_bytes()
    {
        var queues = new DeviceQueues(2);
        Assert.Equal(0, queues.Add(Work(1, layers: 5)));
        Assert.Equal([1, 1, 1], new[] { queues.Add(Work(2, Layer)), queues.Add(Work(3, Layer)), queues.Add(Work(4, Layer)) });
    }

    [Fact]
    public void What_is_at_hand_counts_as_long_as_it_is()
    {
        var queues = new DeviceQueues(2);
        queues.Add(Work(1, layers: 5));
        queues.Take(0);
        Assert.Equal(1, queues.Add(Work(2, Layer)));
        queues.Finish(0, []);
        Assert.Equal(0, queues.Add(Work(3, Layer)));
    }

    [Fact]
    public void A_network_goes_to_the_thread_that_has_it_loaded_however_long_its_queue()
    {
        var queues = new DeviceQueues(3);
        queues.Add(Work(1, layers: 5));
        queues.Take(0);
        queues.Finish(0, [Work(1, layers: 5).Target]);
        Assert.Equal([0, 0], new[] { queues.Add(Work(1, layers: 5)), queues.Add(Work(1, layers: 5)) });

        // Released with its last request, it may go anywhere.
        queues.Take(0);
        queues.Finish(0, [Work(1, layers: 5).Target]);
        queues.Take(0);
        queues.Finish(0, []);
        Assert.Equal(0, queues.Add(Work(9, Layer)));
        Assert.Equal(1, queues.Add(Work(1, layers: 5)));
    }

    [Fact]
    public void A_network_that_a_thread_is_about_to_load_counts_as_loaded_there()
    {
        var queues = new DeviceQueues(2);
        queues.Add(Work(1, layers: 5));
        Assert.Equal(0, queues.Add(Work(1, layers: 5)));
        queues.Take(0);
        Assert.Equal(0, queues.Add(Work(1, layers: 5)));
    }

    [Fact]
    public void Of_what_waits_what_is_loaded_comes_first_so_that_few_are_loaded_at_once()
    {
        var queues = new DeviceQueues(1);
        var (one, other, again) = (Work(1, Layer), Work(2, Layer), Work(1, Layer));
        queues.Add(one);
        queues.Add(other);
        Assert.Same(one, queues.Take(0));
        queues.Add(again);
        queues.Finish(0, [one.Target]);

        Assert.Same(again, queues.Take(0));
        queues.Finish(0, [one.Target]);
        Assert.Same(other, queues.Take(0));
    }

    [Fact]
    public void What_waits_is_not_passed_over_for_ever()
    {
        var queues = new DeviceQueues(1);
        queues.Add(Work(1, Layer));
        queues.Take(0);
        queues.Finish(0, [Work(1, Layer).Target]);
        var other = Work(2, Layer);
        queues.Add(other);

        var before = 0;
        for (queues.Add(Work(1, Layer)); queues.Take(0) != other; queues.Add(Work(1, Layer)))
        {
            queues.Finish(0, [Work(1, Layer).Target]);
            Assert.InRange(++before, 1, 100);
        }
    }

    [Fact]
    public void A_thread_with_nothing_to_do_takes_from_the_longest_queue_what_is_not_loaded_there()
    {
        var queues = new DeviceQueues(3);
        var (loaded, here, there) = (Work(1, layers: 5), Work(2, layers: 6), Work(3, Layer));
        queues.Add(loaded);
        Assert.Equal(1, queues.Add(here));
        Assert.Equal(2, queues.Add(there));
        queues.Take(0);
        queues.Finish(0, [loaded.Target]);
        var more = Work(1, layers: 5);
        queues.Add(more);

        // The queue of thread 1 is the longest.
        Assert.Equal([1, 2], queues.Idle.Except([0]));
        Assert.Same(there, queues.Take(2));
        queues.Finish(2, []);
        Assert.Same(here, queues.Take(2));

        // What is loaded elsewhere stays there.
        Assert.Null(queues.Take(1));
        Assert.Equal([0], queues.Idle);
        Assert.Same(more, queues.Take(0));
    }

    [Fact]
    public void What_waits_can_be_taken_back_and_what_is_at_hand_cannot()
    {
        var queues = new DeviceQueues(1);
        var (atHand, waiting, left) = (Work(1, Layer), Work(2, Layer), Work(3, Layer));
        queues.Add(atHand);
        queues.Add(waiting);
        queues.Add(left);
        queues.Take(0);

        Assert.False(queues.Remove(atHand));
        Assert.True(queues.Remove(waiting));
        Assert.Equal([left], queues.Clear());
        queues.Finish(0, []);
        Assert.Null(queues.Take(0));
    }

    /// <summary>Work on a network that its width and its layers tell from others.</summary>
    private static DeviceWork<int> Work(int width, int layers) => new(
        new ProbedNetwork(
            new FlexiBertGenotype(
                32, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 64 + width, 1), layers)]),
            new ProbeSettings(2, 8, 5, 5, WeightSelection.All, new EmbeddingSizes(33, 32, 64))),
        _ => 0, _ => 0);
}
