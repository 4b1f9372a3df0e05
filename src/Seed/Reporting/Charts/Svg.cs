using System.Globalization;
using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>Elements of inline SVG. No namespace is needed within HTML.</summary>
internal static class Svg
{
    /// <summary>A drawing that a screen reader announces by its title and description.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="width">Width in pixels at the size it is drawn for.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="title">What the drawing is.</param>
    /// <param name="description">What it shows, in a sentence.</param>
    /// <param name="content">Its elements.</param>
    public static XElement Drawing(string id, double width, double height, string title, string description, params object?[] content) => new(
        "svg",
        new XAttribute("id", id),
        new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
        new XAttribute("role", "img"),
        new XAttribute("aria-labelledby", $"{id}-title {id}-description"),
        new XElement("title", new XAttribute("id", $"{id}-title"), title),
        new XElement("desc", new XAttribute("id", $"{id}-description"), description),
        content);

    public static XElement Line(double x1, double y1, double x2, double y2, string style) => new(
        "line",
        new XAttribute("x1", Number(x1)),
        new XAttribute("y1", Number(y1)),
        new XAttribute("x2", Number(x2)),
        new XAttribute("y2", Number(y2)),
        new XAttribute("class", style));

    public static XElement Text(double x, double y, string style, string text) => new(
        "text",
        new XAttribute("x", Number(x)),
        new XAttribute("y", Number(y)),
        new XAttribute("class", style),
        text);

    public static XElement Circle(double x, double y, double radius, string style, string tooltip) => new(
        "circle",
        new XAttribute("cx", Number(x)),
        new XAttribute("cy", Number(y)),
        new XAttribute("r", Number(radius)),
        new XAttribute("class", style),
        new XElement("title", tooltip));

    /// <summary>Pixels with two decimals: finer than any screen, and the file stays small.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Grid lines and labels of a horizontal axis at the bottom of a plot.</summary>
    public static IEnumerable<XElement> HorizontalAxis(Axis axis, double top, double bottom, double centre, string label)
    {
        foreach (var tick in axis.Ticks)
        {
            yield return Line(axis.At(tick.Value), top, axis.At(tick.Value), bottom, "grid");
            yield return Text(axis.At(tick.Value), bottom + 18, "tick middle", tick.Label);
        }

        yield return Text(centre, bottom + 40, "label middle", label);
    }

    /// <summary>Grid lines and labels of a vertical axis at the left of a plot.</summary>
    public static IEnumerable<XElement> VerticalAxis(Axis axis, double left, double right, double centre, string? label)
    {
        foreach (var tick in axis.Ticks)
        {
            yield return Line(left, axis.At(tick.Value), right, axis.At(tick.Value), "grid");
            if (label is not null)
            {
                yield return Text(left - 8, axis.At(tick.Value) + 4, "tick end", tick.Label);
            }
        }

        if (label is not null)
        {
            var text = Text(left - 52, centre, "label middle", label);
            text.SetAttributeValue("transform", $"rotate(-90 {Number(left - 52)} {Number(centre)})");
            yield return text;
        }
    }
}
