using System.Globalization;
using System.Xml.Linq;

namespace LPZero.Bench.Scale;

/// <summary>Throughput against the number of nodes, beside the ideal line.</summary>
internal static class ScalePlot
{
    private const double Width = 640;
    private const double Height = 400;
    private const double Left = 70;
    private const double Right = 610;
    private const double Top = 40;
    private const double Bottom = 340;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Draw(IReadOnlyList<Row> rows)
    {
        var service = rows[0].Service.TotalSeconds;
        var most = rows.Max(row => row.Nodes);
        var highest = most / service;
        return new XElement(Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Text(Width)} {Text(Height)}"), new XAttribute("font-family", "sans-serif"),
            new XAttribute("font-size", 13), new XAttribute("role", "img"),
            new XElement(Svg + "title", "Requests per second against simulated nodes"),
            new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", Height), new XAttribute("fill", "white")),
            Label(Width / 2, 24, "middle", $"Throughput of simulated nodes, {Text(service * 1000)} ms a request"),
            Ticks(rows, highest),
            Label((Left + Right) / 2, Height - 14, "middle", "simulated nodes"),
            Label(Left, Top - 8, "middle", "requests/s"),
            Line(X(0, most), Y(0, highest), X(most, most), Y(highest, highest), "#888", "6 4"),
            Label(X(most * 0.6, most) - 8, Y(highest * 0.6, highest) - 10, "end", "ideal"),
            rows.Zip(rows.Skip(1), (a, b) => Line(
                X(a.Nodes, most), Y(Throughput(a), highest), X(b.Nodes, most), Y(Throughput(b), highest), "#1f6feb", dashes: null)),
            rows.Select(row => new XElement(Svg + "circle",
                new XAttribute("cx", Text(X(row.Nodes, most))), new XAttribute("cy", Text(Y(Throughput(row), highest))),
                new XAttribute("r", 4), new XAttribute("fill", "#1f6feb"))),
            rows.Select(row => Label(
                X(row.Nodes, most) - 6, Y(Throughput(row), highest) + 20, "start",
                row.Efficiency.ToString("P0", CultureInfo.InvariantCulture))));
    }

    private static IEnumerable<XElement> Ticks(IReadOnlyList<Row> rows, double highest)
    {
        var most = rows.Max(row => row.Nodes);
        foreach (var row in rows)
        {
            yield return Line(X(row.Nodes, most), Top, X(row.Nodes, most), Bottom, "#ddd", dashes: null);
            yield return Label(X(row.Nodes, most), Bottom + 18, "middle", Text(row.Nodes));
        }

        for (var i = 0; i <= 4; i++)
        {
            yield return Line(Left, Y(highest * i / 4, highest), Right, Y(highest * i / 4, highest), "#ddd", dashes: null);
            yield return Label(Left - 8, Y(highest * i / 4, highest) + 4, "end", Text(Math.Round(highest * i / 4)));
        }
    }

    private static double Throughput(Row row) => row.Requests / row.Elapsed.TotalSeconds;

    private static double X(double nodes, double most) => Left + ((Right - Left) * nodes / most);

    private static double Y(double throughput, double highest) => Bottom - ((Bottom - Top) * throughput / highest);

    private static XElement Line(double x1, double y1, double x2, double y2, string colour, string? dashes) => new(Svg + "line",
        new XAttribute("x1", Text(x1)), new XAttribute("y1", Text(y1)), new XAttribute("x2", Text(x2)), new XAttribute("y2", Text(y2)),
        new XAttribute("stroke", colour), new XAttribute("stroke-width", 1.5),
        dashes is null ? null : new XAttribute("stroke-dasharray", dashes));

    private static XElement Label(double x, double y, string anchor, string text) => new(Svg + "text",
        new XAttribute("x", Text(x)), new XAttribute("y", Text(y)), new XAttribute("text-anchor", anchor), text);

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
