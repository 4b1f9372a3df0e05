using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A row of bars.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Values">A bar for each series, from 0 on; what is not finite has none.</param>
internal sealed record BarRow(string Name, ImmutableArray<double> Values);

/// <summary>Bars from 0 on, side by side in a row for each name.</summary>
internal static class BarChart
{
    private const double Left = 2;
    private const double Right = 90;
    private const double Top = 12;
    private const double NameHeight = 18;
    private const double BarHeight = 15;
    private const double Gap = 8;
    private const double LegendLine = 22;

    /// <summary>The chart; null without a bar.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="label">Name of the axis.</param>
    /// <param name="series">Names of the series, in the order of the bars.</param>
    /// <param name="rows">The rows, from top to bottom.</param>
    public static XElement? Draw(string id, string title, string label, ImmutableArray<string> series, ImmutableArray<BarRow> rows)
    {
        List<double> values = [.. rows.SelectMany(row => row.Values).Where(double.IsFinite)];
        if (values.Count == 0)
        {
            return null;
        }

        var height = NameHeight + (BarHeight * series.Length) + Gap;
        var bottom = Top + (height * rows.Length);
        var x = new Axis(values.Append(0), Left, Right, padding: 0);
        return Svg.Drawing(
            id,
            bottom + 60 + (LegendLine * series.Length),
            title,
            string.Join(" ", rows.Select(row => $"{row.Name}: {string.Join(", ", row.Values.Select(Number))}.")),
            Svg.HorizontalAxis(x, Top, bottom, label),
            rows.Select((row, index) => Row(row, x, Top + (height * index))),
            series.Select((name, index) => new object[]
            {
                Svg.Circle(Left, bottom + 58 + (LegendLine * index), 6, $"series-{index}", name),
                Svg.Text(Left + 2, bottom + 62 + (LegendLine * index), "label", name),
            }));
    }

    private static object[] Row(BarRow row, Axis x, double top) =>
    [
        Svg.Text(0, top + NameHeight - 5, "name", row.Name),
        row.Values.Select((value, index) =>
        {
            var y = top + NameHeight + (BarHeight * index) + (BarHeight / 2);
            return !double.IsFinite(value) ? [] : new object[]
            {
                Svg.Line(x.At(0), y, x.At(value), y, $"bar series-{index}"),
                Svg.Text(x.At(value) + 1, y + 4, "tick", Number(value)),
            };
        }),
    ];

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : Figures.Missing;
}
