using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A network on the chart.</summary>
/// <param name="Size">Its size.</param>
/// <param name="Value">What it is worth, higher is better.</param>
/// <param name="Name">What is said where one points at it.</param>
internal sealed record ParetoPoint(double Size, double Value, string Name);

/// <summary>What networks are worth against their size, with the Pareto front as steps.</summary>
internal static class ParetoChart
{
    private const double Left = 14;
    private const double Right = 97;
    private const double Top = 34;
    private const double Bottom = 330;

    /// <summary>The chart; null without a finite point.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="title">What the drawing is.</param>
    /// <param name="size">What the horizontal axis is.</param>
    /// <param name="value">What the vertical axis is.</param>
    /// <param name="points">The networks; those with a number that is not finite are left out.</param>
    /// <param name="front">Indices of those on the front, smallest first.</param>
    public static XElement? Draw(
        string id, string title, string size, string value, ImmutableArray<ParetoPoint> points, ImmutableArray<int> front)
    {
        var finite = points.Index().Where(point => IsFinite(point.Item)).ToList();
        if (finite.Count == 0)
        {
            return null;
        }

        var x = new Axis(finite.Select(point => point.Item.Size), Left, Right);
        var y = new Axis(finite.Select(point => point.Item.Value), Bottom, Top);
        var best = front.Select(index => points[index]).Where(IsFinite).ToList();
        return Svg.Drawing(
            id,
            Bottom + 52,
            title,
            string.Create(CultureInfo.InvariantCulture, $"{finite.Count} networks, {best.Count} of them on the Pareto front."),
            Svg.HorizontalAxis(x, Top, Bottom, size),
            Svg.VerticalAxis(y, Top, value),
            best.Count == 0 ? null : Svg.Curve(Bottom, "curve series-0", Line(best, x, y)),
            finite.Where(point => !front.Contains(point.Index)).Select(point => Dot(point.Item, "baseline")),
            best.Select(point => Dot(point, "search")));

        XElement Dot(ParetoPoint point, string style) => Svg.Circle(x.At(point.Size), y.At(point.Value), 3.5, style, point.Name);
    }

    private static bool IsFinite(ParetoPoint point) => double.IsFinite(point.Size) && double.IsFinite(point.Value);

    private static string Line(List<ParetoPoint> front, Axis x, Axis y)
    {
        var path = new StringBuilder($"M{Svg.Number(x.At(front[0].Size))} {Svg.Number(y.At(front[0].Value))}");
        foreach (var point in front.Skip(1))
        {
            path.Append($"H{Svg.Number(x.At(point.Size))}V{Svg.Number(y.At(point.Value))}");
        }

        return path.ToString();
    }
}
