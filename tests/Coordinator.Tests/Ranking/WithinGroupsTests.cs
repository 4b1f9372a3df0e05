using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class WithinGroupsTests
{
    private static readonly string[] Groups = ["a", "a", "a", "b", "b", "b", "b", "b", "b"];
    private static readonly double[] Truth = [1, 2, 3, 11, 12, 13, 14, 15, 16];

    [Fact]
    public void The_mean_is_weighted_by_the_groups_sizes()
    {
        double[] scores = [3, 2, 1, 11, 12, 13, 14, 15, 16];
        Assert.Equal((-3.0 + 6) / 9, WithinGroups.Rho(scores, Truth, Groups), 1e-12);
    }

    [Fact]
    public void A_proxy_that_only_tells_the_groups_apart_knows_nothing_within_them()
    {
        double[] depth = [1, 1, 1, 2, 2, 2, 2, 2, 2];
        Assert.True(Spearman.Rho(depth, Truth) > 0.8);
        Assert.Equal(0.0, WithinGroups.Rho(depth, Truth, Groups));
    }

    [Fact]
    public void Groups_that_cannot_be_ranked_are_left_out()
    {
        Assert.Equal(1.0, WithinGroups.Rho([1, 2, 3, 9, 8], [1, 2, 3, 5, 5], ["a", "a", "a", "b", "b"]));
        Assert.True(double.IsNaN(WithinGroups.Rho([1, 2, 3], [1, 2, 3], ["a", "b", "c"])));
    }
}
