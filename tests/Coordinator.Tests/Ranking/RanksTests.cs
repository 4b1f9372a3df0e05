using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Ranking;
using MathNet.Numerics.Statistics;

namespace LPZero.Coordinator.Tests.Ranking;

public class RanksTests
{
    [Fact]
    public void Ties_share_the_mean_of_their_ranks()
    {
        var ranks = new double[5];
        Ranks.Average([3, 1, 3, 2, 3], ranks);
        Assert.Equal([4.0, 1, 4, 2, 4], ranks);
    }

    [Fact]
    public void Ranks_are_those_of_MathNet() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.Pairs(1, 70), pair => RanksAsMathNet(pair.X)));

    [Fact]
    public void Ranks_of_vectors_that_are_too_long_to_count_are_those_of_MathNet() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.Pairs(505, 520), pair => RanksAsMathNet(pair.X)));

    [Fact]
    public void Centred_ranks_are_smaller_values_minus_larger_ones_and_sum_to_nothing() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.Pairs(0, 70), pair =>
    {
        var centred = new long[pair.X.Length];
        return Ranks.TryCentre(pair.X, centred)
            && centred.SequenceEqual(
                pair.X.Select(value => (long)pair.X.Count(other => other < value) - pair.X.Count(other => other > value)))
            && centred.Sum() == 0;
    }));

    [Fact]
    public void Infinities_tie_with_themselves_and_stand_at_the_ends()
    {
        var ranks = new double[5];
        Ranks.Average([double.PositiveInfinity, 1e300, double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity], ranks);
        Assert.Equal([4.5, 3, 1.5, 4.5, 1.5], ranks);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(700)]
    public void NaN_has_no_rank(int length)
    {
        var values = Enumerable.Range(0, length).Select(i => (double)i).ToArray();
        values[length / 2] = double.NaN;
        Assert.False(Ranks.TryCentre(values, new long[length]));
        Assert.Throws<ArgumentException>(() => Ranks.Average(values, new double[length]));
    }

    private static bool RanksAsMathNet(double[] values)
    {
        var ranks = new double[values.Length];
        Ranks.Average(values, ranks);
        return ranks.SequenceEqual(Statistics.Ranks(values, RankDefinition.Average));
    }
}
