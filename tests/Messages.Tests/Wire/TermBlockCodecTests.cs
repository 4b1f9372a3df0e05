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
    public void Products_of_tensors_survive_their_bytes_in_a_version_of_their_own()
    {
        var product = Chain.Of(Abs, Log).Times(new Branch(InputKind.W, Chain.Of(Square)));
        var block = new TermBlock(InputKind.G, [1], [Chain.Of(Abs), product], [1, 2], [3, 3]);
        var bytes = TermBlockCodec.Encode(block);
        Assert.Equal(block.Chains.AsEnumerable(), TermBlockCodec.Decode(InputKind.G, bytes).Chains);
        Assert.Equal((2, 1), (bytes[0], TermBlockCodec.Encode(new TermBlock(InputKind.G, [1], [Chain.Of(Abs)], [1], [3]))[0]));
    }

    [Fact]
    public void A_block_without_products_has_the_bytes_that_it_always_had() => Assert.Equal(
        "010101" + "01" + "0200" + "12" + "000000000000F83F" + "05",
        Convert.ToHexString(TermBlockCodec.Encode(new TermBlock(InputKind.A, [1], [Chain.Of(Log, Std)], [1.5], [5]))));

    [Fact]
    public void An_operation_that_there_is_not_is_refused()
    {
        var bytes = TermBlockCodec.Encode(new TermBlock(InputKind.A, [1], [Chain.Of(Log)], [1], [1]));
        bytes[5] = 99;
        Assert.Throws<InvalidDataException>(() => TermBlockCodec.Decode(InputKind.A, bytes));
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
