using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
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

    [Fact]
    public void Two_runs_take_turns_however_much_more_one_of_them_asks_for()
    {
        var queues = new DeviceQueues(1);
        Add(queues, new DeviceShare("A"), 10);
        Add(queues, new DeviceShare("B"), 3);
        Assert.Equal("ABABABAAAAAAA", Order(queues));
    }

    [Fact]
    public void A_run_of_three_times_the_priority_gets_three_times_as_many_turns()
    {
        var queues = new DeviceQueues(1);
        Add(queues, new DeviceShare("A"), 9);
        Add(queues, new DeviceShare("B", Priority: 3), 9);
        var order = Order(queues)[..8];
        Assert.Equal((2, 6), (order.Count(run => run == 'A'), order.Count(run => run == 'B')));
    }

    [Fact]
    public void A_run_of_larger_networks_gets_fewer_turns_not_more_of_the_device()
    {
        var queues = new DeviceQueues(1);
        Add(queues, new DeviceShare("A"), 40, layers: 8);
        Add(queues, new DeviceShare("B"), 40);
        var order = Order(queues);
        var half = order.IndexOf(new string('A', 20), StringComparison.Ordinal) is var last and > 0 ? order[..last] : order;
        double Bytes(char run, int layers) => half.Count(each => each == run) * (double)Work(1, layers).Bytes;
        Assert.InRange(Bytes('A', 8) / Bytes('B', Layer), 0.8, 1.25);
    }

    [Fact]
    public void Whoever_asked_for_nothing_for_a_while_has_saved_no_turns_up_and_owes_none()
    {
        var queues = new DeviceQueues(1);
        Add(queues, new DeviceShare("B"), 1);
        Add(queues, new DeviceShare("A"), 30);
        for (var i = 0; i < 20; i++)
        {
            queues.Take(0);
            queues.Finish(0, []);
        }

        Add(queues, new DeviceShare("B"), 4);
        Assert.InRange(Order(queues)[..8].Count(run => run == 'B'), 4, 4);
    }

    [Fact]
    public void What_is_loaded_of_one_run_does_not_keep_another_from_its_turn()
    {
        var queues = new DeviceQueues(1);
        Add(queues, new DeviceShare("A"), 10);
        queues.Take(0);
        queues.Finish(0, [Work(1, Layer).Target]);
        queues.Add(Work(2, Layer, new DeviceShare("B")));
        Assert.Equal("B", queues.Take(0)!.Share.Run);
    }

    [Fact]
    public void A_thread_with_nothing_to_do_takes_over_the_work_of_the_run_whose_turn_it_is()
    {
        var queues = new DeviceQueues(2);
        Assert.Equal(0, queues.Add(Work(1, layers: 9)));
        queues.Take(0);
        for (var width = 2; width < 6; width++)
        {
            queues.Add(Work(width, Layer, new DeviceShare(width < 5 ? "A" : "B")));
        }

        Assert.Equal("A", queues.Take(1)!.Share.Run);
        queues.Finish(1, []);
        Assert.Equal("B", queues.Take(1)!.Share.Run);
    }

    [Fact]
    public void What_is_taken_back_costs_its_run_no_turn()
    {
        var queues = new DeviceQueues(1);
        Add(queues, new DeviceShare("A"), 4);
        var withdrawn = Enumerable.Range(0, 3).Select(_ => Work(1, Layer, new DeviceShare("B"))).ToList();
        withdrawn.ForEach(work => queues.Add(work));
        Assert.All(withdrawn, work => Assert.True(queues.Remove(work)));
        Add(queues, new DeviceShare("B"), 2);
        Assert.Equal("ABABAA", Order(queues));
    }

    private static void Add(DeviceQueues queues, DeviceShare share, int count, int layers = Layer)
    {
        for (var i = 0; i < count; i++)
        {
            queues.Add(Work(1, layers, share));
        }
    }

    /// <summary>The runs in the order in which the one thread comes to them.</summary>
    private static string Order(DeviceQueues queues)
    {
        var order = "";
        while (queues.Take(0) is { } work)
        {
            order += work.Share.Run;
            queues.Finish(0, []);
        }

        return order;
    }

    /// <summary>Work on a network that its width and its layers tell from others.</summary>
    private static DeviceWork<int> Work(int width, int layers, DeviceShare? share = null) => new(
        new ProbedNetwork(
            new FlexiBertGenotype(
                32, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 64 + width, 1), layers)]),
            new ProbeSettings(2, 8, 5, 5, WeightSelection.All, new EmbeddingSizes(33, 32, 64))),
        share ?? new DeviceShare("run"), _ => 0, _ => 0);
}
