using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Settings;

namespace LPZero.Seed.Tests.Documents;

public sealed class ConfigurationSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_schema_for_editors_has_the_settings_that_there_are()
    {
        // That of a build with closed packages is left out.
        var properties = new JsonObject(Setting.All(Commands.Root()).Where(setting => setting.Key != "pbm")
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)Schema(setting.Option))));
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Settings of LPZero.Cluster (lpzero.yaml)",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        RegeneratedFile.AssertHolds("docs/config.schema.json", schema.ToJsonString(Indented) + "\n");
    }

    private static JsonObject Schema(Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var isWhole = type == typeof(int) || type == typeof(long) || type == typeof(ulong);
        var schema = new JsonObject
        {
            ["description"] = option.Description,
            ["type"] = isWhole ? "integer" : type == typeof(double) ? "number" : type == typeof(bool) ? "boolean" : "string",
        };
        var choices = type == typeof(string) ? option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).ToArray() : [];
        if (choices.Length > 0)
        {
            schema["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]);
        }
        else if (option.Description!.Contains("separated by commas", StringComparison.Ordinal))
        {
            schema["type"] = new JsonArray("string", "array");
            schema["items"] = new JsonObject { ["type"] = "string" };
        }

        return schema;
    }
}
