using LPZero.GpuNode.Networks;

namespace LPZero.GpuNode.Tests.Networks;

public sealed class CounterRandomTests
{
    [Fact]
    public void A_stream_is_SplitMix64_so_its_mean_and_bits_are_even()
    {
        var random = new CounterRandom(1, "a");
        var ones = Enumerable.Range(0, 4096).Sum(i => (long)ulong.PopCount(random[i]));
        Assert.InRange(ones / (4096 * 64.0), 0.495, 0.505);
        Assert.InRange(Enumerable.Range(0, 4096).Average(i => random.Uniform(i)), 0.48, 0.52);
    }

    [Fact]
    public void Streams_of_other_names_or_seeds_are_unrelated()
    {
        Assert.NotEqual(new CounterRandom(1, "a")[0], new CounterRandom(1, "b")[0]);
        Assert.NotEqual(new CounterRandom(1, "a")[0], new CounterRandom(2, "a")[0]);
        Assert.InRange(Correlation(Normal(new(1, "a"), 20_000), Normal(new(1, "b"), 20_000)), -0.03, 0.03);
    }

    [Fact]
    public void Normal_draws_have_the_moments_of_the_normal_distribution()
    {
        var draws = Normal(new CounterRandom(3, "weights"), 200_001).Select(d => (double)d).ToList();
        Assert.InRange(draws.Average(), -0.01, 0.01);
        Assert.InRange(draws.Average(d => d * d), 0.98, 1.02);
        Assert.InRange(draws.Average(d => d * d * d), -0.05, 0.05);
        Assert.InRange(draws.Average(d => d * d * d * d), 2.9, 3.1);
        Assert.InRange(Correlation([.. draws.SkipLast(1).Select(d => (float)d)], [.. draws.Skip(1).Select(d => (float)d)]), -0.01, 0.01);
    }

    [Fact]
    public void Any_part_of_a_stream_can_be_drawn_alone()
    {
        var random = new CounterRandom(5, "rows");
        var whole = Normal(random, 5000);
        foreach (var (start, length) in new[] { (0, 7), (2, 1), (1022, 6), (1500, 3001), (4998, 2) })
        {
            var part = new float[length];
            random.FillNormal(part, 1, start / 2);
            Assert.Equal(whole.AsSpan(start, length).ToArray(), part);
        }
    }

    [Fact]
    public void Signs_are_plus_and_minus_one_in_equal_shares()
    {
        var signs = new float[10_000];
        new CounterRandom(9, "cotangent").FillSigns(signs);
        Assert.All(signs, s => Assert.Equal(1, Math.Abs(s)));
        Assert.InRange(signs.Sum(), -400, 400);
    }

    private static float[] Normal(CounterRandom random, int count)
    {
        var draws = new float[count];
        random.FillNormal(draws, 1);
        return draws;
    }

    private static double Correlation(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Average();
}
