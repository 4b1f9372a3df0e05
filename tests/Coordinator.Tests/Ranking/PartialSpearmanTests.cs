using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using MathNet.Numerics.LinearRegression;
using MathNet.Numerics.Statistics;

namespace LPZero.Coordinator.Tests.Ranking;

public class PartialSpearmanTests
{
    [Fact]
    public void It_is_the_correlation_of_residuals_of_ranks_regressed_on_ranks()
    {
        var random = new SplittableRandom(7);
        for (var trial = 0; trial < 20; trial++)
        {
            // Few values, so that there are ties.
            double[] a = [.. Draw(30, 12)], b = [.. Draw(30, 5)];
            double[] x = [.. Draw(30, 9).Select((noise, i) => a[i] + (2 * b[i]) + noise)];
            double[] y = [.. Draw(30, 9).Select((noise, i) => b[i] - a[i] + noise)];
            Assert.Equal(
                Correlation.Pearson(Residuals(x, a, b), Residuals(y, a, b)), PartialSpearman.Rho(x, y, a, b), precision: 10);
        }

        IEnumerable<double> Draw(int count, int bound)
        {
            for (var i = 0; i < count; i++)
            {
                yield return random.Next(bound);
            }
        }
    }

    [Fact]
    public void Given_one_vector_it_is_the_formula_of_three_correlations()
    {
        double[] x = [1, 4, 2, 6, 5, 3], y = [2, 1, 4, 6, 3, 5], z = [1, 2, 3, 4, 6, 5];
        var (xy, xz, yz) = (Spearman.Rho(x, y), Spearman.Rho(x, z), Spearman.Rho(y, z));
        var expected = (xy - (xz * yz)) / Math.Sqrt((1 - (xz * xz)) * (1 - (yz * yz)));
        Assert.Equal(expected, PartialSpearman.Rho(x, y, z), precision: 12);
    }

    [Fact]
    public void Nothing_given_it_is_rho()
    {
        double[] x = [1, 4, 2, 2, 5, 3], y = [2, 1, 4, 6, 3, 3];
        Assert.Equal(Spearman.Rho(x, y), PartialSpearman.Rho(x, y), precision: 12);
    }

    [Fact]
    public void Vectors_that_add_nothing_change_nothing()
    {
        double[] x = [1, 4, 2, 6, 5, 3], y = [2, 1, 4, 6, 3, 5], z = [1, 2, 3, 4, 6, 5];
        double[] constant = [3, 3, 3, 3, 3, 3], increasing = [.. z.Select(value => value * value)];
        Assert.Equal(PartialSpearman.Rho(x, y, z), PartialSpearman.Rho(x, y, z, constant, increasing), precision: 12);
    }

    [Fact]
    public void What_the_given_vectors_determine_has_none()
    {
        double[] y = [2, 1, 4, 6, 3, 5], z = [1, 2, 3, 4, 6, 5];
        Assert.True(double.IsNaN(PartialSpearman.Rho([.. z.Select(value => -10 * value)], y, z)));
        Assert.True(double.IsNaN(PartialSpearman.Rho(y, z, z)));
        Assert.True(double.IsNaN(PartialSpearman.Rho([1, 1, 1, 1, 1, 1], y, z)));
        Assert.True(double.IsNaN(PartialSpearman.Rho([1, double.NaN, 1, 1, 1, 1], y, z)));
    }

    private static double[] Residuals(double[] values, params double[][] given)
    {
        var ranks = Ranked(values);
        var others = given.Select(Ranked).ToArray();
        var rows = Enumerable.Range(0, values.Length).Select(i => others.Select(other => other[i]).ToArray()).ToArray();
        var fit = MultipleRegression.QR(rows, ranks, intercept: true);
        return [.. ranks.Select((rank, i) => rank - fit[0] - rows[i].Select((value, k) => value * fit[k + 1]).Sum())];
    }

    private static double[] Ranked(double[] values) => values.Ranks(RankDefinition.Average);
}
