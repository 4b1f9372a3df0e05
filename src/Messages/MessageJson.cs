using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Messages.Proxies;

namespace LPZero.Messages;

/// <summary>How messages are written as JSON: camel case, enums by name, proxies as expressions.</summary>
public static class MessageJson
{
    /// <summary>One line, for storage.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: false);

    /// <summary>Indented, for people.</summary>
    public static readonly JsonSerializerOptions Indented = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Expressions hold + and other signs that need no escape outside HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            Converters =
            {
                new JsonStringEnumConverter<InputKind>(),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
                new ProxyConverter(),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class ProxyConverter : JsonConverter<Proxy>
    {
        public override Proxy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ProxyText.ParseProxy(reader.GetString() ?? throw new JsonException("a proxy is a string"));

        public override void Write(Utf8JsonWriter writer, Proxy value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
