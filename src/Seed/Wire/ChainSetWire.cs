using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;

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

        var set = new ChainSet(input, Unpack(wire.Chains.ToByteArray()));
        Read[input] = (wire.Chains, set);
        return set;
    }

    private static ByteString Pack(ImmutableArray<Chain> chains)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var chain in chains)
        {
            ChainBytes.Write(writer, chain);
        }

        return ByteString.CopyFrom(stream.ToArray());
    }

    private static ImmutableArray<Chain> Unpack(byte[] bytes)
    {
        var chains = ImmutableArray.CreateBuilder<Chain>();
        using var stream = new MemoryStream(bytes);
        using var reader = new BinaryReader(stream);
        while (stream.Position < stream.Length)
        {
            try
            {
                chains.Add(ChainBytes.Read(reader));
            }
            catch (EndOfStreamException problem)
            {
                throw new FormatException("a chain is cut short", problem);
            }
        }

        return chains.ToImmutable();
    }
}
