using System.Numerics;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// A ranking and its reversal, which have opposite keys, as one number of 128 bits, with two flags that say which of them a valid
/// proxy has.
/// </summary>
/// <param name="High">The key's first sum, and the flags in the two lowest bits.</param>
/// <param name="Low">The key's second sum.</param>
public readonly record struct SignedRankingKey(long High, long Low)
{
    private const int FlagBits = 2;
    private const long Flags = (1 << FlagBits) - 1;

    /// <summary>How many rankings occur: none, one, or both.</summary>
    public int Occurring => BitOperations.PopCount((ulong)(High & Flags));

    private ulong Mixed => (ulong)(Low * 0x2545F4914F6CDD1D);

    /// <summary>The key of a ranking that occurs, whose reversal occurs, or both.</summary>
    public static SignedRankingKey Of(RankingKey key, bool occurs, bool reversalOccurs)
    {
        var flip = key.First < 0 || (key.First == 0 && key.Second < 0);
        var (first, second) = flip ? (-key.First, -key.Second) : (key.First, key.Second);
        var (positive, negative) = flip ? (reversalOccurs, occurs) : (occurs, reversalOccurs);
        return new SignedRankingKey((first << FlagBits) | (positive ? 1L : 0) | (negative ? 2L : 0), second);
    }

    /// <summary>A part from 0 to below <paramref name="parts"/> that equal rankings share.</summary>
    public int Part(int parts) => (int)(Mixed >> 33) % parts;

    /// <summary>A number of so many bits, at least one, that equal rankings share, and others of their part by an accident.</summary>
    internal int Place(int bits) => (int)(Mixed >> (64 - bits));

    /// <summary>Whether both are of the same ranking and its reversal, whichever of them occur.</summary>
    internal bool IsOfSameAs(SignedRankingKey other) => (High ^ other.High) >> FlagBits == 0 && Low == other.Low;

    /// <summary>The key with what occurs in another one of the same ranking, or in none.</summary>
    internal SignedRankingKey With(SignedRankingKey other) => this with { High = High | (other.High & Flags) };
}
