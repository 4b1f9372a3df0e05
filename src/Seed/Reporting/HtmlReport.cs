using System.Xml.Linq;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Seed.Reporting.Charts;

namespace LPZero.Seed.Reporting;

/// <summary>The report as one HTML page that needs nothing else: styles and plots are inline, there is no script.</summary>
public static class HtmlReport
{
    /// <summary>The text of the page.</summary>
    public static string Render(ReportData data)
    {
        var title = $"{data.RunName}: zero-cost proxies on {data.BenchmarkName}";
        return HtmlPage.Render(
            title,
            new XElement("h1", title),
            new XElement(
                "p", new XAttribute("class", "soft"),
                $"{ReportText.Written(data)} Searched on {Figures.Size(data.Search)}; held out: " +
                    $"{Figures.Size(data.HeldOut)}.".TrimStart()),
            BaselineVerdict.Of(data).Select(VerdictBox),
            Best(data),
            HtmlPage.Chart(data.Answer is null ? "Held-out rho, proxies and baselines" : "Held-out rho, answer, proxies and baselines",
                "Bars are 95% intervals. The dashed line is the baseline that a proxy has to beat.",
                OneOrNone(IntervalChart.Draw(data))),
            HtmlPage.Chart("Score against truth", "The best proxy on every architecture. Point at a dot to see which one it is.",
                ScatterChart.Draw(data)),
            HtmlPage.Chart("Convergence", $"The best {data.Compared} on the search set after each iteration.",
                OneOrNone(ConvergenceChart.Draw(data))),
            ReportTables.Findings(data).Select(HtmlPage.Table),
            new XElement("div", new XAttribute("class", "columns"), ReportTables.Background(data).Select(HtmlPage.Table)),
            new XElement("h2", "How to read this"),
            new XElement("p", ReportText.Method),
            data.Notes.IsEmpty ? null : new XElement("ul", data.Notes.Select(note => new XElement("li", note))));
    }

    private static XElement VerdictBox(BaselineVerdict verdict) => new(
        "section",
        new XAttribute("class", $"verdict {verdict.Comparison?.ToString().ToLowerInvariant()}".TrimEnd()),
        new XElement("p", new XAttribute("class", "headline"), verdict.Headline),
        new XElement("p", verdict.Explanation));

    private static IEnumerable<XElement> Best(ReportData data)
    {
        if (data.Proxies.IsEmpty)
        {
            yield break;
        }

        var best = data.Proxies[0];
        if (data.Answer is { } answer)
        {
            yield return new XElement("div", new XAttribute("class", "best"), new XElement("code", answer.Predictor.Summary));
            yield return new XElement(
                "dl",
                new XAttribute("class", "facts"),
                Fact("Held-out rho of the best answer", answer.HeldOut?.Rho, Interval(answer.HeldOut)),
                Fact("Search rho", answer.SearchRho, "inflated by the choice"));
        }

        yield return new XElement(
            "div",
            new XAttribute("class", "best"),
            new XElement("code", best.CanonicalExpression));
        var baseline = data.Baselines.FirstOrDefault(b => b.Name == data.MainBaseline);
        yield return new XElement(
            "dl",
            new XAttribute("class", "facts"),
            Fact("Held-out rho", best.HeldOut?.Rho, Interval(best.HeldOut)),
            Fact($"Held-out rho of {data.MainBaseline}", baseline?.HeldOut?.Rho, Interval(baseline?.HeldOut)),
            Fact("Rho within equal layers and hidden size", best.HeldOut?.RhoWithinGroups,
                baseline?.HeldOut?.RhoWithinGroups is { } within and not 0
                    ? $"{data.MainBaseline} has {Figures.Correlation(within)} there"
                    : $"{data.MainBaseline} has 0 there"),
            Fact("Search rho", best.SearchRho, "inflated by the choice"));
    }

    private static string Interval(RankingFigures? figures) =>
        figures is null ? "no held-out set" : $"95% interval {Figures.Interval(figures.RhoInterval)}";

    private static XElement Fact(string name, double? value, string detail) => new(
        "div",
        new XElement("dt", name),
        new XElement("dd", Figures.Correlation(value ?? double.NaN), new XElement("small", detail)));

    private static IEnumerable<Figure> OneOrNone(XElement? drawing) => drawing is null ? [] : [new Figure(drawing)];
}
