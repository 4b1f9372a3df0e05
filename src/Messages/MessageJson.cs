using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Messages.Proxies;

namespace LPZero.Messages;

/// <summary>How messages are written as JSON: camel case, enums by name, proxies and branches as expressions.</summary>
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
                new BranchConverter(),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <exception cref="JsonException">The text does not parse; the message says where.</exception>
    private static T Parse<T>(ref Utf8JsonReader reader, Func<string, T> parse)
    {
        try
        {
            return parse(reader.GetString() ?? throw new JsonException("an expression is a string"));
        }
        catch (ProxySyntaxException problem)
        {
            throw new JsonException(problem.Message, problem);
        }
    }

    private sealed class ProxyConverter : JsonConverter<Proxy>
    {
        public override Proxy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(ref reader, ProxyText.ParseProxy);

        public override void Write(Utf8JsonWriter writer, Proxy value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class BranchConverter : JsonConverter<Branch>
    {
        public override Branch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(ref reader, ProxyText.ParseBranch);

        public override void Write(Utf8JsonWriter writer, Branch value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
