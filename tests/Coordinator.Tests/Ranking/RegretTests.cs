using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class RegretTests
{
    [Fact]
    public void It_is_the_truth_that_is_missed_by_training_the_top_alone()
    {
        double[] truth = [80, 95, 70, 90], scores = [4, 1, 3, 2];
        Assert.Equal(15, Regret.OfTop(scores, truth, 1), precision: 12);
        Assert.Equal(15, Regret.OfTop(scores, truth, 2), precision: 12);
        Assert.Equal(5, Regret.OfTop(scores, truth, 3), precision: 12);
        Assert.Equal(0, Regret.OfTop(scores, truth, 4), precision: 12);
        Assert.Equal(0, Regret.OfTop(scores, truth, 10), precision: 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Ties_count_as_the_mean_over_their_orders(int count)
    {
        double[] scores = [5, 5, 5, 1, 5, 0, 7, 1, 2], truth = [3, 8, 7, 9, 2, 0, 1, 2, 6];
        var random = new SplittableRandom(3);
        const int Orders = 20_000;
        var sum = 0.0;
        for (var drawn = 0; drawn < Orders; drawn++)
        {
            var order = Enumerable.Range(0, scores.Length).ToArray();
            random.Shuffle<int>(order);
            sum += truth.Max() - order.OrderByDescending(i => scores[i]).Take(count).Max(i => truth[i]);
        }

        Assert.Equal(sum / Orders, Regret.OfTop(scores, truth, count), tolerance: 0.06);
    }

    [Fact]
    public void Nothing_is_lost_where_all_that_are_tied_are_the_best_and_rounding_makes_it_no_less()
    {
        for (var tied = 2; tied < 60; tied++)
        {
            double[] scores = [.. Enumerable.Repeat(1.0, tied)], truth = [.. Enumerable.Repeat(0.9, tied)];
            for (var count = 1; count <= tied; count++)
            {
                Assert.Equal(0, Regret.OfTop(scores, truth, count));
            }
        }
    }

    [Fact]
    public void Nothing_and_what_is_not_a_number_has_none()
    {
        Assert.True(double.IsNaN(Regret.OfTop([], [], 1)));
        Assert.True(double.IsNaN(Regret.OfTop([1, double.NaN], [1, 2], 1)));
    }
}
