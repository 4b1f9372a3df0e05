using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A drawing as a file of its own, which has no page to take its styles and its width from.</summary>
internal static class SvgFile
{
    private const string Width = "760";

    private const string Style = """
        text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: #1d2530; }
        .tick { fill: #5b6675; } .value { font-weight: 600; } .middle { text-anchor: middle; } .end { text-anchor: end; }
        .grid { stroke: #e6eaee; stroke-width: 1; } .reference { stroke: #69727d; stroke-width: 1.5; stroke-dasharray: 6 4; }
        .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; } .band { stroke: none; fill-opacity: 0.14; }
        .whisker { stroke-width: 2.5; } .bar { stroke-width: 11; }
        circle.search, circle.held-out { fill-opacity: 0.6; } circle.baseline { fill: #69727d; } circle.search { fill: #0067a8; }
        .whisker.search { stroke: #0067a8; } .whisker.baseline { stroke: #69727d; } circle.published { fill: #c2500a; }
        .curve.series-0, .bar.series-0 { stroke: #0067a8; } .band.series-0, circle.series-0 { fill: #0067a8; }
        .curve.series-1, .bar.series-1 { stroke: #c2500a; } .band.series-1, circle.series-1 { fill: #c2500a; }
        .curve.series-2, .bar.series-2 { stroke: #1a7f4b; } .band.series-2, circle.series-2 { fill: #1a7f4b; }
        .curve.series-3, .bar.series-3 { stroke: #7b4fa3; } .band.series-3, circle.series-3 { fill: #7b4fa3; }
        .curve.series-4, .bar.series-4 { stroke: #69727d; } .band.series-4, circle.series-4 { fill: #69727d; }
        """;

    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    /// <summary>The text of the file.</summary>
    /// <param name="drawing">What <see cref="Svg.Drawing"/> gave.</param>
    public static string Text(XElement drawing)
    {
        var root = Named(drawing);
        root.SetAttributeValue("width", Width);
        root.AddFirst(
            new XElement(Namespace + "style", Style),
            new XElement(
                Namespace + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "#fff")));
        return $"{root}\n";
    }

    private static XElement Named(XElement element) => new(
        Namespace + element.Name.LocalName, element.Attributes(),
        element.Nodes().Select(node => node is XElement child ? Named(child) : (object)node));
}
