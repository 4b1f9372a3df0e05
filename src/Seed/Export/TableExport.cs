using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;

namespace LPZero.Seed.Export;

/// <summary>The best proxies as tables for scripts: CSV with a header, or a JSON array, with the same names.</summary>
public static class TableExport
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The proxies as JSON; an absent number is null.</summary>
    public static string Json(IEnumerable<ExportedProxy> proxies) =>
        JsonSerializer.Serialize(proxies.Select(proxy => proxy.Row.ToDictionary(cell => cell.Name, cell => cell.Value)), JsonOptions) +
        "\n";

    /// <summary>The proxies as CSV; see <see cref="Csv(IEnumerable{string}, IEnumerable{IEnumerable{object}})"/>.</summary>
    public static string Csv(IReadOnlyList<ExportedProxy> proxies) =>
        Csv(ExportedProxy.Columns, proxies.Select(proxy => proxy.Row.Select(cell => cell.Value)));

    /// <summary>A table as CSV (RFC 4180, lines end with a line feed); an absent value is an empty cell.</summary>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">A value for each heading.</param>
    internal static string Csv(IEnumerable<string> columns, IEnumerable<IEnumerable<object?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }))
        {
            WriteLine(csv, columns);
            foreach (var row in rows)
            {
                WriteLine(csv, row.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }
        }

        return text.ToString();
    }

    private static void WriteLine(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.EndRecord();
    }
}
