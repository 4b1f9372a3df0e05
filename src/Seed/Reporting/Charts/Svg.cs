using System.Globalization;
using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>
/// Elements of inline SVG that are as wide as the page lets them: horizontal positions are per cent of the width, all
/// else is in pixels, so that text stays as large on a telephone as on a desk. No namespace is needed within HTML.
/// </summary>
internal static class Svg
{
    /// <summary>Beyond this share of the width from an end, a text in the middle of its position could leave the drawing.</summary>
    private const double Edge = 8;

    /// <summary>A drawing that a screen reader announces by its title and description.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="title">What the drawing is.</param>
    /// <param name="description">What it shows, in a sentence.</param>
    /// <param name="content">Its elements.</param>
    public static XElement Drawing(string id, double height, string title, string description, params object?[] content) => new(
        "svg",
        new XAttribute("id", id),
        new XAttribute("width", "100%"),
        new XAttribute("height", Number(height)),
        new XAttribute("role", "img"),
        new XAttribute("aria-labelledby", $"{id}-title {id}-description"),
        new XElement("title", new XAttribute("id", $"{id}-title"), title),
        new XElement("desc", new XAttribute("id", $"{id}-description"), description),
        content);

    public static XElement Line(double x1, double y1, double x2, double y2, string style) => new(
        "line",
        new XAttribute("x1", Percent(x1)),
        new XAttribute("y1", Number(y1)),
        new XAttribute("x2", Percent(x2)),
        new XAttribute("y2", Number(y2)),
        new XAttribute("class", style));

    public static XElement Text(double x, double y, string style, string text) => new(
        "text",
        new XAttribute("x", Percent(x)),
        new XAttribute("y", Number(y)),
        new XAttribute("class", style),
        text);

    public static XElement Circle(double x, double y, double radius, string style, string tooltip) => new(
        "circle",
        new XAttribute("cx", Percent(x)),
        new XAttribute("cy", Number(y)),
        new XAttribute("r", Number(radius)),
        new XAttribute("class", style),
        new XElement("title", tooltip));

    /// <summary>A curve over the whole width, whose horizontal positions are per cent like all others.</summary>
    /// <param name="height">Height of the drawing in pixels.</param>
    /// <param name="style">Its style.</param>
    /// <param name="path">The path's data.</param>
    public static XElement Curve(double height, string style, string path) => new(
        "svg",
        new XAttribute("width", "100%"),
        new XAttribute("height", Number(height)),
        new XAttribute("viewBox", $"0 0 100 {Number(height)}"),
        new XAttribute("preserveAspectRatio", "none"),
        new XElement(
            "path", new XAttribute("class", style), new XAttribute("vector-effect", "non-scaling-stroke"), new XAttribute("d", path)));

    /// <summary>A hundredth is finer than any screen, and the file stays small.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Grid lines and labels of a horizontal axis at the bottom of a plot.</summary>
    public static IEnumerable<XElement> HorizontalAxis(Axis axis, double top, double bottom, string label)
    {
        foreach (var tick in axis.Ticks)
        {
            var x = axis.At(tick.Value);
            yield return Line(x, top, x, bottom, "grid");
            yield return Text(x, bottom + 18, x < Edge ? "tick" : x > 100 - Edge ? "tick end" : "tick middle", tick.Label);
        }

        yield return Text(50, bottom + 40, "label middle", label);
    }

    /// <summary>Grid lines of a vertical axis, each labelled above its left end, with the axis' label on top.</summary>
    public static IEnumerable<XElement> VerticalAxis(Axis axis, double top, string label)
    {
        foreach (var tick in axis.Ticks)
        {
            yield return Line(0, axis.At(tick.Value), 100, axis.At(tick.Value), "grid");
            yield return Text(0, axis.At(tick.Value) - 4, "tick", tick.Label);
        }

        yield return Text(0, top - 14, "label", label);
    }

    private static string Percent(double value) => $"{Number(value)}%";
}
