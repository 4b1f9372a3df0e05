using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using static LPZero.Messages.Proxies.UnaryOperation;

namespace LPZero.Messages.Tests.Wire;

public class TermBlockCodecTests
{
    [Fact]
    public void A_term_block_survives_its_bytes_with_NaN_and_infinities()
    {
        var block = new TermBlock(
            InputKind.G, [2, 1], [Chain.Empty, Chain.Of(Log, Std)],
            [1.5, double.NaN, double.PositiveInfinity, -0.0, double.Epsilon, double.NegativeInfinity], [10, 20, 30, 1, 1, 1]);
        var read = TermBlockCodec.Decode(InputKind.G, TermBlockCodec.Encode(block));
        Assert.Equal(block.Chains.AsEnumerable(), read.Chains);
        Assert.Equal(block.TensorsPerLayer.AsEnumerable(), read.TensorsPerLayer);
        Assert.Equal(
            block.Means.ToArray().Select(BitConverter.DoubleToInt64Bits), read.Means.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(block.Counts.ToArray(), read.Counts.ToArray());
    }

    [Fact]
    public void A_block_that_is_cut_short_is_refused()
    {
        var bytes = TermBlockCodec.Encode(new TermBlock(InputKind.A, [1], [Chain.Empty], [1], [1]));
        Assert.Throws<InvalidDataException>(() => TermBlockCodec.Decode(InputKind.A, bytes[..^3]));
        bytes[0] = 99;
        Assert.Contains("version 99", Assert.Throws<InvalidDataException>(() => TermBlockCodec.Decode(InputKind.A, bytes)).Message,
            StringComparison.Ordinal);
    }
}
