using System.Text;
using System.Xml.Linq;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>
/// The best of what the search compares over the iterations; where that is rho, with the baseline's on the same set as a dashed line.
/// </summary>
internal static class ConvergenceChart
{
    private const double Left = 12;
    private const double Right = 98;
    private const double Top = 34;
    private const double Bottom = 284;

    /// <summary>The chart; null without a finite point.</summary>
    public static XElement? Draw(ReportData data)
    {
        var points = data.Convergence.Where(point => double.IsFinite(point.BestRho)).OrderBy(point => point.Iteration).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        // The baseline's rho is no match for another correlation.
        var baseline = data.Compared != ComparedCorrelation.Rho ? null : data.Baselines.FirstOrDefault(b =>
            b.Name == data.MainBaseline && double.IsFinite(b.SearchRho));
        var x = new Axis(points.Select(point => (double)point.Iteration), Left, Right, padding: 0.01);
        var y = new Axis(
            [.. points.Select(point => point.BestRho), .. baseline is null ? Enumerable.Empty<double>() : [baseline.SearchRho]], Bottom,
            Top, padding: 0.08);
        var last = points[^1];

        // The two labels stand on the sides of their lines that face away from each other.
        var bestIsHigher = baseline is null || last.BestRho >= baseline.SearchRho;
        return Svg.Drawing(
            "convergence",
            Bottom + 52,
            "Convergence of the search",
            $"The best search {data.Compared} rises from {Figures.Correlation(points[0].BestRho)} to {Figures.Correlation(last.BestRho)} " +
            $"at iteration {Figures.Count(last.Iteration)}.",
            Svg.HorizontalAxis(x, Top, Bottom, "iteration"),
            Svg.VerticalAxis(y, Top, $"best search {data.Compared}"),
            baseline is null ? null : Baseline(baseline, y, labelBelow: bestIsHigher),
            Svg.Curve(Bottom, "curve", Steps(points, x, y)),
            Svg.Circle(x.At(last.Iteration), y.At(last.BestRho), 4, "search",
                $"iteration {Figures.Count(last.Iteration)}: {Figures.Correlation(last.BestRho)}"),
            Svg.Text(x.At(last.Iteration), y.At(last.BestRho) + (bestIsHigher ? -9 : 19), "value end",
                $"best {Figures.Correlation(last.BestRho)}"));
    }

    private static object[] Baseline(BaselineEntry baseline, Axis y, bool labelBelow) =>
    [
        Svg.Line(0, y.At(baseline.SearchRho), 100, y.At(baseline.SearchRho), "reference"),
        Svg.Text(Right, y.At(baseline.SearchRho) + (labelBelow ? 17 : -7), "value end",
            $"{baseline.Name}: {Figures.Correlation(baseline.SearchRho)}"),
    ];

    /// <summary>A line that stays level until a better proxy is found; iterations without one need no point of their own.</summary>
    private static string Steps(List<ConvergencePoint> points, Axis x, Axis y)
    {
        var path = new StringBuilder($"M{Svg.Number(x.At(points[0].Iteration))} {Svg.Number(y.At(points[0].BestRho))}");
        for (var i = 1; i < points.Count; i++)
        {
            if (points[i].BestRho != points[i - 1].BestRho)
            {
                path.Append($"H{Svg.Number(x.At(points[i].Iteration))}V{Svg.Number(y.At(points[i].BestRho))}");
            }
        }

        return path.Append($"H{Svg.Number(x.At(points[^1].Iteration))}").ToString();
    }
}
