using FsCheck;
using FsCheck.Fluent;

namespace LPZero.Coordinator.Tests.Ranking;

/// <summary>Pairs of vectors of the same length in which ties are common and some values are extreme, though finite.</summary>
internal static class TiedVectors
{
    public static Arbitrary<(double[] X, double[] Y)> Pairs(int shortest, int longest)
    {
        var value = Gen.Frequency(
            (8, Gen.Choose(-5, 5).Select(i => (double)i)),
            (4, Gen.Choose(-1000, 1000).Select(i => i / 7.0)),
            (1, Gen.Elements(0.0, -0.0, 1e300, -1e300, 1e-300)));
        var pairs =
            from length in Gen.Choose(shortest, longest)
            from x in value.ArrayOf(length)
            from y in value.ArrayOf(length)
            select (x, y);
        return pairs.ToArbitrary();
    }

    /// <summary>As <see cref="Pairs"/>, without the constant vectors, whose correlation is not defined.</summary>
    public static Arbitrary<(double[] X, double[] Y)> VaryingPairs(int shortest, int longest) =>
        Pairs(shortest, longest).Generator.Where(pair => Varies(pair.X) && Varies(pair.Y)).ToArbitrary();

    private static bool Varies(double[] values) => values.Any(value => value != values[0]);
}
