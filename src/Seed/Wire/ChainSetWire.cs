using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Wire;

/// <summary>
/// Chains on the wire. Thousands of networks are asked for the same hundreds of chains, so a set is written once however often it is
/// sent, and those who receive it share one.
/// </summary>
internal static class ChainSetWire
{
    private static readonly ConditionalWeakTable<ChainSet, ByteString> Written = [];

    // What was read last of each input.
    private static readonly ConcurrentDictionary<InputKind, (ByteString Chains, ChainSet Set)> Read = [];

    public static V1.ChainSet ToWire(ChainSet set) =>
        new() { Input = (int)set.Input, Chains = Written.GetValue(set, one => Pack(one.Chains)) };

    /// <exception cref="FormatException">The chains are cut short, or hold an operation that there is not.</exception>
    public static ChainSet FromWire(V1.ChainSet wire)
    {
        var input = WireEnum.Read<InputKind>(wire.Input);
        if (Read.TryGetValue(input, out var last) && last.Chains.Equals(wire.Chains))
        {
            return last.Set;
        }

        var set = new ChainSet(input, Unpack(wire.Chains.Span));
        Read[input] = (wire.Chains, set);
        return set;
    }

    private static ByteString Pack(ImmutableArray<Chain> chains)
    {
        var bytes = new List<byte>();
        foreach (var chain in chains)
        {
            bytes.Add((byte)chain.Count);
            bytes.AddRange(chain.Select(operation => (byte)operation));
        }

        return ByteString.CopyFrom([.. bytes]);
    }

    private static ImmutableArray<Chain> Unpack(ReadOnlySpan<byte> bytes)
    {
        var chains = ImmutableArray.CreateBuilder<Chain>();
        Span<UnaryOperation> operations = stackalloc UnaryOperation[byte.MaxValue];
        while (!bytes.IsEmpty)
        {
            var length = bytes[0];
            if (length >= bytes.Length)
            {
                throw new FormatException("a chain is cut short");
            }

            for (var i = 0; i < length; i++)
            {
                operations[i] = WireEnum.Read<UnaryOperation>(bytes[1 + i]);
            }

            chains.Add(Chain.Of(operations[..length]));
            bytes = bytes[(1 + length)..];
        }

        return chains.ToImmutable();
    }
}
