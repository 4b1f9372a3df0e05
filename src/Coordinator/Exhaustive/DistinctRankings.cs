using System.Numerics;
using System.Runtime.CompilerServices;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Counts different rankings by their keys, which it keeps in a table with open addressing: a fraction of what it takes to sort them.
/// </summary>
/// <param name="expected">About how many keys are different; more of them take more time.</param>
public sealed class DistinctRankings(int expected)
{
    // A power of two, at most half of them taken; of those that are free nothing occurs.
    private SignedRankingKey[] table = new SignedRankingKey[BitOperations.RoundUpToPowerOf2(2 * (uint)Math.Max(1, expected))];
    private int taken;

    /// <summary>How many different rankings occur in the keys so far, a ranking and its reversal being two.</summary>
    public long Count { get; private set; }

    /// <summary>Counts the rankings of a key that did not occur before. Compiled to the best code at once, for millions of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(SignedRankingKey key)
    {
        if (key.Occurring == 0)
        {
            return;
        }

        ref var place = ref PlaceOf(key);
        var before = place.Occurring;
        place = key.With(place);
        Count += place.Occurring - before;
        if (before == 0 && ++taken > table.Length / 2)
        {
            Grow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref SignedRankingKey PlaceOf(SignedRankingKey key)
    {
        var place = key.Place(BitOperations.Log2((uint)table.Length));
        while (table[place].Occurring > 0 && !table[place].IsOfSameAs(key))
        {
            place = (place + 1) & (table.Length - 1);
        }

        return ref table[place];
    }

    private void Grow()
    {
        var before = table;
        table = new SignedRankingKey[2 * before.Length];
        foreach (var key in before)
        {
            if (key.Occurring > 0)
            {
                PlaceOf(key) = key;
            }
        }
    }
}
