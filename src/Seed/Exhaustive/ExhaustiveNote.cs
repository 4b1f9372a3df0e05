using System.Globalization;
using LPZero.Coordinator.Exhaustive;

namespace LPZero.Seed.Exhaustive;

/// <summary>What a run's report says of the whole space that it searched a part of.</summary>
public static class ExhaustiveNote
{
    /// <summary>The standing as a sentence.</summary>
    public static string Sentence(SpaceStanding standing)
    {
        var whole = string.Create(CultureInfo.InvariantCulture,
            $"The whole space of {standing.Proxies:N0} canonical proxies was searched too: ");
        if (standing.BetterAtMost == 0)
        {
            return whole + string.Create(CultureInfo.InvariantCulture,
                $"none of its {standing.Valid:N0} valid ones is better on the search set than the best of this run.");
        }

        var quantile = Range(standing.QuantileAtLeast, standing.QuantileAtMost, "F6");
        var better = Range(standing.BetterAtLeast, standing.BetterAtMost, "N0");
        return whole + string.Create(CultureInfo.InvariantCulture,
            $"the best of this run is at quantile {quantile} of the {standing.Valid:N0} valid ones on the search set ({better} are " +
            $"better); the optimum has rho {standing.Optimum.Fitness.Rho:F4}: {standing.Optimum.Expression}.");
    }
    private static string Range<T>(T low, T high, string format)
        where T : IFormattable, IEquatable<T> => low.Equals(high) ? Text(low, format) : $"{Text(low, format)} to {Text(high, format)}";

    private static string Text(IFormattable number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
