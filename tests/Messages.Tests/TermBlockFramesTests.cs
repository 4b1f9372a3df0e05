using System.Collections.Immutable;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;

namespace LPZero.Messages.Tests;

public sealed class TermBlockFramesTests
{
    private static readonly TermBlock Activation = new(
        InputKind.A, [1, 2], [Chain.Empty, Chain.Of(UnaryOperation.Square)], [0.5, double.NaN, -1, 2, double.PositiveInfinity, 1e-300],
        [1, 2, 3, 4, 5, 1L << 40]);

    private static readonly TermBlock Weight = new(InputKind.W, [1], [Chain.Of(UnaryOperation.Log, UnaryOperation.NoOp)], [7], [8]);

    [Fact]
    public async Task Networks_come_out_as_they_went_in()
    {
        var read = await ReadAsync(await WriteAsync([Activation, Weight], [], [Weight]));
        Assert.Equal([2, 0, 1], read.Select(blocks => blocks.Length));
        Assert.Equal(InputKind.A, read[0][0].Input);
        Assert.Equal(Activation.Means.ToArray(), read[0][0].Means.ToArray());
        Assert.Equal(Activation.Counts.ToArray(), read[0][0].Counts.ToArray());
        Assert.Equal("no_op log", Assert.Single(read[2][0].Chains).ToString());
    }

    [Fact]
    public async Task Wherever_a_stream_is_cut_it_is_said()
    {
        var whole = await WriteAsync([Activation], [Weight]);
        for (var length = 0; length < whole.Length; length++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(whole[..length]));
        }
    }

    [Fact]
    public async Task Why_the_writer_failed_reaches_the_reader_behind_what_it_wrote()
    {
        using var stream = new MemoryStream();
        await TermBlockFrames.WriteAsync(stream, Failing(), CancellationToken.None);
        stream.Position = 0;
        await using var networks = TermBlockFrames.ReadAsync(stream, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await networks.MoveNextAsync());
        Assert.Equal("the term cache is away",
            (await Assert.ThrowsAsync<SearchServiceException>(async () => await networks.MoveNextAsync())).Message);

        static async IAsyncEnumerable<ImmutableArray<TermBlock>> Failing()
        {
            yield return [Weight];
            await Task.Yield();
            throw new SearchServiceException("the term cache is away");
        }
    }

    [Fact]
    public async Task What_is_no_stream_of_terms_takes_no_memory()
    {
        // Text, whose second to fifth characters would be a length beyond any.
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("<html>"u8.ToArray()));
        // A frame with a block that claims to be longer than its frame.
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([1, 5, 0, 0, 0, 0, 255, 255, 255, 127]));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([9, 0, 0, 0, 0]));
    }

    private static async Task<byte[]> WriteAsync(params ImmutableArray<TermBlock>[] networks)
    {
        using var stream = new MemoryStream();
        await TermBlockFrames.WriteAsync(stream, networks.ToAsyncEnumerable(), CancellationToken.None);
        return stream.ToArray();
    }

    private static async Task<List<ImmutableArray<TermBlock>>> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var read = new List<ImmutableArray<TermBlock>>();
        await foreach (var blocks in TermBlockFrames.ReadAsync(stream, CancellationToken.None))
        {
            read.Add(blocks);
        }

        return read;
    }
}
