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

    /// <summary>The proxies as CSV (RFC 4180, lines end with a line feed); an absent number is an empty cell.</summary>
    public static string Csv(IReadOnlyList<ExportedProxy> proxies)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }))
        {
            WriteLine(csv, ExportedProxy.Columns);
            foreach (var proxy in proxies)
            {
                WriteLine(csv, proxy.Row.Select(cell => Convert.ToString(cell.Value, CultureInfo.InvariantCulture) ?? ""));
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
