using System.Security.Cryptography;
using System.Text;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;

namespace LPZero.Seed.Storage;

/// <summary>
/// A block of terms as it is stored: its bytes and behind them eight of a SHA-256 over these, the content key and the input, so that a
/// block that was damaged, or put in another's place, is not taken for what it was. Earlier versions of the program stored the bytes alone,
/// and read no further than these.
/// </summary>
internal static class SealedBlock
{
    private const int SealBytes = 8;

    /// <summary>The block with its seal.</summary>
    /// <param name="contentKey">Under which it is stored.</param>
    /// <param name="block">The block.</param>
    public static byte[] Write(string contentKey, TermBlock block)
    {
        var bytes = TermBlockCodec.Encode(block);
        return [.. bytes, .. Seal(contentKey, block.Input, bytes)];
    }

    /// <summary>The block.</summary>
    /// <param name="contentKey">Under which it was found.</param>
    /// <param name="input">Its input.</param>
    /// <param name="stored">What was stored.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of a newer version.</exception>
    public static TermBlock Read(string contentKey, InputKind input, byte[] stored) => Read(contentKey, input, stored, out _);

    /// <summary>The block, and whether it has a seal.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a newer version.</exception>
    public static TermBlock Read(string contentKey, InputKind input, byte[] stored, out bool isSealed)
    {
        var block = TermBlockCodec.Decode(input, stored, out var length);
        isSealed = length < stored.Length;
        return !isSealed || Seal(contentKey, input, stored.AsSpan(..length)).AsSpan().SequenceEqual(stored.AsSpan(length))
            ? block
            : throw new InvalidDataException("a block of terms is damaged, or of another network: its checksum differs");
    }

    private static byte[] Seal(string contentKey, InputKind input, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{contentKey} {input} "));
        hash.AppendData(bytes);
        return hash.GetHashAndReset()[..SealBytes];
    }
}
