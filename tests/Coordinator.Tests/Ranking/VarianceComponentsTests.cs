using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public sealed class VarianceComponentsTests
{
    [Fact]
    public void Effects_of_one_factor_alone_are_its_variance_and_nothing_else()
    {
        double[] effects = [1, 2, 4, 9];
        var cells = Cells(4, 3, 2, (i, _, _) => effects[i]);
        var components = VarianceComponents.Of(cells);
        Assert.Equal(4, components.Mean, 12);
        // The sample variance: squares 9 + 4 + 0 + 25 over 3.
        Assert.Equal(38 / 3.0, components.First, 12);
        Assert.All(
            [
                components.Second, components.Third, components.FirstSecond, components.FirstThird, components.SecondThird,
                components.Residual,
            ],
            other => Assert.Equal(0, other, 12));
    }

    [Fact]
    public void Factors_are_told_apart_whatever_their_order()
    {
        var one = VarianceComponents.Of(Cells(5, 4, 3, Mixed));
        var turned = VarianceComponents.Of(Cells(3, 5, 4, (i, j, k) => Mixed(j, k, i)));
        Assert.Equal(one.First, turned.Second, 9);
        Assert.Equal(one.Second, turned.Third, 9);
        Assert.Equal(one.Third, turned.First, 9);
        Assert.Equal(one.FirstSecond, turned.SecondThird, 9);
        Assert.Equal(one.FirstThird, turned.FirstSecond, 9);
        Assert.Equal(one.SecondThird, turned.FirstThird, 9);
        Assert.Equal(one.Residual, turned.Residual, 9);

        static double Mixed(int i, int j, int k) => (3 * i) + (j * j) + Math.Sin(5 * k) + Math.Cos(i * j) + Math.Sin((2 * i) + (3 * j * k));
    }

    [Fact]
    public void The_estimates_are_unbiased()
    {
        // Standard deviations 3, 2, 1 of the factors, 1.5 of the first interaction, 0.5 of the rest; the mean of 400 tables.
        double[] sums = new double[7];
        const int tables = 400;
        var random = new SplittableRandom(5);
        for (var table = 0; table < tables; table++)
        {
            var (s, w, b) = (Draws(6, 3), Draws(5, 2), Draws(4, 1));
            var sw = Draws(30, 1.5);
            var rest = Draws(120, 0.5);
            var found = VarianceComponents.Of(
                Cells(6, 5, 4, (i, j, k) => s[i] + w[j] + b[k] + sw[(i * 5) + j] + rest[(((i * 5) + j) * 4) + k]));
            double[] all =
                [found.First, found.Second, found.Third, found.FirstSecond, found.FirstThird, found.SecondThird, found.Residual];
            for (var i = 0; i < all.Length; i++)
            {
                sums[i] += all[i] / tables;
            }
        }

        Assert.InRange(sums[0], 9 - 1.2, 9 + 1.2);
        Assert.InRange(sums[1], 4 - 0.7, 4 + 0.7);
        Assert.InRange(sums[2], 1 - 0.25, 1 + 0.25);
        Assert.InRange(sums[3], 2.25 - 0.2, 2.25 + 0.2);
        Assert.InRange(sums[4], -0.02, 0.02);
        Assert.InRange(sums[5], -0.02, 0.02);
        Assert.InRange(sums[6], 0.24, 0.26);

        // Sums of twelve uniform numbers are normal enough.
        double[] Draws(int count, double deviation) =>
            [.. Enumerable.Range(0, count).Select(_ => deviation * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6))];
    }

    [Fact]
    public void One_level_of_a_factor_is_refused() =>
        Assert.Throws<ArgumentException>(() => VarianceComponents.Of(new double[3, 1, 2]));

    private static double[,,] Cells(int a, int b, int c, Func<int, int, int, double> value)
    {
        var cells = new double[a, b, c];
        for (var i = 0; i < a; i++)
        {
            for (var j = 0; j < b; j++)
            {
                for (var k = 0; k < c; k++)
                {
                    cells[i, j, k] = value(i, j, k);
                }
            }
        }

        return cells;
    }
}
