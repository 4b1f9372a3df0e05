using System.Globalization;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Scoring;

namespace LPZero.Seed.Exhaustive;

/// <summary>What a run's report says of the whole space that it searched a part of.</summary>
public static class ExhaustiveNote
{
    /// <summary>The standing as a sentence.</summary>
    /// <param name="standing">The standing.</param>
    /// <param name="compared">What the search compared, see <see cref="ComparedCorrelation"/>.</param>
    public static string Sentence(SpaceStanding standing, string compared)
    {
        var whole = string.Create(CultureInfo.InvariantCulture,
            $"The whole space of {standing.Proxies:N0} canonical proxies was searched too: ");
        if (standing.BetterAtMost == 0)
        {
            return whole + string.Create(CultureInfo.InvariantCulture,
                $"none of its {standing.Valid:N0} valid ones is better on the search set, by {compared}, than the best of this " +
                $"run.");
        }

        var quantile = Range(standing.QuantileAtLeast, standing.QuantileAtMost, "F6");
        var better = Range(standing.BetterAtLeast, standing.BetterAtMost, "N0");
        return whole + string.Create(CultureInfo.InvariantCulture,
            $"the best of this run is at quantile {quantile} of the {standing.Valid:N0} valid ones on the search set, by {compared} " +
            $"({better} are better); the optimum has {compared} {standing.Optimum.Fitness.Compared:F4}: {standing.Optimum.Expression}.");
    }

    private static string Range<T>(T low, T high, string format)
        where T : IFormattable, IEquatable<T> => low.Equals(high) ? Text(low, format) : $"{Text(low, format)} to {Text(high, format)}";

    private static string Text(IFormattable number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
