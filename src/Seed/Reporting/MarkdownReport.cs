using System.Text;
using LPZero.Coordinator.Reporting;

namespace LPZero.Seed.Reporting;

/// <summary>The report as Markdown, with the tables but without the plots.</summary>
public static class MarkdownReport
{
    /// <summary>The text of the report.</summary>
    public static string Render(ReportData data)
    {
        var text = new StringBuilder();
        text.Append($"# {data.RunName}: zero-cost proxies on {data.BenchmarkName}\n\n");
        text.Append(ReportText.Written(data) is { } written ? $"{written}\n\n" : "");
        foreach (var verdict in BaselineVerdict.Of(data))
        {
            text.Append($"**{verdict.Headline}** {verdict.Explanation}\n\n");
        }

        text.Append($"Searched on {Figures.Size(data.Search)}; held out: {Figures.Size(data.HeldOut)}. {ReportText.Method}\n");
        foreach (var table in ReportTables.Findings(data).Concat(ReportTables.Background(data)))
        {
            Append(text, table);
        }

        if (!data.Notes.IsEmpty)
        {
            text.Append("\n## Notes\n\n");
            foreach (var note in data.Notes)
            {
                text.Append($"- {note}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Adds what wrote the page, and what to type to do the same again.</summary>
    internal static void AppendOrigin(StringBuilder text, string version, string command) =>
        text.Append($"\nlpzero {version}, `{command}`\n");

    /// <summary>Adds a table under its heading.</summary>
    internal static void Append(StringBuilder text, ReportTable table)
    {
        text.Append($"\n## {table.Title}\n\n");
        if (table.Explanation.Length > 0)
        {
            text.Append($"{table.Explanation}\n\n");
        }

        if (table.Rows.IsEmpty)
        {
            text.Append("None.\n");
            return;
        }

        text.Append($"| {string.Join(" | ", table.Columns.Select(column => Escape(column.Name)))} |\n");
        text.Append($"| {string.Join(" | ", table.Columns.Select(column => column.Kind == CellKind.Number ? "---:" : "---"))} |\n");
        foreach (var row in table.Rows)
        {
            text.Append($"| {string.Join(" | ", row.Zip(table.Columns, Format))} |\n");
        }
    }

    private static string Format(Cell cell, Column column)
    {
        var lines = cell.Lines.Where(line => line.Length > 0).Select(Escape);
        if (column.Kind == CellKind.Code)
        {
            return string.Join("<br>", lines.Select(line => $"`{line}`"));
        }

        return string.Join("<br>", lines.Select(line => cell.Strong ? $"**{line}**" : line));
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
