using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Segmented;

namespace LPZero.GpuNode.Tests.Segmented;

public sealed class SegmentPlanTests
{
    [Fact]
    public void Every_tensor_is_packed_once_and_its_size_is_a_number_of_blocks()
    {
        var random = new CounterRandom(5, "sizes");
        for (var draw = 0; draw < 200; draw++)
        {
            var segments = Enumerable.Range(0, 1 + (int)(random[draw] % 40)).Select(column => Drawn(random, (draw * 100) + column, column))
                .ToList();
            var plans = SegmentPlan.Pack(segments);
            Assert.Equal(segments.OrderBy(s => s.Column), plans.SelectMany(p => p.Segments).OrderBy(s => s.Column));
            Assert.All(plans, plan => Assert.All(plan.Segments, segment => Assert.Equal(0, segment.Count % plan.BlockSize)));
        }
    }

    [Fact]
    public void What_several_tensors_take_together_is_bounded()
    {
        // A prime among even sizes would make blocks of a single element.
        Segment[] segments =
        [
            .. Enumerable.Range(0, 50).Select(column => new Segment(column, 1 << 20, 1024)),
            new Segment(50, 999_983, 1), new Segment(51, 40 << 20, 1),
        ];
        var plans = SegmentPlan.Pack(segments);
        Assert.Contains(plans, plan => plan.Segments.Length > 1);
        Assert.All(plans.Where(plan => plan.Segments.Length > 1), plan =>
        {
            Assert.True(plan.Segments.Sum(s => s.Count) <= SegmentPlan.MaximumElements);
            Assert.True(plan.Segments.Length * plan.BlocksOfLargest <= SegmentPlan.MaximumCells);
        });
        Assert.Single(plans, plan => plan.Segments is [{ Column: 50 }]);
        Assert.Single(plans, plan => plan.Segments is [{ Column: 51 }]);
    }

    [Fact]
    public void The_matrices_of_a_network_are_one_concatenation()
    {
        // Attention and feed-forward matrices of 12 layers, hidden 128.
        long[][] shapes = [[128, 128], [128, 128], [128, 128], [128, 128], [512, 128], [128, 512]];
        var plan = Assert.Single(SegmentPlan.Pack(
            Enumerable.Range(0, 12 * shapes.Length).Select(i => new Segment(i, shapes[i % 6][0] * shapes[i % 6][1], shapes[i % 6][0]))));
        Assert.Equal(128 * 128, plan.BlockSize);
        Assert.Equal(
            [(0, 48, 128L), (48, 12, 128L), (96, 12, 512L)], plan.Runs.Select(run => (run.FirstBlock, run.Tensors, run.Shape.Rows)));
    }

    [Fact]
    public void Tensors_of_one_size_are_one_block_each()
    {
        var plan = Assert.Single(SegmentPlan.Pack([new Segment(0, 12, 3), new Segment(1, 12, 4)]));
        Assert.True(plan.IsUniform);
        Assert.Equal(2, plan.Runs.Count());
    }

    private static Segment Drawn(CounterRandom random, int at, int column)
    {
        var rows = 1 + (long)(random[at + 1000] % 64);
        return new Segment(column, rows * (1 + (long)(random[at + 2000] % 5000)), rows);
    }
}
