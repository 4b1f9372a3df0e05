using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using MathNet.Numerics.Statistics;

namespace LPZero.Coordinator.Tests.Ranking;

public class SpearmanTests
{
    [Fact]
    public void Rho_is_that_of_MathNet_ties_included() => Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.VaryingPairs(2, 80), pair =>
        Math.Abs(Spearman.Rho(pair.X, pair.Y) - Correlation.Spearman(pair.X, pair.Y)) < 1e-12));

    [Fact]
    public void Rho_of_long_vectors_is_that_of_MathNet()
    {
        var random = new SplittableRandom(7);
        var x = new double[1500];
        var y = new double[1500];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = random.Next(400);
            y[i] = x[i] + random.Next(400);
        }

        Assert.Equal(Correlation.Spearman(x, y), Spearman.Rho(x, y), 1e-12);
    }

    [Fact]
    public void Rho_does_not_depend_on_the_order_of_the_architectures() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.VaryingPairs(2, 80), pair =>
    {
        var order = Enumerable.Range(0, pair.X.Length).ToArray();
        new SplittableRandom(3).Shuffle<int>(order);
        var shuffled = Spearman.Rho(order.Select(i => pair.X[i]).ToArray(), order.Select(i => pair.Y[i]).ToArray());
        return BitConverter.DoubleToInt64Bits(shuffled) == BitConverter.DoubleToInt64Bits(Spearman.Rho(pair.X, pair.Y));
    }));

    [Fact]
    public void A_monotone_relation_gives_exactly_one_and_a_reversed_one_exactly_minus_one()
    {
        double[] x = [5, 1, 4, 2, 2];
        Assert.Equal(1.0, Spearman.Rho(x, x.Select(Math.Exp).ToArray()));
        Assert.Equal(-1.0, Spearman.Rho(x, x.Select(value => -value).ToArray()));
    }

    [Fact]
    public void Constant_scores_have_no_rho()
    {
        var against = new SpearmanAgainst([1, 2, 3, 4]);
        Assert.True(double.IsNaN(against.Rho([7, 7, 7, 7])));
        Assert.True(double.IsNaN(new SpearmanAgainst([1, 1, 1, 1]).Rho([1, 2, 3, 4])));
    }

    [Fact]
    public void A_score_that_is_not_a_number_has_no_rho() =>
        Assert.True(double.IsNaN(new SpearmanAgainst([1, 2, 3, 4]).Rho([1, double.NaN, 3, 4])));

    [Fact]
    public void A_score_vector_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new SpearmanAgainst([1, 2, 3]).Rho([1, 2]));

    [Theory]
    [InlineData(50)]
    [InlineData(300)]
    public void Ranking_a_score_vector_allocates_nothing(int length)
    {
        var random = new SplittableRandom(1);
        var truth = new double[length];
        var scores = new double[length];
        for (var i = 0; i < length; i++)
        {
            truth[i] = random.NextDouble();
            scores[i] = random.Next(length);
        }

        var against = new SpearmanAgainst(truth);
        var sum = against.Rho(scores);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sum += against.Rho(scores);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.False(double.IsNaN(sum));
    }

    [Fact]
    public void Rho_with_ties_at_random_is_the_mean_over_random_orders()
    {
        var random = new SplittableRandom(5);
        var truth = new double[60];
        var scores = new double[60];
        for (var i = 0; i < truth.Length; i++)
        {
            scores[i] = random.Next(4);
            truth[i] = scores[i] + (3 * random.NextDouble());
        }

        var against = new SpearmanAgainst(truth);
        var sum = 0.0;
        const int Orders = 4000;
        for (var order = 0; order < Orders; order++)
        {
            sum += against.Rho(scores.Select(score => score + (0.5 * random.NextDouble())).ToArray());
        }

        Assert.Equal(sum / Orders, against.RhoWithTiesAtRandom(scores), 0.003);
        Assert.True(against.RhoWithTiesAtRandom(scores) < against.Rho(scores));
    }
}
