using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class ClosePairsTests
{
    [Fact]
    public void Only_pairs_within_five_per_cent_of_the_larger_one_count()
    {
        // 100 with 95 and 95 with 91 are close, 100 with 91 and everything with 200 is not.
        double[] sizes = [100, 95, 91, 200], truth = [4, 3, 2, 1];
        string[] networks = ["a", "b", "c", "d"];
        Assert.Equal(1, ClosePairs.Accuracy([3, 2, 1, 9], truth, sizes, networks));
        Assert.Equal(0.5, ClosePairs.Accuracy([1, 3, 2, 0], truth, sizes, networks));
        Assert.Equal(0, ClosePairs.Accuracy([1, 2, 3, 0], truth, sizes, networks));
    }

    [Fact]
    public void Equal_scores_count_half() =>
        Assert.Equal(0.75, ClosePairs.Accuracy([3, 3, 1], [4, 3, 2], [100, 96, 92], ["a", "b", "c"]));

    [Fact]
    public void Pairs_that_no_score_can_order_are_left_out()
    {
        // The first two are one network, the last two have one truth.
        Assert.Equal(1, ClosePairs.Accuracy([1, 1, 2, 3], [1, 2, 3, 3], [10, 10, 10, 10], ["a", "a", "b", "c"]));
        Assert.True(double.IsNaN(ClosePairs.Accuracy([1, 2], [1, 2], [10, 10], ["a", "a"])));
    }

    [Fact]
    public void Without_a_close_pair_there_is_none() =>
        Assert.True(double.IsNaN(ClosePairs.Accuracy([1, 2, 3], [1, 2, 3], [100, 200, 300], ["a", "b", "c"])));
}
