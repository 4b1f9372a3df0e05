using LPZero.Coordinator.Randomness;

namespace LPZero.Coordinator.Tests.Randomness;

public sealed class SplittableRandomTests
{
    /// <summary>The reference outputs of SplitMix64 for seed 1234567, as published with its C implementation.</summary>
    [Fact]
    public void The_sequence_is_that_of_SplitMix64()
    {
        var random = new SplittableRandom(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.All(expected, bits => Assert.Equal(bits, random.NextBits()));
    }

    [Fact]
    public void A_generator_made_from_the_state_continues_the_sequence()
    {
        var random = new SplittableRandom(42);
        for (var i = 0; i < 10; i++)
        {
            random.Next(21);
        }

        var copy = new SplittableRandom(random.State);
        Assert.Equal(Enumerable.Range(0, 20).Select(_ => random.NextBits()), Enumerable.Range(0, 20).Select(_ => copy.NextBits()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(21)]
    [InlineData(1000)]
    public void Every_number_below_the_bound_is_as_likely_as_any_other(int bound)
    {
        const int Draws = 200_000;
        var random = new SplittableRandom(7);
        var counts = new int[bound];
        for (var i = 0; i < Draws; i++)
        {
            counts[random.Next(bound)]++;
        }

        Assert.InRange(ChiSquared.Statistic(counts), 0, ChiSquared.Bound(bound - 1));
    }

    [Fact]
    public void A_bound_of_the_largest_number_is_reached_on_both_halves()
    {
        var random = new SplittableRandom(3);
        var draws = Enumerable.Range(0, 1000).Select(_ => random.Next(int.MaxValue)).ToList();
        Assert.All(draws, draw => Assert.InRange(draw, 0, int.MaxValue - 1));
        Assert.InRange(draws.Count(draw => draw >= int.MaxValue / 2), 400, 600);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_bound_that_leaves_no_number_is_refused(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SplittableRandom(1).Next(bound));

    [Fact]
    public void Doubles_fill_the_unit_interval_evenly()
    {
        var random = new SplittableRandom(11);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            counts[(int)(random.NextDouble() * 10)]++;
        }

        Assert.InRange(ChiSquared.Statistic(counts), 0, ChiSquared.Bound(9));
    }

    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(0.1, 900, 1100)]
    [InlineData(1.0, 10_000, 10_000)]
    public void A_probability_is_met(double probability, int least, int most)
    {
        var random = new SplittableRandom(5);
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => random.NextBool(probability)), least, most);
    }

    [Fact]
    public void A_split_generator_shares_no_output_with_its_parent()
    {
        var parent = new SplittableRandom(42);
        var child = parent.Split();
        var outputs = Enumerable.Range(0, 1000).Select(_ => parent.NextBits()).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, 1000).Select(_ => child.NextBits()), outputs.Contains);
    }

    [Fact]
    public void Every_order_of_a_shuffle_is_as_likely_as_any_other()
    {
        var random = new SplittableRandom(9);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 60_000; i++)
        {
            var items = "abcd".ToCharArray();
            random.Shuffle<char>(items);
            counts[new string(items)] = counts.GetValueOrDefault(new string(items)) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.InRange(ChiSquared.Statistic([.. counts.Values]), 0, ChiSquared.Bound(23));
    }
}
