using System.Collections.Immutable;
using System.Xml.Linq;
using LPZero.Coordinator.Ranking;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A figure of ours with its interval, and the published one.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Interval">Its interval; NaN where there is none.</param>
/// <param name="Published">The published one; NaN where there is none.</param>
/// <param name="IsBaseline">Whether it is a structural baseline.</param>
internal sealed record ComparedFigure(string Name, double Ours, ConfidenceInterval Interval, double Published, bool IsBaseline);

/// <summary>Our figures with their intervals beside the published ones, a line each.</summary>
internal static class ComparisonChart
{
    private const double Left = 2;
    private const double Right = 96;
    private const double Top = 44;
    private const double NameHeight = 15;
    private const double RowHeight = 30;

    /// <summary>The chart; null without a figure.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="label">Name of the axis.</param>
    /// <param name="all">The figures, from top to bottom.</param>
    public static XElement? Draw(string id, string title, string label, ImmutableArray<ComparedFigure> all)
    {
        ImmutableArray<ComparedFigure> rows = [.. all.Where(row => double.IsFinite(row.Ours))];
        if (rows.IsEmpty)
        {
            return null;
        }

        var bottom = Top + (RowHeight * rows.Length);
        var x = new Axis(
            rows.SelectMany(row => new[] { row.Ours, row.Interval.Low, row.Interval.High, row.Published }).Where(double.IsFinite), Left,
            Right);
        return Svg.Drawing(
            id,
            bottom + 52,
            title,
            string.Join(" ", rows.Select(row => $"{row.Name}: {Figures.Correlation(row.Ours)}, published " +
                $"{Figures.Correlation(row.Published)}.")),
            Svg.HorizontalAxis(x, Top, bottom, label),
            Svg.Circle(Left, 14, 5, "search", "ours"),
            Svg.Text(Left + 2, 18, "label", "ours, with its 95% interval"),
            Svg.Circle(Left + 40, 14, 5, "published", "published"),
            Svg.Text(Left + 42, 18, "label", "published"),
            rows.Select((row, index) => Row(row, x, Top + (RowHeight * index))));
    }

    private static object?[] Row(ComparedFigure row, Axis x, double top)
    {
        var (y, style) = (top + NameHeight + 7, row.IsBaseline ? "baseline" : "search");
        return
        [
            Svg.Text(0, top + NameHeight - 3, "name", row.Name),
            double.IsFinite(row.Interval.Low)
                ? Svg.Line(x.At(row.Interval.Low), y, x.At(row.Interval.High), y, $"whisker {style}")
                : null,
            double.IsFinite(row.Published)
                ? Svg.Circle(x.At(row.Published), y, 5, "published", $"{row.Name}: published {Figures.Correlation(row.Published)}")
                : null,
            Svg.Circle(x.At(row.Ours), y, 5, style, $"{row.Name}: {Figures.Correlation(row.Ours)}"),
        ];
    }
}
