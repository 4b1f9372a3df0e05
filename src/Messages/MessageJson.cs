using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Messages;

/// <summary>How messages are written as JSON: camel case, enums by name, proxies and branches as expressions, genotypes as text.</summary>
public static class MessageJson
{
    /// <summary>One line, for storage. Reads everything but genotypes, for which <see cref="Reading"/> is.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: false, parse: null, whole: false);

    /// <summary>
    /// One line, for requests and their answers: as <see cref="Options"/>, but of a configuration nothing is left out that its preset has
    /// another value of. Reads no genotypes.
    /// </summary>
    public static readonly JsonSerializerOptions Whole = Create(indented: false, parse: null, whole: true);

    /// <summary>As <see cref="Whole"/>, indented, for people.</summary>
    public static readonly JsonSerializerOptions Indented = Create(indented: true, parse: null, whole: true);

    /// <summary>As <see cref="Options"/>, and reads genotypes. To be made once: a serializer keeps what it has learnt.</summary>
    /// <param name="parse">Reads the text of a genotype, or the JSON object that an earlier version stored for one.</param>
    public static JsonSerializerOptions Reading(GenotypeParser parse) => Create(indented: false, parse, whole: false);

    private static JsonSerializerOptions Create(bool indented, GenotypeParser? parse, bool whole)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        if (whole)
        {
            resolver.Modifiers.Add(WriteWhole);
        }

        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = resolver,
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
        options.MakeReadOnly();
        return options;
    }

    /// <summary>
    /// Who reads a configuration takes the preset's value where nothing is written: then null is written too where the preset has
    /// something, and so is a value that stored configurations leave out.
    /// </summary>
    private static void WriteWhole(JsonTypeInfo type)
    {
        if (type.Type != typeof(SearchConfiguration))
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            var valueOf = property.Get!;
            property.ShouldSerialize = (configuration, value) => value is not null
                || (SearchConfiguration.Presets.TryGetValue(((SearchConfiguration)configuration).Preset, out var preset)
                    && valueOf(preset) is not null);
        }
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
