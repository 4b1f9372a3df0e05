using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace LPZero.GpuNode.Safetensors;

/// <summary>Which file holds which tensor: the <c>weight_map</c> of an index in JSON.</summary>
internal static class ShardIndex
{
    // Open files of a process are few, and nobody cuts a network into more.
    private const int MostShards = 256;

    /// <summary>The file of each tensor, by the tensor's name: plain names of files beside the index.</summary>
    /// <exception cref="FormatException">It is no index; the message, without the file's name, says what is wrong.</exception>
    public static ImmutableSortedDictionary<string, string> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException("is not valid JSON", error);
        }
    }

    private static ImmutableSortedDictionary<string, string> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var given)
            || given.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("has no weight_map");
        }

        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in given.EnumerateObject())
        {
            // A name alone: an index that comes from elsewhere reads no other folder.
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (file.Length == 0 || file.StartsWith('.') || file.AsSpan().ContainsAny('/', '\\') || file.Any(char.IsControl))
            {
                throw new FormatException($"gives the tensor {SafetensorsHeader.Quoted(entry.Name)} no file beside the index");
            }

            if (!map.TryAdd(entry.Name, file))
            {
                throw new FormatException($"names the tensor {SafetensorsHeader.Quoted(entry.Name)} twice");
            }

            if (files.Add(file) && files.Count > MostShards)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"names more than {MostShards} files"));
            }
        }

        return map.Count > 0 ? map.ToImmutable() : throw new FormatException("names no tensor");
    }
}
