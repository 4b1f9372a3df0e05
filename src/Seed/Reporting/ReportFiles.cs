using LPZero.Coordinator.Reporting;
using LPZero.Messages.Predictors;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Reporting;

/// <summary>Where a report was written.</summary>
/// <param name="Html">The page with tables and plots.</param>
/// <param name="Markdown">The tables as Markdown.</param>
public sealed record ReportFiles(string Html, string Markdown)
{
    /// <summary>
    /// Writes <c>report.html</c>, <c>report.md</c> and, where there is an answer, <c>NAME.predictor.json</c>; each replaces its predecessor
    /// as a whole or not at all.
    /// </summary>
    /// <param name="data">What to report.</param>
    /// <param name="directory">Where to; created where it is missing.</param>
    public static ReportFiles Write(ReportData data, string directory)
    {
        var files = new ReportFiles(Path.Combine(directory, "report.html"), Path.Combine(directory, "report.md"));
        AtomicFile.Write(files.Html, HtmlReport.Render(data));
        AtomicFile.Write(files.Markdown, MarkdownReport.Render(data));
        if (data.Best is { } best)
        {
            AtomicFile.Write(Path.Combine(directory, data.RunName + PredictorJson.FileEnding), PredictorJson.Write(best.Predictor));
        }

        return files;
    }
}
