using LPZero.Coordinator.Exhaustive;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Exhaustive;

public sealed class RankingKeyFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_lies_beyond_the_checkpoint_is_cut_off_and_what_it_counts_must_be_there()
    {
        var path = folder.File("keys.bin");
        var keys = new RankingKeyFile(path);
        keys.Append(new SignedRankingKey[5]);
        keys.Truncate(3);
        Assert.Equal(3, keys.Count);
        Assert.Contains("3 of the 4 rankings", Assert.Throws<StorageException>(() => keys.Truncate(4)).Message, StringComparison.Ordinal);
        keys.Delete();
        Assert.Throws<StorageException>(() => keys.Truncate(1));
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Different_rankings_are_counted_whichever_thread_comes_upon_them(int threads)
    {
        var keys = new RankingKeyFile(folder.File("keys.bin"));
        keys.Append([.. Enumerable.Range(0, 1000).Select(i => Key(i % 600, occurs: true))]);
        keys.Append([.. Enumerable.Range(0, 50).Select(i => Key(i, occurs: false))]);

        Assert.Equal(650, keys.CountDistinct(threads));
    }

    private static SignedRankingKey Key(int number, bool occurs) =>
        SignedRankingKey.Of(new RankingKey(1 + number, 7 * number), occurs, reversalOccurs: !occurs);
}
