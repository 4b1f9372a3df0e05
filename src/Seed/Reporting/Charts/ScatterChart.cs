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

        var (positions, label) = ScorePositions.Of([.. points.Select(point => point.Score)]);
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

    private static string Summary(IEnumerable<ScatterPoint> points)
    {
        var all = points.ToList();
        var rho = Spearman.Rho(all.Select(point => point.Score).ToArray(), all.Select(point => point.Truth).ToArray());
        return $"{Figures.Count(all.Count)} architectures, rho {Figures.Correlation(rho)}";
    }

    private static string Name(Side set) => set == Side.Search ? "Search set" : "Held-out set";
}
