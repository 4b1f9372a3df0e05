using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace LPZero.Cluster.Tests.Upgrade;

/// <summary>
/// What versions of the program have written, a file for each form. A file is never written anew: a form that has none yet gets one where
/// LPZERO_REGENERATE_GOLDEN is set, and a form that is no longer written keeps its own for as long as it is read.
/// </summary>
internal static class StoredForms
{
    private static readonly string Folder = Path.Combine(Repository.Root!, "tests", "Cluster.Tests", "Upgrade");

    /// <summary>The names of the files of a kind of form, without their ending.</summary>
    public static IReadOnlyList<string> Names(string kind, string ending) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, kind), "*" + ending).Select(file => Path.GetFileName(file)[..^ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The path of a form's file.</summary>
    public static string File(string kind, string name) => Path.Combine(Folder, kind, name);

    /// <summary>Whether a file that is missing is to be written.</summary>
    public static bool IsWanted(string kind, string name) =>
        Environment.GetEnvironmentVariable("LPZERO_REGENERATE_GOLDEN") is not null && !System.IO.File.Exists(File(kind, name));

    /// <summary>Four digits, as migrations are numbered.</summary>
    public static string Number(int number) => number.ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>Unpacks a file of a form.</summary>
    public static async Task UnpackAsync(string kind, string name, string target)
    {
        await using var packed = new GZipStream(System.IO.File.OpenRead(File(kind, name)), CompressionMode.Decompress);
        await using var plain = System.IO.File.Create(target);
        await packed.CopyToAsync(plain);
    }

    /// <summary>Packs a file as that of a form.</summary>
    public static async Task PackAsync(string source, string kind, string name)
    {
        await using var packed = new GZipStream(System.IO.File.Create(File(kind, name)), CompressionLevel.SmallestSize);
        await using var plain = System.IO.File.OpenRead(source);
        await plain.CopyToAsync(packed);
    }

    /// <summary>Where what is read is not what was written. What a later version has added is not looked at.</summary>
    public static IEnumerable<string> Differences(JsonNode? written, JsonNode? read, string place = "$") => (written, read) switch
    {
        (JsonObject one, JsonObject other) =>
            one.SelectMany(field => Differences(field.Value, other[field.Key], $"{place}.{field.Key}")),
        (JsonArray one, JsonArray other) when one.Count == other.Count =>
            one.Zip(other, (left, right) => (left, right)).SelectMany((pair, index) => Differences(
                pair.left, pair.right, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"))),
        _ => JsonNode.DeepEquals(written, read) ? [] : [$"{place}: written {written}, read {read}"],
    };
}
