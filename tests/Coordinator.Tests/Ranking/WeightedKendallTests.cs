using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class WeightedKendallTests
{
    [Fact]
    public void Of_a_sample_in_which_each_occurs_once_both_taus_are_the_plain_ones() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.VaryingPairs(2, 40), pair =>
        {
            var ones = pair.X.Select(_ => 1).ToArray();
            var weighted = new WeightedKendall(pair.X, pair.Y);
            return weighted.TauA(ones) == Kendall.TauA(pair.X, pair.Y) && weighted.TauB(ones) == Kendall.TauB(pair.X, pair.Y);
        }));

    [Fact]
    public void A_pair_counts_as_often_as_its_two_architectures_occur_together() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.Pairs(2, 30), pair =>
        {
            var (x, y) = pair;
            var random = new SplittableRandom((ulong)x.Length);
            var weights = x.Select(_ => random.Next(4)).ToArray();
            double all = 0, balance = 0, untiedX = 0, untiedY = 0;
            foreach (var (i, j) in from i in Enumerable.Range(0, x.Length) from j in Enumerable.Range(0, i) select (i, j))
            {
                double weight = weights[i] * weights[j];
                all += weight;
                balance += weight * Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j]);
                untiedX += x[i] == x[j] ? 0 : weight;
                untiedY += y[i] == y[j] ? 0 : weight;
            }

            var weighted = new WeightedKendall(x, y);
            return (balance / all).Equals(weighted.TauA(weights))
                && (untiedX * untiedY > 0 ? balance / Math.Sqrt(untiedX * untiedY) : double.NaN).Equals(weighted.TauB(weights));
        }));

    [Fact]
    public void A_score_that_is_not_a_number_has_no_tau()
    {
        var weighted = new WeightedKendall([1, double.NaN, 3], [1, 2, 3]);
        Assert.True(double.IsNaN(weighted.TauA([1, 1, 1])));
        Assert.True(double.IsNaN(weighted.TauB([1, 1, 1])));
    }
}
