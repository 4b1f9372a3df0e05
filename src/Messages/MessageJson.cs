using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;

namespace LPZero.Messages;

/// <summary>How messages are written as JSON: camel case, enums by name, proxies and branches as expressions, genotypes as text.</summary>
public static class MessageJson
{
    /// <summary>One line, for storage. Reads everything but genotypes, for which <see cref="Reading"/> is.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: false, parse: null);

    /// <summary>Indented, for people. Reads no genotypes.</summary>
    public static readonly JsonSerializerOptions Indented = Create(indented: true, parse: null);

    /// <summary>As <see cref="Options"/>, and reads genotypes. To be made once: a serializer keeps what it has learnt.</summary>
    /// <param name="parse">Reads the text of a genotype, or the JSON object that an earlier version stored for one.</param>
    public static JsonSerializerOptions Reading(GenotypeParser parse) => Create(indented: false, parse);

    private static JsonSerializerOptions Create(bool indented, GenotypeParser? parse)
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
                new GenotypeConverter(parse),
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

    private sealed class GenotypeConverter(GenotypeParser? parse) : JsonConverter<Genotype>
    {
        /// <exception cref="JsonException">It cannot be read; the message is one line.</exception>
        /// <exception cref="NotSupportedException">These options read no genotypes.</exception>
        public override Genotype Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (parse is null)
            {
                throw new NotSupportedException("these options read no genotypes");
            }

            using var value = JsonDocument.ParseValue(ref reader);
            try
            {
                return parse(value.RootElement.ValueKind switch
                {
                    JsonValueKind.String => value.RootElement.GetString()!,
                    JsonValueKind.Object => value.RootElement.GetRawText(),
                    _ => throw new FormatException("a genotype is a text"),
                });
            }
            catch (FormatException problem)
            {
                throw new JsonException(problem.Message, problem);
            }
        }

        public override void Write(Utf8JsonWriter writer, Genotype value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
