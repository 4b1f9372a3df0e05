using System.Text.Json;
using System.Text.Json.Nodes;

namespace LPZero.Messages;

/// <summary>
/// The JSON documents that the command line prints and the control API answers with: each says by which version of docs/json.md it is to
/// be read.
/// </summary>
public static class JsonDocuments
{
    /// <summary>Raised where a field goes or changes its meaning; new fields leave it alone.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The member that says it.</summary>
    public const string Member = "schemaVersion";

    /// <summary>The value as a text; see <see cref="Of"/>.</summary>
    public static string Text<T>(T value, JsonSerializerOptions options) => Of(value, options)?.ToJsonString(options) ?? "null";

    /// <summary>
    /// The value with the member <see cref="Member"/> before its own; where it is a list, each of its objects has it. One that says it
    /// already is left alone.
    /// </summary>
    public static JsonNode? Of<T>(T value, JsonSerializerOptions options)
    {
        var document = JsonSerializer.SerializeToNode(value, options);
        foreach (var part in document is JsonArray list ? list : [document])
        {
            if (part is JsonObject one && !one.ContainsKey(Member))
            {
                one.Insert(0, Member, SchemaVersion);
            }
        }

        return document;
    }
}
