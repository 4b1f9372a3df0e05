using System.Globalization;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>
/// The best proxy's score against the truth, the search and the held-out set each on a drawing of its own with the same axes.
/// </summary>
internal static class ScatterChart
{
    private const double Left = 14;
    private const double Right = 97;
    private const double Top = 34;
    private const double Bottom = 330;

    /// <summary>A drawing for each set; none without a point that can be drawn.</summary>
    public static IEnumerable<Figure> Draw(ReportData data)
    {
        var points = data.Scatter.Where(point => double.IsFinite(point.Score) && double.IsFinite(point.Truth)).ToList();
        if (points.Count == 0)
        {
            return [];
        }

        var (positions, label) = Positions(points);
        var x = new Axis(positions, Left, Right);
        var y = new Axis(points.Select(point => point.Truth), Bottom, Top);
        return points.Zip(positions, (point, position) => (Point: point, Position: position))
            .GroupBy(located => located.Point.Set)
            .OrderBy(set => set.Key)
            .Select(set =>
            {
                var style = set.Key == Side.Search ? "search" : "held-out";
                var summary = $"{Name(set.Key)}: {Summary(set.Select(located => located.Point))}";
                return new Figure(
                    Svg.Drawing(
                        $"scatter-{style}",
                        Bottom + 52,
                        "Score of the best proxy against the truth",
                        $"{summary}.",
                        Svg.HorizontalAxis(x, Top, Bottom, label),
                        Svg.VerticalAxis(y, Top, data.Metric),
                        set.Select(located => Svg.Circle(
                            x.At(located.Position),
                            y.At(located.Point.Truth),
                            3.5,
                            style,
                            string.Create(CultureInfo.InvariantCulture,
                                $"architecture {located.Point.ArchitectureId}: score {located.Point.Score:G6}, " +
                                $"truth {located.Point.Truth:G6}")))),
                    summary);
            });
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

    private static string Name(Side set) => set == Side.Search ? "Search set" : "Held-out set";
}
