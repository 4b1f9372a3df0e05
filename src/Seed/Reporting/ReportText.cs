namespace LPZero.Seed.Reporting;

/// <summary>Sentences that every format of the report has in common.</summary>
internal static class ReportText
{
    public const string Method =
        "Rho is Spearman's rank correlation with average ranks for ties, tau-a and tau-b are Kendall's. " +
        "Intervals are bootstrap percentile intervals, resampled by network, since several genotypes can build the same one.";
}
