using System.Xml.Linq;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>Held-out rho of the best proxies and of the baselines, each with its 95% interval.</summary>
internal static class IntervalChart
{
    private const int MostProxies = 10;
    private const double Width = 960;
    private const double Right = 880;
    private const double Top = 16;
    private const double RowHeight = 24;

    /// <summary>The chart; null without held-out figures.</summary>
    public static XElement? Draw(ReportData data)
    {
        var rows = data.Proxies.Take(MostProxies).Select((proxy, index) => new Row($"proxy {index + 1}", proxy.HeldOut, "held-out"))
            .Concat(data.Baselines.Select(baseline => new Row(baseline.Name, baseline.HeldOut, "baseline")))
            .Where(row => row.Figures is { } figures && double.IsFinite(figures.Rho) && double.IsFinite(figures.RhoInterval.Low))
            .ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        // No font is measured here; eight pixels a character are enough for a sans-serif face of 13.
        var left = 28 + (8.0 * rows.Max(row => row.Name.Length));
        var bottom = Top + (RowHeight * rows.Count);
        var x = new Axis(rows.SelectMany(row => new[] { row.Figures!.RhoInterval.Low, row.Figures.RhoInterval.High, row.Figures.Rho }), left, Right);
        var reference = rows.FirstOrDefault(row => row.Name == StructuralBaselines.LayersAndHidden.Name)?.Figures;
        return Svg.Drawing(
            "intervals",
            Width,
            bottom + 52,
            "Held-out rho with 95% intervals",
            string.Join(" ", rows.Select(row => $"{row.Name}: {Figures.Correlation(row.Figures!.Rho)} ({Figures.Interval(row.Figures.RhoInterval)}).")),
            Svg.HorizontalAxis(x, Top, bottom, (left + Right) / 2, "Spearman's rho on the held-out set"),
            reference is null ? null : Svg.Line(x.At(reference.Rho), Top, x.At(reference.Rho), bottom, "reference"),
            rows.Select((row, index) => Draw(row, x, left, Top + (RowHeight * (index + 0.5)))));
    }

    private static object[] Draw(Row row, Axis x, double left, double y)
    {
        var figures = row.Figures!;
        return
        [
            Svg.Text(left - 12, y + 4, "tick end", row.Name),
            Svg.Line(x.At(figures.RhoInterval.Low), y, x.At(figures.RhoInterval.High), y, $"whisker {row.Style}"),
            Svg.Circle(x.At(figures.Rho), y, 5, row.Style, $"{row.Name}: {Figures.Correlation(figures.Rho)}, 95% interval {Figures.Interval(figures.RhoInterval)}"),
            Svg.Text(Right + 12, y + 4, "value", Figures.Correlation(figures.Rho)),
        ];
    }

    private sealed record Row(string Name, RankingFigures? Figures, string Style);
}
