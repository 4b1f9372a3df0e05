using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Networks;

public sealed class MiniBatchTests
{
    private static readonly ProbeSettings Large = new(400, 512, 11, 11, WeightSelection.All, FlexiBertSpace.PublicSizes);

    [Fact]
    public void Tokens_follow_Zipfs_law_with_exponent_one()
    {
        var tokens = MiniBatch.Tokens(Large);
        var harmonic = Enumerable.Range(1, Large.Sizes.Vocabulary).Sum(k => 1.0 / k);
        foreach (var id in new[] { 0, 1, 2, 9, 99 })
        {
            var expected = tokens.Length / ((id + 1) * harmonic);
            Assert.InRange(tokens.Count(t => t == id), expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }

        Assert.InRange(tokens.Max(), Large.Sizes.Vocabulary / 2, Large.Sizes.Vocabulary - 1);
    }

    [Fact]
    public void Tokens_are_a_function_of_the_seed()
    {
        Assert.Equal(MiniBatch.Tokens(Large), MiniBatch.Tokens(Large));
        Assert.NotEqual(MiniBatch.Tokens(Large), MiniBatch.Tokens(Large with { BatchSeed = 12 }));
        Assert.Equal(MiniBatch.Tokens(Large), MiniBatch.Tokens(Large with { WeightsSeed = 12 }));
    }

    [Fact]
    public void A_sequence_longer_than_the_positions_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => MiniBatch.Tokens(Large with { SequenceLength = 513 }));
        Assert.Contains("512 positions", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MiniBatch.Tokens(Large with { BatchSize = 0 }));
    }
}
