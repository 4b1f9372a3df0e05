using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A point of a line with its band.</summary>
internal readonly record struct BandedPoint(double X, double Y, double Low, double High);

/// <summary>A line with its band.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Points">From left to right; what is not finite is left out.</param>
internal sealed record BandSeries(string Name, ImmutableArray<BandedPoint> Points);

/// <summary>Lines with bands around them, such as the mean of several seeds and its standard deviation.</summary>
internal static class BandChart
{
    private const int Styles = 5;
    private const double Left = 8;
    private const double Right = 99;
    private const double Top = 34;
    private const double Bottom = 330;
    private const double LegendLine = 22;

    /// <summary>The chart; null without a point.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="xLabel">Name of the horizontal axis.</param>
    /// <param name="yLabel">Name of the vertical axis.</param>
    /// <param name="end">Where lines end, in the words of the legend, such as <c>at the end</c>.</param>
    /// <param name="all">The lines, in the order of the legend; at most five are told apart.</param>
    public static XElement? Draw(string id, string title, string xLabel, string yLabel, string end, ImmutableArray<BandSeries> all)
    {
        ImmutableArray<BandSeries> series =
        [
            .. all.Select(each => each with
            {
                Points = Bends([.. each.Points.Where(point => double.IsFinite(point.Low) && double.IsFinite(point.High))]),
            }).Where(each => !each.Points.IsEmpty),
        ];
        if (series.IsEmpty)
        {
            return null;
        }

        var x = new Axis(series.SelectMany(each => each.Points).Select(point => point.X), Left, Right, padding: 0.01);
        var y = new Axis(series.SelectMany(each => each.Points).SelectMany(point => new[] { point.Low, point.High }), Bottom, Top);
        return Svg.Drawing(
            id,
            Bottom + 60 + (LegendLine * series.Length),
            title,
            string.Join(" ", series.Select(each =>
                $"{each.Name}: from {Figures.Correlation(each.Points[0].Y)} to {Figures.Correlation(each.Points[^1].Y)}.")),
            Svg.HorizontalAxis(x, Top, Bottom, xLabel),
            Svg.VerticalAxis(y, Top, yLabel),
            series.Select((each, index) => Svg.Curve(Bottom, $"band series-{index % Styles}", Band(each.Points, x, y))),
            series.Select((each, index) => Svg.Curve(Bottom, $"curve series-{index % Styles}", Line(each.Points, x, y))),
            series.Select((each, index) => Legend(each, index, end)));
    }

    // Between improvements a search stands still for hundreds of iterations: the ends of a level piece draw it.
    private static ImmutableArray<BandedPoint> Bends(ImmutableArray<BandedPoint> points) =>
    [
        .. points.Where((point, i) =>
            i == 0 || i == points.Length - 1 || !IsLevel(points[i - 1], point) || !IsLevel(point, points[i + 1])),
    ];

    private static bool IsLevel(BandedPoint left, BandedPoint right) =>
        (left.Y, left.Low, left.High) == (right.Y, right.Low, right.High);

    private static object[] Legend(BandSeries series, int index, string end)
    {
        var y = Bottom + 62 + (LegendLine * index);
        return
        [
            Svg.Circle(Left, y - 4, 6, $"series-{index % Styles}", series.Name),
            Svg.Text(Left + 2, y, "label", $"{series.Name}: {Figures.Correlation(series.Points[^1].Y)} {end}"),
        ];
    }

    private static string Line(ImmutableArray<BandedPoint> points, Axis x, Axis y) =>
        Path(points.Select(point => (point.X, point.Y)), x, y);

    private static string Band(ImmutableArray<BandedPoint> points, Axis x, Axis y) =>
        Path(points.Select(point => (point.X, point.High)).Concat(points.Reverse().Select(point => (point.X, point.Low))), x, y) + "Z";

    private static string Path(IEnumerable<(double X, double Y)> points, Axis x, Axis y)
    {
        var path = new StringBuilder();
        foreach (var point in points)
        {
            path.Append($"{(path.Length == 0 ? "M" : "L")}{Svg.Number(x.At(point.X))} {Svg.Number(y.At(point.Y))}");
        }

        return path.ToString();
    }
}
