using System.IO.Compression;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.Integrity;

/// <summary>What an archive says of its run.</summary>
/// <param name="Format">The form of the archive.</param>
/// <param name="Program">What wrote it.</param>
/// <param name="Name">The run's name.</param>
/// <param name="Created">When it was started, UTC.</param>
/// <param name="Configuration">Its configuration, as it is stored.</param>
/// <param name="BenchmarkDigest">The digest of its benchmark.</param>
/// <param name="NumericProfile">What its numbers depend on; null where no device has taken part.</param>
/// <param name="Usage">What it has used.</param>
internal sealed record ArchivedRun(
    int Format, string Program, string Name, DateTime Created, string Configuration, string BenchmarkDigest, string? NumericProfile,
    RunUsage Usage)
{
    /// <summary>Its weight among runs that wait for the same device; the standard where an earlier version has exported it.</summary>
    public int Priority { get; init; } = DeviceShare.Standard;
}

/// <summary>An event as the journal keeps it.</summary>
internal sealed record ArchivedEvent(long Number, int Serializer, string Manifest, byte[] Message);

/// <summary>A block of terms as it is stored.</summary>
internal sealed record ArchivedTerms(string Key, InputKind Input, byte[] Block);

/// <summary>
/// A run in a zip file: what it is, its benchmark, its events and the terms of its networks, of which the latter two are one JSON text a
/// line; and its report, where it has one.
/// </summary>
internal static class RunArchive
{
    /// <summary>The form that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    public const string Run = "run.json";
    public const string Benchmark = "benchmark.json";
    public const string Events = "events.jsonl";
    public const string Terms = "terms.jsonl";
    public const string Report = "report.json";

    /// <summary>Writes a text.</summary>
    public static async Task WriteAsync(ZipArchive zip, string entry, string content)
    {
        await using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
        await writer.WriteAsync(content);
    }

    /// <summary>Writes values, one a line.</summary>
    public static async Task WriteAsync<T>(ZipArchive zip, string entry, IAsyncEnumerable<T> values)
    {
        await using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
        await foreach (var value in values)
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(value, MessageJson.Options));
        }
    }

    /// <summary>Reads a text; null where the archive has none.</summary>
    public static async Task<string?> ReadAsync(ZipArchive zip, string entry)
    {
        if (zip.GetEntry(entry) is not { } found)
        {
            return null;
        }

        using var reader = new StreamReader(found.Open());
        return await reader.ReadToEndAsync();
    }

    /// <summary>Reads values, one a line.</summary>
    /// <exception cref="InvalidDataException">They are missing, or a line is none.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(ZipArchive zip, string entry)
    {
        using var reader = new StreamReader((zip.GetEntry(entry) ?? throw new InvalidDataException($"it has no {entry}")).Open());
        for (var number = 1; await reader.ReadLineAsync() is { } line; number++)
        {
            yield return Parse<T>(line, FormattableString.Invariant($"{entry}, line {number}"));
        }
    }

    /// <summary>The value of a JSON text.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static T Parse<T>(string text, string place)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, MessageJson.Options) ?? throw new InvalidDataException($"{place}: nothing is there");
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new InvalidDataException(
                $"{place} is damaged, or of a later program; take the original, or export the run again", problem);
        }
    }
}
