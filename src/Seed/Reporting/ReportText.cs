using System.Globalization;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;

namespace LPZero.Seed.Reporting;

/// <summary>Sentences that every format of the report has in common.</summary>
internal static class ReportText
{
    /// <summary>When and by what the report was written; null where that is not known.</summary>
    public static string? Written(ReportData data) => data.Origin is { } origin
        ? string.Create(CultureInfo.InvariantCulture, $"Written {origin.Date:yyyy-MM-dd} by lpzero {origin.Version.Split('+')[0]}.")
        : null;

    /// <summary>How small a difference could be and still be shown on so many networks.</summary>
    public static string SmallestShown(RhoDifference difference, int networks) => string.Create(CultureInfo.InvariantCulture,
        $"The smallest difference that these {networks} networks can show is {Figures.Correlation(difference.SmallestShown)}, half the " +
        $"width of a paired interval.");

    public const string Method =
        "Rho is Spearman's rank correlation with average ranks for ties, tau-a and tau-b are Kendall's. " +
        "Intervals are bootstrap percentile intervals, resampled by network, since several genotypes can build the same one.";
}
