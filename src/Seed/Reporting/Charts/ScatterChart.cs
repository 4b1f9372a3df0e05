using System.Globalization;
using System.Xml.Linq;
using LPZero.Coordinator.Ranking;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>The best proxy's score against the truth, search and held-out set side by side on the same axes.</summary>
internal static class ScatterChart
{
    private const double Width = 960;
    private const double Left = 76;
    private const double Right = 944;
    private const double Gap = 36;
    private const double Top = 40;
    private const double Bottom = 380;

    /// <summary>The chart; null without a point that can be drawn.</summary>
    public static XElement? Draw(ReportData data)
    {
        var points = data.Scatter.Where(point => double.IsFinite(point.Score) && double.IsFinite(point.Truth)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var (positions, label) = Positions(points);
        var located = points.Zip(positions, (point, position) => (Point: point, Position: position)).ToList();
        var panels = located.GroupBy(p => p.Point.Set).OrderBy(panel => panel.Key).ToList();
        var panelWidth = (Right - Left - (Gap * (panels.Count - 1))) / panels.Count;
        var y = new Axis(points.Select(point => point.Truth), Bottom, Top);
        return Svg.Drawing(
            "scatter",
            Width,
            Bottom + 52,
            "Score of the best proxy against the truth",
            string.Join(" ", panels.Select(panel => $"{Name(panel.Key)}: {Summary(panel.Select(p => p.Point))}.")),
            panels.Select((panel, index) =>
            {
                var left = Left + (index * (panelWidth + Gap));
                var right = left + panelWidth;
                var x = new Axis(positions, left, right);
                return new object[]
                {
                    Svg.Text(left, Top - 16, "panel", $"{Name(panel.Key)}: {Summary(panel.Select(p => p.Point))}"),
                    Svg.HorizontalAxis(x, Top, Bottom, (left + right) / 2, label),
                    Svg.VerticalAxis(y, left, right, (Top + Bottom) / 2, index == 0 ? data.Metric : null),
                    panel.Select(p => Svg.Circle(
                        x.At(p.Position),
                        y.At(p.Point.Truth),
                        3.5,
                        panel.Key == ArchitectureSet.Search ? "search" : "held-out",
                        string.Create(CultureInfo.InvariantCulture, $"architecture {p.Point.ArchitectureId}: score {p.Point.Score:G6}, truth {p.Point.Truth:G6}"))),
                };
            }));
    }

    /// <summary>
    /// Scores as they are; where a few extreme ones would press nearly all the others together, their ranks, which are
    /// what rho sees anyway.
    /// </summary>
    private static (double[] Positions, string Label) Positions(List<ScatterPoint> points)
    {
        double[] scores = [.. points.Select(point => point.Score)];
        double[] sorted = [.. scores.Order()];
        var bulk = sorted[(int)(0.95 * (sorted.Length - 1))] - sorted[(int)(0.05 * (sorted.Length - 1))];
        var range = sorted[^1] - sorted[0];
        if (double.IsFinite(range) && bulk >= 0.2 * range)
        {
            return (scores, "score of the proxy");
        }

        var ranks = new double[scores.Length];
        Ranks.Average(scores, ranks);
        return (ranks, "rank of the proxy's score (1 = lowest)");
    }

    private static string Summary(IEnumerable<ScatterPoint> points)
    {
        var all = points.ToList();
        var rho = Spearman.Rho(all.Select(point => point.Score).ToArray(), all.Select(point => point.Truth).ToArray());
        return $"{Figures.Count(all.Count)} architectures, rho {Figures.Correlation(rho)}";
    }

    private static string Name(ArchitectureSet set) => set == ArchitectureSet.Search ? "Search set" : "Held-out set";
}
