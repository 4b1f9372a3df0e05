using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Randomness;

namespace LPZero.Coordinator.Tests.Exhaustive;

public sealed class DistinctRankingsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(100_000)]
    public void Rankings_that_occur_in_many_keys_count_once_however_many_were_expected(int expected)
    {
        var random = new SplittableRandom(5);
        var distinct = new DistinctRankings(expected);
        var occurring = new HashSet<(long, long)>();
        for (var i = 0; i < 20_000; i++)
        {
            // Many share one of the sums; none is its own reversal, which only a ranking of nothing but ties is.
            var key = new RankingKey((random.Next(2) == 0 ? 1 : -1) * (1 + random.Next(100)), random.Next(200) - 100);
            var (occurs, reversalOccurs) = (random.Next(2) == 0, random.Next(2) == 0);
            distinct.Add(SignedRankingKey.Of(key, occurs, reversalOccurs));
            if (occurs)
            {
                occurring.Add((key.First, key.Second));
            }

            if (reversalOccurs)
            {
                occurring.Add((-key.First, -key.Second));
            }
        }

        Assert.InRange(occurring.Count, 5_000, 30_000);
        Assert.Equal(occurring.Count, distinct.Count);
    }
}
