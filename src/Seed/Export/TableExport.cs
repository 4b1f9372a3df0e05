using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

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
        JsonSerializer.Serialize(proxies.Select(proxy => proxy.Row.ToDictionary(cell => cell.Name, cell => cell.Value)), JsonOptions) + "\n";

    /// <summary>The proxies as CSV (RFC 4180, lines end with a line feed); an absent number is an empty cell.</summary>
    public static string Csv(IReadOnlyList<ExportedProxy> proxies)
    {
        var header = ExportedProxy.Columns;
        var rows = proxies.Select(proxy => proxy.Row.Select(cell => Convert.ToString(cell.Value, CultureInfo.InvariantCulture) ?? ""));
        return string.Concat(rows.Prepend(header).Select(cells => string.Join(',', cells.Select(Quoted)) + "\n"));
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
