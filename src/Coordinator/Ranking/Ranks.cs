using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace LPZero.Coordinator.Ranking;

/// <summary>
/// Ranks of values, ties given their average rank. Internally a rank is held as the integer
/// (number of smaller values) - (number of larger values), which is twice the average rank minus (n + 1): centred,
/// exact, and so every sum over it is the same in any order.
/// </summary>
public static class Ranks
{
    /// <summary>Up to here counting with vector instructions is as fast as sorting, or faster; it also allocates nothing.</summary>
    internal const int CountingLimit = 512;

    /// <summary>The rank of each value, 1 for the smallest; equal values share the mean of their ranks.</summary>
    /// <param name="values">[n] values; -0 equals 0, infinities are ordinary values.</param>
    /// <param name="ranks">[n] receives the ranks.</param>
    /// <exception cref="ArgumentException">A value is NaN, or the lengths differ.</exception>
    public static void Average(ReadOnlySpan<double> values, Span<double> ranks)
    {
        if (ranks.Length != values.Length)
        {
            throw new ArgumentException($"{values.Length} values need as many ranks, not {ranks.Length}.", nameof(ranks));
        }

        var centred = new long[values.Length];
        if (!TryCentre(values, centred))
        {
            throw new ArgumentException("NaN has no rank.", nameof(values));
        }

        for (var i = 0; i < ranks.Length; i++)
        {
            ranks[i] = (centred[i] + values.Length + 1) / 2.0;
        }
    }

    /// <summary>For each value the number of smaller values minus the number of larger ones.</summary>
    /// <param name="values">[n] values.</param>
    /// <param name="centred">[n] receives the centred doubled ranks; they sum to 0.</param>
    /// <returns>False where a value is NaN; <paramref name="centred"/> is then without meaning.</returns>
    public static bool TryCentre(ReadOnlySpan<double> values, Span<long> centred) =>
        values.Length <= CountingLimit ? TryCentreByCounting(values, centred) : TryCentreBySorting(values, centred);

    /// <summary>
    /// n² comparisons without a branch, four at a time: on short vectors faster than any sort, whose branches cannot be predicted.
    /// </summary>
    private static bool TryCentreByCounting(ReadOnlySpan<double> values, Span<long> centred)
    {
        CentreAsIfUntied(values, centred);

        // Each pair of different values is counted once, so the ranks sum to 0 exactly where no two are equal.
        if (TensorPrimitives.Sum<long>(centred) == 0)
        {
            return true;
        }

        if (ContainsNaN(values))
        {
            return false;
        }

        // Values are equal exactly where as many values are smaller.
        Span<int> equal = stackalloc int[centred.Length];
        foreach (var rank in centred)
        {
            equal[Smaller(rank, centred.Length)]++;
        }

        foreach (ref var rank in centred)
        {
            rank += equal[Smaller(rank, centred.Length)] - 1;
        }

        return true;

        static int Smaller(long rank, int length) => (int)(rank - 1 + length) / 2;
    }

    private static bool TryCentreBySorting(ReadOnlySpan<double> values, Span<long> centred)
    {
        if (ContainsNaN(values))
        {
            return false;
        }

        var sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            foreach (var index in order.AsSpan(start..end))
            {
                centred[index] = start - (sorted.Length - end);
            }
        }

        return true;
    }

    internal static bool ContainsNaN(ReadOnlySpan<double> values) => double.IsNaN(TensorPrimitives.Max(values));

    /// <summary>
    /// Twice the number of smaller values plus 1 - n: the centred rank where no two values are equal. Compiled to the best code at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CentreAsIfUntied(ReadOnlySpan<double> values, Span<long> centred)
    {
        var width = Vector<double>.Count;
        var lowest = new Vector<long>(1 - values.Length);
        var i = 0;
        for (; i + (4 * width) <= values.Length; i += 4 * width)
        {
            var x0 = new Vector<double>(values[i..]);
            var x1 = new Vector<double>(values[(i + width)..]);
            var x2 = new Vector<double>(values[(i + (2 * width))..]);
            var x3 = new Vector<double>(values[(i + (3 * width))..]);
            Vector<long> n0 = default, n1 = default, n2 = default, n3 = default;
            foreach (var value in values)
            {
                // A lane is -1 where the other value is smaller.
                var other = new Vector<double>(value);
                n0 -= Vector.LessThan(other, x0);
                n1 -= Vector.LessThan(other, x1);
                n2 -= Vector.LessThan(other, x2);
                n3 -= Vector.LessThan(other, x3);
            }

            (n0 + n0 + lowest).CopyTo(centred[i..]);
            (n1 + n1 + lowest).CopyTo(centred[(i + width)..]);
            (n2 + n2 + lowest).CopyTo(centred[(i + (2 * width))..]);
            (n3 + n3 + lowest).CopyTo(centred[(i + (3 * width))..]);
        }

        for (; i < values.Length && values.Length >= width; i += width)
        {
            // The last vector overlaps the one before it and writes the same ranks again.
            i = Math.Min(i, values.Length - width);
            var x = new Vector<double>(values[i..]);
            Vector<long> n = default;
            foreach (var value in values)
            {
                n -= Vector.LessThan(new Vector<double>(value), x);
            }

            (n + n + lowest).CopyTo(centred[i..]);
        }

        for (; i < values.Length; i++)
        {
            centred[i] = 1 - values.Length;
            foreach (var value in values)
            {
                centred[i] += value < values[i] ? 2 : 0;
            }
        }
    }
}
