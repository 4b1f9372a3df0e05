using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Randomness;

namespace LPZero.Coordinator.Tests.Baselines;

public class NonNegativeWeightsTests
{
    private static readonly double[] Targets = [1, -2, 4, 0, 3];

    [Fact]
    public void What_says_the_same_counts_once_and_what_says_the_opposite_not_at_all()
    {
        double[] opposite = [.. Targets.Select(target => -target)];
        double[] shifted = [.. Targets.Select(target => (2 * target) + 7)];

        var weights = NonNegativeWeights.Of([Targets, opposite, shifted], Targets);

        Assert.Equal(0, weights[1]);
        Assert.Equal(1, weights[0] + (2 * weights[2]), 9);
    }

    [Fact]
    public void No_other_weights_come_nearer()
    {
        var random = new SplittableRandom(3);
        var targets = Enumerable.Range(0, 30).Select(_ => random.NextDouble()).ToArray();
        double[][] predictions =
        [
            .. Enumerable.Range(0, 4).Select(noise => targets.Select(target => target + (noise * random.NextDouble())).ToArray()),
            [.. targets.Select(target => 1 - target + random.NextDouble())],
        ];

        var weights = NonNegativeWeights.Of(predictions, targets);

        Assert.All(weights, weight => Assert.True(weight >= 0));
        var least = Distance(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            foreach (var step in new[] { -0.01, 0.01 })
            {
                double[] other = [.. weights];
                other[i] = Math.Max(0, other[i] + step);
                Assert.True(Distance(other) >= least - 1e-9);
            }
        }

        double Distance(double[] by)
        {
            double[] left = [.. targets.Select((target, i) => target - by.Select((weight, j) => weight * predictions[j][i]).Sum())];
            return left.Sum(value => (value - left.Average()) * (value - left.Average()));
        }
    }

    [Fact]
    public void What_does_not_vary_says_nothing() =>
        Assert.Equal(new double[] { 0, 1 }, NonNegativeWeights.Of([[3, 3, 3, 3, 3], Targets], Targets));
}
