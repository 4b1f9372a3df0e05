using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// Loops over one tile: a block of consecutive float32 that stays in the first-level cache. A tile's buffer has
/// <see cref="Slack"/> more elements than the tile can have, so that whole vectors may be read and written at its end.
/// </summary>
internal static class TileKernels
{
    /// <summary>Elements in the largest tile: 4 KiB, so that a tile, what is derived from it and column sums fit 32 KiB.</summary>
    public const int Capacity = 1024;

    /// <summary>Elements that a buffer has beyond those of its tile.</summary>
    public const int Slack = 16;

    private const int Lanes = 8;

    /// <summary>destination = operation(source), element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TOperation>(ref float source, ref float destination, int count)
        where TOperation : struct, IElementOperation
    {
        for (nuint i = 0; i < (nuint)count; i += Lanes)
        {
            TOperation.Apply(Vector256.LoadUnsafe(ref source, i)).StoreUnsafe(ref destination, i);
        }
    }

    /// <summary>destination = (source - shift - remainder) / divisor, where wanted with 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(
        ref float source, ref float destination, int count, (float Shift, float Remainder) shift, float divisor, bool zeroForNaN)
    {
        var shifts = Vector256.Create(shift.Shift);
        var remainders = Vector256.Create(shift.Remainder);
        var divisors = Vector256.Create(divisor);
        var keepNaN = zeroForNaN ? Vector256<float>.Zero : Vector256<float>.AllBitsSet;
        for (nuint i = 0; i < (nuint)count; i += Lanes)
        {
            // A NaN is the only number that does not equal itself: its mask is empty, and what remains is +0.
            var z = (Vector256.LoadUnsafe(ref source, i) - shifts - remainders) / divisors;
            (z & (Vector256.Equals(z, z) | keepNaN)).StoreUnsafe(ref destination, i);
        }
    }

    /// <summary>The sum of operation(source), in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum<TOperation>(ref float source, int count)
        where TOperation : struct, IElementOperation
    {
        // Of float32 alone a sum stands still: 16,777,216 + 1 = 16,777,216. A double holds it up to 2^53.
        var low = Vector256<double>.Zero;
        var high = Vector256<double>.Zero;
        nuint i = 0;

        // Clearing the lower bits rounds down to a multiple of a power of two: 37 & ~15 = 32.
        for (var whole = (nuint)count & ~(nuint)((2 * Lanes) - 1); i < whole; i += 2 * Lanes)
        {
            var (first, second) = (
                TOperation.Apply(Vector256.LoadUnsafe(ref source, i)), TOperation.Apply(Vector256.LoadUnsafe(ref source, i + Lanes)));
            low += Vector256.WidenLower(first) + Vector256.WidenLower(second);
            high += Vector256.WidenUpper(first) + Vector256.WidenUpper(second);
        }

        for (; i < (nuint)count; i += Lanes)
        {
            // What lies beyond the tile counts as 0, also where the operation made an infinity or a NaN of it.
            var value = TOperation.Apply(Vector256.LoadUnsafe(ref source, i)) & FirstLanes(count - (int)i);
            low += Vector256.WidenLower(value);
            high += Vector256.WidenUpper(value);
        }

        return Vector256.Sum(low + high);
    }

    /// <summary>destination = e to the power of source.</summary>
    public static void Exp(ref float source, ref float destination, int count)
    {
        if (IsOrdinaryForExp(ref source, count))
        {
            Apply<OrdinaryExpElement>(ref source, ref destination, count);
        }
        else
        {
            Apply<ExpElement>(ref source, ref destination, count);
        }
    }

    /// <summary>destination = log(source), or abs_log(source).</summary>
    public static void Log(ref float source, ref float destination, int count, bool ofAbsolutes)
    {
        switch (IsOrdinaryForLog(ref source, count), ofAbsolutes)
        {
            case (true, true):
                Apply<OrdinaryAbsLogElement>(ref source, ref destination, count);
                break;
            case (true, false):
                Apply<OrdinaryLogElement>(ref source, ref destination, count);
                break;
            case (false, true):
                Apply<AbsLogElement>(ref source, ref destination, count);
                break;
            default:
                Apply<LogElement>(ref source, ref destination, count);
                break;
        }
    }

    /// <summary>The sum of log(source), or of abs_log(source).</summary>
    public static double SumLog(ref float source, int count, bool ofAbsolutes) => (IsOrdinaryForLog(ref source, count), ofAbsolutes) switch
    {
        (true, true) => Sum<OrdinaryAbsLogElement>(ref source, count),
        (true, false) => Sum<OrdinaryLogElement>(ref source, count),
        (false, true) => Sum<AbsLogElement>(ref source, count),
        _ => Sum<LogElement>(ref source, count),
    };

    /// <summary>Adds a tile to its tensor's moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMoments(ref Moments moments, ref float source, int count)
    {
        var origin = Vector256.Create(moments.Origin);
        var originFloat = Vector256.Create((float)moments.Origin);
        var deviations = Vector256<double>.Zero;
        var squares0 = Vector256<double>.Zero;
        var squares1 = Vector256<double>.Zero;
        var positives = Vector256<double>.Zero;
        var minimum = Vector256.Create(moments.Minimum);
        var maximum = Vector256.Create(moments.Maximum);
        nuint i = 0;
        for (var whole = (nuint)count & ~(nuint)(Lanes - 1); i < whole; i += Lanes)
        {
            var x = Vector256.LoadUnsafe(ref source, i);
            var low = Vector256.WidenLower(x);
            var high = Vector256.WidenUpper(x);
            minimum = Vector256.MinNative(minimum, x);
            maximum = Vector256.MaxNative(maximum, x);

            // The native maximum returns its second operand where either is a NaN, so that one stays in this sum and marks the tensor.
            positives += Vector256.MaxNative(Vector256<double>.Zero, low) + Vector256.MaxNative(Vector256<double>.Zero, high);

            // From an element of the tensor: the squares of a million elements near 1e8, 8 apart, add up to 1e22, of which a double keeps
            // no digit below a million; those of 0 and 8 it keeps.
            low -= origin;
            high -= origin;
            deviations += low + high;
            squares0 = Vector256.MultiplyAddEstimate(low, low, squares0);
            squares1 = Vector256.MultiplyAddEstimate(high, high, squares1);
        }

        if (i < (nuint)count)
        {
            // Lanes beyond the tile hold the origin, which changes nothing but the sum of positives.
            var lanes = FirstLanes(count - (int)i);
            var x = Vector256.LoadUnsafe(ref source, i);
            var positive = Vector256.MaxNative(Vector256<float>.Zero, x) & lanes;
            positives += Vector256.WidenLower(positive) + Vector256.WidenUpper(positive);
            x = Vector256.ConditionalSelect(lanes, x, originFloat);
            minimum = Vector256.MinNative(minimum, x);
            maximum = Vector256.MaxNative(maximum, x);
            var low = Vector256.WidenLower(x) - origin;
            var high = Vector256.WidenUpper(x) - origin;
            deviations += low + high;
            squares0 = Vector256.MultiplyAddEstimate(low, low, squares0);
            squares1 = Vector256.MultiplyAddEstimate(high, high, squares1);
        }

        moments.SumOfDeviations += Vector256.Sum(deviations);
        moments.SumOfSquaredDeviations += Vector256.Sum(squares0 + squares1);
        moments.SumOfPositives += Vector256.Sum(positives);
        for (var lane = 0; lane < Lanes; lane++)
        {
            moments.Minimum = Math.Min(moments.Minimum, minimum[lane]);
            moments.Maximum = Math.Max(moments.Maximum, maximum[lane]);
        }
    }

    /// <summary>sums[column] += the sum over the tile's rows, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddColumns(ref float source, ref double sums, int rows, int columns)
    {
        for (nuint column = 0; column < (nuint)columns; column += Lanes)
        {
            var low = Vector256.LoadUnsafe(ref sums, column);
            var high = Vector256.LoadUnsafe(ref sums, column + 4);
            var row = 0;
            for (; row < rows - 1; row += 2)
            {
                var first = Vector256.LoadUnsafe(ref source, (nuint)(row * columns) + column);
                var second = Vector256.LoadUnsafe(ref source, (nuint)((row + 1) * columns) + column);
                low += Vector256.WidenLower(first) + Vector256.WidenLower(second);
                high += Vector256.WidenUpper(first) + Vector256.WidenUpper(second);
            }

            if (row < rows)
            {
                var value = Vector256.LoadUnsafe(ref source, (nuint)(row * columns) + column);
                low += Vector256.WidenLower(value);
                high += Vector256.WidenUpper(value);
            }

            low.StoreUnsafe(ref sums, column);
            high.StoreUnsafe(ref sums, column + 4);
        }
    }

    /// <summary>maxima[column] = the larger of itself and the column's elements; with a NaN in the column any number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaximumOfColumns(ref float source, ref float maxima, int rows, int columns)
    {
        for (nuint column = 0; column < (nuint)columns; column += Lanes)
        {
            var maximum = Vector256.LoadUnsafe(ref maxima, column);
            for (var row = 0; row < rows; row++)
            {
                maximum = Vector256.MaxNative(maximum, Vector256.LoadUnsafe(ref source, (nuint)(row * columns) + column));
            }

            maximum.StoreUnsafe(ref maxima, column);
        }
    }

    /// <summary>destination = e to the power of (source - maximum of the column).</summary>
    /// <remarks>
    /// The largest of a column becomes e^0 = 1, so that nothing overflows: of (1000, 1001) it makes (e^-1, 1), where e^1000 is infinite.
    /// Rows are written in order, so what a row's last vector writes beyond it is overwritten by the next row.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ExpOfColumns(ref float source, ref float destination, ref float maxima, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (nuint column = 0; column < (nuint)columns; column += Lanes)
            {
                var i = (nuint)(row * columns) + column;
                VectorMath.Exp(Vector256.LoadUnsafe(ref source, i) - Vector256.LoadUnsafe(ref maxima, column))
                    .StoreUnsafe(ref destination, i);
            }
        }
    }

    /// <summary>
    /// destination = e to the power of (source - maximum of the column), over the column's sum of these: the shift cancels, as
    /// e^(a - m) / (e^(a - m) + e^(b - m)) = e^a / (e^a + e^b).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxOfColumns(ref float source, ref float destination, ref float maxima, ref float sums, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (nuint column = 0; column < (nuint)columns; column += Lanes)
            {
                var i = (nuint)(row * columns) + column;
                var exp = VectorMath.Exp(Vector256.LoadUnsafe(ref source, i) - Vector256.LoadUnsafe(ref maxima, column));
                (exp / Vector256.LoadUnsafe(ref sums, column)).StoreUnsafe(ref destination, i);
            }
        }
    }

    /// <summary>
    /// destination = source - maximum of the column - logarithm of the column's sum of shifted exponentials, since
    /// ln(e^a + e^b) = m + ln(e^(a - m) + e^(b - m)): for (1000, 1001) it is 1001 + ln(e^-1 + 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogSoftmaxOfColumns(
        ref float source, ref float destination, ref float maxima, ref float logarithms, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (nuint column = 0; column < (nuint)columns; column += Lanes)
            {
                var i = (nuint)(row * columns) + column;
                var shifted = Vector256.LoadUnsafe(ref source, i) - Vector256.LoadUnsafe(ref maxima, column);
                (shifted - Vector256.LoadUnsafe(ref logarithms, column)).StoreUnsafe(ref destination, i);
            }
        }
    }

    /// <summary>
    /// The sum over the columns of the logarithm of the column's sum, or nothing where a column's sum left the range in which
    /// sums of exponentials that are not shifted by the column's maximum are precise. A NaN stays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double? SumOfLogs(ref double sums, int columns)
    {
        var total = Vector256<double>.Zero;
        for (nuint column = 0; column < (nuint)columns; column += Lanes)
        {
            var lanes = FirstLanes(columns - (int)column);
            var sum = Vector256.Narrow(Vector256.LoadUnsafe(ref sums, column), Vector256.LoadUnsafe(ref sums, column + 4));
            var outside = Vector256.LessThan(sum, Vector256.Create(1e-30f)) | Vector256.GreaterThan(sum, Vector256.Create(1e37f));
            if ((outside & lanes).AsInt32() != Vector256<int>.Zero)
            {
                return null;
            }

            var logarithm = VectorMath.LogOrSame(sum) & lanes;
            total += Vector256.WidenLower(logarithm) + Vector256.WidenUpper(logarithm);
        }

        return Vector256.Sum(total);
    }

    /// <summary>Column sums as float32, and the logarithms of these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NarrowWithLogs(ref double sums, ref float narrowed, ref float logarithms, int columns)
    {
        for (nuint column = 0; column < (nuint)columns; column += Lanes)
        {
            var sum = Vector256.Narrow(Vector256.LoadUnsafe(ref sums, column), Vector256.LoadUnsafe(ref sums, column + 4));
            sum.StoreUnsafe(ref narrowed, column);
            VectorMath.LogOrSame(sum).StoreUnsafe(ref logarithms, column);
        }
    }

    /// <summary>True if no element is NaN or so large that its exponential is not a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsOrdinaryForExp(ref float source, int count)
    {
        // The bits of absolute values order like the values, with infinity and NaN above all numbers: 1 is 3f800000, 2 is 40000000,
        // infinity 7f800000, and a NaN more.
        var largest = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)count; i += Lanes)
        {
            largest = Vector256.Max(largest, Vector256.Abs(Vector256.LoadUnsafe(ref source, i)).AsInt32());
        }

        return Vector256.LessThanAll(largest, Vector256.Create(VectorMath.OrdinaryExponent).AsInt32());
    }

    /// <summary>True if every element is a normal number or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsOrdinaryForLog(ref float source, int count)
    {
        // Less one, the bits of zero are above all others as unsigned numbers (ffffffff), and subnormals (00000001 to 007fffff) are below
        // all normal numbers (from 00800000).
        var largest = Vector256<int>.Zero;
        var least = Vector256<uint>.AllBitsSet;
        for (nuint i = 0; i < (nuint)count; i += Lanes)
        {
            var bits = Vector256.Abs(Vector256.LoadUnsafe(ref source, i)).AsInt32();
            largest = Vector256.Max(largest, bits);
            least = Vector256.Min(least, (bits - Vector256<int>.One).AsUInt32());
        }

        return Vector256.LessThanAll(largest, Vector256.Create(float.PositiveInfinity).AsInt32())
            && Vector256.GreaterThanOrEqualAll(least, Vector256.Create(0x007fffffu));
    }

    /// <summary>All bits set in the first <paramref name="count"/> lanes, in all eight where there are more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FirstLanes(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
