using System.Globalization;
using System.Xml.Linq;
using LPZero.Coordinator.Evaluation;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;

namespace LPZero.Seed.Evaluation;

/// <summary>An evaluation as one HTML page: the table, and of each proxy the plot of its score's rank against the truth.</summary>
internal static class EvaluationPage
{
    /// <summary>The text of the page.</summary>
    public static string Render(EvaluationReport report) => HtmlPage.Render(
        report.Title,
        new XElement("h1", report.Title),
        HtmlPage.Origin(report.Version, report.Command),
        report.Benchmarks.Select(benchmark => new XElement("p", EvaluationReport.Verdict(benchmark))),
        report.Notes.Select(note => new XElement("p", note)),
        HtmlPage.Table(report.Table()),
        report.HeldOutTable() is { } heldOut ? HtmlPage.Table(heldOut) : null,
        report.TruthsOfEach().Select(HtmlPage.Table),
        report.Benchmarks.Select((benchmark, index) => HtmlPage.Chart(
            $"Score against truth on {benchmark.Name}",
            "Architectures by the rank of their score, 1 the lowest; equal scores share a rank. Blue are proxies, grey are structural " +
            "baselines. Point at a dot to see which architecture it is.",
            Charts(benchmark, index))));

    private static IEnumerable<Figure> Charts(BenchmarkEvaluation benchmark, int index) => benchmark.Rows
        .Where(row => row.Figures is not null)
        .Select((row, place) => new Figure(
            RankChart.Draw(
                string.Create(CultureInfo.InvariantCulture, $"rank-{index + 1}-{place + 1}"), row.Proxy.Name, benchmark.Metric,
                row.Proxy.Kind == ProxyKind.Baseline ? "baseline" : "search", benchmark.Ids, row.Proxy.Scores, benchmark.Truth),
            $"{row.Proxy.Name}: rho {Figures.Correlation(row.Figures!.Rho)}"));
}
