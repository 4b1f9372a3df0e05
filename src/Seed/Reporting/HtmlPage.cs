using System.Xml.Linq;
using LPZero.Seed.Reporting.Charts;

namespace LPZero.Seed.Reporting;

/// <summary>A page of HTML that needs nothing else: styles and plots are inline, there is no script.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --head: #fafbfc; --ink: #1d2530; --soft: #5b6675;
          --line: #dde2e8; --grid: #e6eaee;
          --blue: #0067a8; --orange: #c2500a; --grey: #69727d; --better: #1a7f4b; --unsure: #b7791f; --worse: #b3372f; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --page: #14181d; --card: #1c2229; --head: #222931; --ink: #e4e8ed; --soft: #a3adb9; --line: #343d47; --grid: #2b333c;
            --blue: #5eb1ee; --orange: #f0945a; --grey: #8d97a3; --better: #45b37a; --unsure: #d9a441; --worse: #e2746c; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1160px; margin: 0 auto; padding: 32px clamp(12px, 4vw, 24px) 64px; }
        h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
        h2 { font-size: 20px; margin: 40px 0 6px; }
        h1, h2, h2 + p, figcaption { break-after: avoid; break-inside: avoid; }
        p { margin: 6px 0 12px; max-width: 82ch; overflow-wrap: anywhere; }
        .soft { color: var(--soft); }
        .verdict { border-left: 6px solid var(--grey); background: var(--card); padding: 14px 20px; margin: 20px 0; border-radius: 4px; }
        .verdict p { margin: 0; }
        .verdict .headline { font-size: 18px; font-weight: 650; margin-bottom: 4px; }
        .verdict.better { border-color: var(--better); }
        .verdict.notdistinguishable { border-color: var(--unsure); }
        .verdict.worse { border-color: var(--worse); }
        .best { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 12px 16px;
          overflow-wrap: anywhere; font-size: 17px; }
        dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 16px 0 0; }
        dl.facts div { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 10px 14px;
          break-inside: avoid; }
        dl.facts dt { color: var(--soft); font-size: 14px; }
        dl.facts dd { margin: 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
        dl.facts dd small { display: block; font-size: 14px; font-weight: 400; color: var(--soft); }
        .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 4px; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; }
        tr { break-inside: avoid; }
        th, td { padding: 7px 10px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        tbody tr:last-child td { border-bottom: 0; }
        th { color: var(--soft); font-weight: 600; vertical-align: bottom; background: var(--head); }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        th.number:not(:first-child) { min-width: 4.8em; }
        td.number { white-space: nowrap; }
        td.code { min-width: 200px; overflow-wrap: anywhere; }
        code { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .best code { font-size: 16px; }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(330px, 100%), 1fr)); gap: 0 24px; align-items: start; }
        .columns > section { min-width: 0; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 12px; }
        figure { margin: 0; min-width: 0; background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 12px;
          break-inside: avoid; }
        figcaption { font-weight: 600; margin-bottom: 8px; overflow-wrap: anywhere; }
        svg { display: block; font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
        svg text { fill: var(--ink); stroke: var(--card); stroke-width: 3px; paint-order: stroke; }
        svg .tick { fill: var(--soft); }
        svg .name.held-out { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        svg .value { font-weight: 600; }
        svg .middle { text-anchor: middle; }
        svg .end { text-anchor: end; }
        svg .grid { stroke: var(--grid); stroke-width: 1; }
        svg .reference { stroke: var(--grey); stroke-width: 1.5; stroke-dasharray: 6 4; }
        svg .curve { fill: none; stroke: var(--blue); stroke-width: 2.5; stroke-linejoin: round; }
        svg circle.search { fill: var(--blue); fill-opacity: 0.6; }
        svg circle.held-out { fill: var(--orange); fill-opacity: 0.6; }
        svg circle.baseline { fill: var(--grey); }
        svg#intervals circle { fill-opacity: 1; }
        svg .whisker { stroke-width: 2.5; }
        svg .whisker.held-out { stroke: var(--orange); }
        svg .whisker.baseline { stroke: var(--grey); }
        @media print {
          body { background: #fff; } main { padding: 0; } table { font-size: 10px; } th, td { padding: 3px 5px; } code { font-size: 10px; }
          .columns { display: block; } .scroll { overflow-x: visible; }
          th.number:not(:first-child) { min-width: 0; } td.code { min-width: 120px; }
        }
        """;

    /// <summary>The text of a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">What stands on it.</param>
    public static string Render(string title, params object?[] content)
    {
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", title),
                new XElement("style", Style)),
            new XElement("body", new XElement("main", content)));
        return $"<!DOCTYPE html>\n{page}\n";
    }

    /// <summary>What wrote the page, and what to type to do the same again.</summary>
    public static XElement Origin(string version, string command) => new(
        "p", new XAttribute("class", "soft"), $"lpzero {version.Split('+')[0]}: ", new XElement("code", command));

    /// <summary>Drawings under a heading; null without any.</summary>
    public static XElement? Chart(string title, string explanation, IEnumerable<Figure> figures)
    {
        var drawn = figures
            .Select(figure =>
                new XElement("figure", figure.Caption is null ? null : new XElement("figcaption", figure.Caption), figure.Drawing))
            .ToList();
        return drawn.Count == 0
            ? null
            : new XElement("section", new XElement("h2", title), new XElement("p", explanation),
                new XElement("div", new XAttribute("class", "figures"), drawn));
    }

    /// <summary>A table under its heading.</summary>
    public static XElement Table(ReportTable table) => new(
        "section",
        new XElement("h2", table.Title),
        table.Explanation.Length == 0 ? null : new XElement("p", table.Explanation),
        table.Rows.IsEmpty
            ? new XElement("p", "None.")
            : new XElement("div", new XAttribute("class", "scroll"), new XElement(
                "table",
                new XElement(
                    "thead",
                    new XElement("tr",
                        table.Columns.Select(column => new XElement("th", new XAttribute("scope", "col"), Class(column), column.Name)))),
                new XElement(
                    "tbody",
                    table.Rows.Select(row =>
                        new XElement(
                            "tr", row.Zip(table.Columns, (cell, column) => new XElement("td", Class(column), Content(cell, column)))))))));

    private static XAttribute Class(Column column) => new("class", column.Kind.ToString().ToLowerInvariant());

    private static IEnumerable<object> Content(Cell cell, Column column)
    {
        for (var i = 0; i < cell.Lines.Length; i++)
        {
            if (i > 0)
            {
                yield return new XElement("br");
            }

            yield return column.Kind == CellKind.Code
                ? new XElement("code", cell.Lines[i])
                : cell.Strong ? new XElement("strong", cell.Lines[i]) : cell.Lines[i];
        }
    }
}
