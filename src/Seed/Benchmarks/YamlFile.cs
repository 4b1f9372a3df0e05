using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LPZero.Messages;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads a YAML file as JSON, so that one set of checks serves both. One document of mappings, lists and scalars; anchors, which can make
/// a small file huge, are refused.
/// </summary>
internal static partial class YamlFile
{
    /// <summary>Bytes at most: some hundred times the largest published file.</summary>
    public const int LargestBytes = 4 << 20;

    private const int DeepestNesting = 16;

    /// <summary>The file's value.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What the file should be, for the message when it is missing.</param>
    /// <exception cref="BenchmarkException">It cannot be used; the message says why and where.</exception>
    public static JsonField Read(string path, string what)
    {
        var bytes = InputFile.Read(path, what, LargestBytes);
        Utf8File.Check(bytes, path);
        try
        {
            return new JsonField(ToJson(bytes, path), path, "$");
        }
        catch (YamlException error)
        {
            var reason = PrintableText.Escape(PrintableText.Shorten(error.Message.TrimEnd('.').ReplaceLineEndings(" ")));
            throw new BenchmarkException(
                $"{path}: {Utf8File.Position(error.Start.Line, error.Start.Column)}: is not valid YAML ({reason}); correct it there",
                error);
        }
        catch (InvalidOperationException error)
        {
            throw new BenchmarkException($"{path}: is not valid YAML (brackets or indents do not match); correct it", error);
        }
    }

    /// <exception cref="YamlException">It is no YAML.</exception>
    /// <exception cref="InvalidOperationException">Neither, where the parser takes it and what begins does not end.</exception>
    private static JsonElement ToJson(byte[] bytes, string path)
    {
        var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            var nested = new Stack<HashSet<string>?>();
            var isKey = false;
            var parser = new Parser(new StringReader(Encoding.UTF8.GetString(bytes)));
            var documents = 0;
            while (parser.MoveNext())
            {
                switch (parser.Current)
                {
                    case AnchorAlias:
                        throw Error(parser.Current, "refers to an anchor; write the value out");
                    case MappingStart when !isKey && nested.Count < DeepestNesting:
                        writer.WriteStartObject();
                        nested.Push(new HashSet<string>(StringComparer.Ordinal));
                        isKey = true;
                        continue;
                    case SequenceStart when !isKey && nested.Count < DeepestNesting:
                        writer.WriteStartArray();
                        nested.Push(null);
                        break;
                    case MappingEnd:
                        writer.WriteEndObject();
                        nested.Pop();
                        break;
                    case SequenceEnd:
                        writer.WriteEndArray();
                        nested.Pop();
                        break;
                    case Scalar key when isKey:
                        writer.WritePropertyName(nested.Peek()!.Add(key.Value)
                            ? key.Value
                            : throw Error(key, $"the key '{PrintableText.Escape(PrintableText.Shorten(key.Value))}' is there already"));
                        isKey = false;
                        continue;
                    case Scalar scalar:
                        Write(writer, scalar);
                        break;
                    case MappingStart or SequenceStart:
                        throw Error(parser.Current, isKey ? "is no key; give a text" : "is nested too deep");
                    case DocumentStart when ++documents > 1:
                        throw Error(parser.Current, "a second document begins; give one");
                    default:
                        continue;
                }

                isKey = nested.TryPeek(out var keys) && keys is not null;
            }

            if (documents == 0)
            {
                throw new BenchmarkException($"{path}: is empty; check the path");
            }
        }

        using var document = JsonDocument.Parse(json.ToArray());
        return document.RootElement.Clone();

        BenchmarkException Error(ParsingEvent at, string problem) =>
            new($"{path}: {Utf8File.Position(at.Start.Line, at.Start.Column)}: {problem}");
    }

    private static void Write(Utf8JsonWriter writer, Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            writer.WriteStringValue(text);
        }
        else if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            writer.WriteNullValue();
        }
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            writer.WriteBooleanValue(text[0] is 't' or 'T');
        }
        else if (Whole().IsMatch(text))
        {
            writer.WriteRawValue(text);
        }
        else if (Number().IsMatch(text) && double.Parse(text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(text.ToLowerInvariant() switch
            {
                ".nan" => "NaN",
                ".inf" or "+.inf" => "Infinity",
                "-.inf" => "-Infinity",
                _ => text,
            });
        }
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,30})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(
        @"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
