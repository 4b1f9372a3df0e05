using LPZero.Messages.Proxies;

namespace LPZero.Messages.Wire;

/// <summary>
/// A chain as bytes: its number of operations and then these, a byte each, first applied first. Where it has a factor, that number is
/// marked by its highest bit, and behind the operations stand the factor's input and chain in the same form.
/// </summary>
public static class ChainBytes
{
    private const byte HasFactor = 0x80;

    /// <summary>Writes a chain.</summary>
    public static void Write(BinaryWriter writer, Chain chain)
    {
        writer.Write((byte)(chain.Count | (chain.Factor is null ? 0 : HasFactor)));
        foreach (var operation in chain)
        {
            writer.Write((byte)operation);
        }

        if (chain.Factor is { } factor)
        {
            writer.Write((byte)factor.Input);
            Write(writer, factor.Chain);
        }
    }

    /// <summary>Reads a chain.</summary>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    /// <exception cref="FormatException">It is too long, or holds an operation or an input that there is not.</exception>
    public static Chain Read(BinaryReader reader) => Read(reader, mayHaveFactor: true);

    private static Chain Read(BinaryReader reader, bool mayHaveFactor)
    {
        var head = reader.ReadByte();
        var length = head & ~HasFactor;
        var hasFactor = (head & HasFactor) != 0;
        if (hasFactor && !mayHaveFactor)
        {
            throw new FormatException("a factor has a factor");
        }

        Span<UnaryOperation> operations = stackalloc UnaryOperation[length];
        foreach (ref var operation in operations)
        {
            operation = Defined((UnaryOperation)reader.ReadByte());
        }

        var chain = Chain.Of(operations);
        return hasFactor
            ? chain.Times(new Branch(Defined((InputKind)reader.ReadByte()), Read(reader, mayHaveFactor: false)))
            : chain;
    }

    private static T Defined<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? value : throw new FormatException($"there is no {typeof(T).Name} {value:D}");
}
