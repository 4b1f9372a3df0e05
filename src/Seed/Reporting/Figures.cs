using System.Globalization;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;

namespace LPZero.Seed.Reporting;

/// <summary>Figures as a reader sees them, the same in every format of the report.</summary>
internal static class Figures
{
    public const string Missing = "n/a";

    // Below this a difference of rhos is rounding.
    private const int MostDecimals = 9;

    /// <summary>A correlation with three decimals.</summary>
    public static string Correlation(double value) => Format(value, "0.000");

    /// <summary>
    /// A difference of correlations with its sign and three decimals, or as many as it takes to see on which side of 0 it lies.
    /// </summary>
    public static string Difference(double value)
    {
        var decimals = 3;
        while (value != 0 && Math.Abs(value) < 0.5 * Math.Pow(10, -decimals) && decimals < MostDecimals)
        {
            decimals++;
        }

        var digits = $"0.{new string('0', decimals)}";
        return Format(value, $"+{digits};-{digits};0.000");
    }

    /// <summary>A difference of truths, in their unit.</summary>
    public static string Truth(double? value) => Format(value ?? double.NaN, "G3");

    public static string Interval(ConfidenceInterval interval) =>
        double.IsNaN(interval.Low) ? Missing : $"{Correlation(interval.Low)} to {Correlation(interval.High)}";

    public static string DifferenceInterval(ConfidenceInterval interval) =>
        double.IsNaN(interval.Low) ? Missing : $"{Difference(interval.Low)} to {Difference(interval.High)}";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Duration(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {(int)(seconds % 60)} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60)} min"),
    };

    public static string Size(SetSize size) => $"{Count(size.Genotypes)} architectures, {Count(size.Networks)} networks";

    private static string Format(double value, string format) =>
        double.IsNaN(value) ? Missing : value.ToString(format, CultureInfo.InvariantCulture);
}
