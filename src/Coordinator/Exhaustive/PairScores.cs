using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Scores of the proxies of two branches, bit for bit those of <see cref="Scoring.ProxyScores"/>: the layers are added one after the
/// other for every lane by itself.
/// </summary>
internal static class PairScores
{
    /// <summary>The scores of a + b, a - b and a * b. Compiled to the best code at once, as <see cref="VectorRanking"/> is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(BranchValues values, int left, int right, Span<double> sums, Span<double> differences, Span<double> products)
    {
        ref var a = ref values.Values[values.Row(left)];
        ref var b = ref values.Values[values.Row(right)];
        ref var sumOut = ref MemoryMarshal.GetReference(sums[..values.Lanes]);
        ref var differenceOut = ref MemoryMarshal.GetReference(differences[..values.Lanes]);
        ref var productOut = ref MemoryMarshal.GetReference(products[..values.Lanes]);
        nuint lane = 0;
        foreach (var layers in values.LayersOf)
        {
            var sum = Vector256<double>.Zero;
            var difference = Vector256<double>.Zero;
            var product = Vector256<double>.Zero;
            var position = lane;
            for (var layer = 0; layer < layers; layer++)
            {
                var x = Vector256.LoadUnsafe(ref a, position);
                var y = Vector256.LoadUnsafe(ref b, position);
                sum += x + y;
                difference += x - y;
                product += x * y;
                position += (nuint)values.Lanes;
            }

            if (values.Divisors is { } divisors)
            {
                var divisor = Vector256.LoadUnsafe(ref divisors[0], lane);
                sum /= divisor;
                difference /= divisor;
                product /= divisor;
            }

            sum.StoreUnsafe(ref sumOut, lane);
            difference.StoreUnsafe(ref differenceOut, lane);
            product.StoreUnsafe(ref productOut, lane);
            lane += (nuint)Vector256<double>.Count;
        }
    }

    /// <summary>The scores of a branch alone.</summary>
    public static void Alone(BranchValues values, int branch, Span<double> scores)
    {
        var row = values.Values.AsSpan(values.Row(branch), values.Layers * values.Lanes);
        for (var lane = 0; lane < values.Lanes; lane++)
        {
            var sum = 0.0;
            for (var layer = 0; layer < values.Layers; layer++)
            {
                sum += row[(layer * values.Lanes) + lane];
            }

            scores[lane] = values.Divisors is { } divisors ? sum / divisors[lane] : sum;
        }
    }
}
