namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// A ranking and its reversal, which have opposite keys, as one number of 128 bits, with two flags that say which of them a valid
/// proxy has.
/// </summary>
/// <param name="High">The key's first sum, and the flags in the two lowest bits.</param>
/// <param name="Low">The key's second sum.</param>
public readonly record struct SignedRankingKey(long High, long Low) : IComparable<SignedRankingKey>
{
    private const int FlagBits = 2;

    /// <summary>The key of a ranking that occurs, whose reversal occurs, or both.</summary>
    public static SignedRankingKey Of(RankingKey key, bool occurs, bool reversalOccurs)
    {
        var flip = key.First < 0 || (key.First == 0 && key.Second < 0);
        var (first, second) = flip ? (-key.First, -key.Second) : (key.First, key.Second);
        var (positive, negative) = flip ? (reversalOccurs, occurs) : (occurs, reversalOccurs);
        return new SignedRankingKey((first << FlagBits) | (positive ? 1L : 0) | (negative ? 2L : 0), second);
    }

    /// <summary>How many different rankings the keys stand for; sorts them.</summary>
    public static long CountDistinct(Span<SignedRankingKey> keys)
    {
        keys.Sort();
        var distinct = 0L;
        for (var start = 0; start < keys.Length;)
        {
            var flags = 0L;
            var end = start;
            for (; end < keys.Length && keys[end].IsSameAs(keys[start]); end++)
            {
                flags |= keys[end].High & ((1 << FlagBits) - 1);
            }

            distinct += long.PopCount(flags);
            start = end;
        }

        return distinct;
    }

    /// <summary>A part from 0 to below <paramref name="parts"/> that equal rankings share.</summary>
    public int Part(int parts) => (int)((ulong)(Low * 0x2545F4914F6CDD1D) >> 33) % parts;

    /// <inheritdoc/>
    public int CompareTo(SignedRankingKey other)
    {
        var first = (High >> FlagBits).CompareTo(other.High >> FlagBits);
        return first != 0 ? first : Low.CompareTo(other.Low);
    }

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(SignedRankingKey left, SignedRankingKey right) => left.CompareTo(right) < 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(SignedRankingKey left, SignedRankingKey right) => left.CompareTo(right) > 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(SignedRankingKey left, SignedRankingKey right) => left.CompareTo(right) <= 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(SignedRankingKey left, SignedRankingKey right) => left.CompareTo(right) >= 0;

    private bool IsSameAs(SignedRankingKey other) => (High ^ other.High) >> FlagBits == 0 && Low == other.Low;
}
