using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class TopPrecisionTests
{
    [Fact]
    public void A_tenth_is_rounded_up_and_counted_by_hand()
    {
        double[] truth = [.. Enumerable.Range(0, 21).Select(i => (double)i)];

        // Of the three best by truth, 18 to 20, the scores put 20 and 18 among their three best.
        double[] scores = [.. truth];
        (scores[19], scores[3]) = (scores[3], scores[19]);
        Assert.Equal(2.0 / 3, TopPrecision.OfTenth(scores, truth), precision: 15);
        Assert.Equal(1, TopPrecision.OfTenth(truth, truth), precision: 15);
        Assert.Equal(0, TopPrecision.OfTenth([.. truth.Select(value => -value)], truth));
    }

    [Fact]
    public void Ties_count_as_the_mean_over_their_orders()
    {
        double[] scores = [5, 5, 5, 1, 5, 0, 7, 1, 2, 3, 0, 0], truth = [9, 8, 7, 9, 9, 0, 1, 2, 9, 3, 3, 3];
        var random = new SplittableRandom(3);
        var sum = 0.0;
        const int Orders = 20_000;
        for (var order = 0; order < Orders; order++)
        {
            var byScore = Top(scores);
            sum += byScore.Intersect(Top(truth)).Count() / 2.0;
        }

        Assert.Equal(sum / Orders, TopPrecision.OfTenth(scores, truth), tolerance: 0.01);

        int[] Top(double[] values)
        {
            var order = Enumerable.Range(0, values.Length).ToArray();
            random.Shuffle<int>(order);
            return [.. order.OrderByDescending(i => values[i]).Take(2)];
        }
    }

    [Fact]
    public void Constant_scores_find_a_tenth_of_the_best_by_chance() =>
        Assert.Equal(0.1, TopPrecision.OfTenth([.. Enumerable.Repeat(1.0, 50)], [.. Enumerable.Range(0, 50)]), precision: 12);

    [Fact]
    public void Nothing_and_what_is_not_a_number_has_none()
    {
        Assert.True(double.IsNaN(TopPrecision.OfTenth([], [])));
        Assert.True(double.IsNaN(TopPrecision.OfTenth([1, double.NaN], [1, 2])));
    }
}
