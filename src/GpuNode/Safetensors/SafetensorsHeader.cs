using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LPZero.Messages;

namespace LPZero.GpuNode.Safetensors;

/// <summary>
/// The header of a safetensors file: a JSON object that gives each tensor's type, shape and place, and free texts under
/// <c>__metadata__</c>. What the published format demands is checked (github.com/huggingface/safetensors, section "Format"): no name
/// twice, and tensors that fill the data from the first byte to the last without overlap or gap.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>Bytes at most of a header, as in the published reader.</summary>
    public const long LongestBytes = 100_000_000;

    /// <summary>Dimensions at most of a tensor: what tensor libraries have.</summary>
    public const int MostDimensions = 64;

    private const string MetadataName = "__metadata__";

    private SafetensorsHeader(FrozenDictionary<string, StoredTensor> tensors, FrozenDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The tensors by name.</summary>
    public FrozenDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The free texts, empty where the file has none.</summary>
    public FrozenDictionary<string, string> Metadata { get; }

    /// <summary>Reads a header.</summary>
    /// <param name="json">The header in UTF-8, without the eight bytes that give its length.</param>
    /// <param name="dataLength">Bytes that follow it.</param>
    /// <exception cref="FormatException">It is not one; the message, one line without the file's name, says what is wrong.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        // The format says so: a reader may look at this byte to tell a header from something else.
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new FormatException("the header is not a JSON object; the file is not a safetensors file");
        }

        try
        {
            var reader = new HeaderReader(json);
            reader.ReadAll();
            CheckPlaces(reader.Tensors.Values, dataLength);
            return new SafetensorsHeader(
                reader.Tensors.ToFrozenDictionary(StringComparer.Ordinal), reader.Metadata.ToFrozenDictionary(StringComparer.Ordinal));
        }
        catch (JsonException error)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"the header is not valid JSON (at byte {error.BytePositionInLine}); write the file again"), error);
        }
        catch (InvalidOperationException error)
        {
            // The reader looks at the characters of a text only when the text is asked for.
            throw new FormatException("the header holds a text that is not Unicode; write the file again", error);
        }
    }

    /// <summary>A name as an error line repeats it.</summary>
    internal static string Quoted(string name) => $"'{PrintableText.Escape(PrintableText.Shorten(name, longest: 80))}'";

    private static void CheckPlaces(IEnumerable<StoredTensor> tensors, long dataLength)
    {
        var end = 0L;
        StoredTensor? before = null;
        foreach (var tensor in tensors.OrderBy(t => t.Begin).ThenBy(t => t.Length))
        {
            if (tensor.Begin < end)
            {
                throw new FormatException($"the tensors {Quoted(before!.Name)} and {Quoted(tensor.Name)} overlap; write the file again");
            }

            CheckNoGap(end, tensor.Begin);
            before = tensor;
            end = tensor.Begin + tensor.Length;
            if (end > dataLength)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                    $"the tensor {Quoted(tensor.Name)} ends at byte {end} of {dataLength}; the file is cut off, so copy it again"));
            }
        }

        CheckNoGap(end, dataLength);
    }

    private static void CheckNoGap(long end, long next)
    {
        if (end != next)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"no tensor has the bytes {end} to {next} of the data; write the file again"));
        }
    }

    /// <summary>One pass over the JSON text, which makes nothing but the header's own entries.</summary>
    private ref struct HeaderReader(ReadOnlySpan<byte> json)
    {
        private Utf8JsonReader reader = new(json);

        public Dictionary<string, StoredTensor> Tensors { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

        public void ReadAll()
        {
            reader.Read();
            var hasMetadata = false;
            while (NextName() is { } name)
            {
                if (name != MetadataName)
                {
                    var tensor = ReadTensor(name);
                    if (!Tensors.TryAdd(name, tensor))
                    {
                        throw new FormatException($"the header names the tensor {Quoted(name)} twice; write the file again");
                    }
                }
                else if (hasMetadata)
                {
                    throw new FormatException($"the header has {MetadataName} twice; write the file again");
                }
                else
                {
                    ReadMetadata();
                    hasMetadata = true;
                }
            }

            // Nothing but white space may follow.
            while (reader.Read())
            {
            }
        }

        private void ReadMetadata()
        {
            Expect(JsonTokenType.StartObject, MetadataName, "an object");
            while (NextName() is { } name)
            {
                Expect(JsonTokenType.String, MetadataName, "an object of texts");
                if (!Metadata.TryAdd(name, reader.GetString()!))
                {
                    throw new FormatException($"{MetadataName} has {Quoted(name)} twice; write the file again");
                }
            }
        }

        private StoredTensor ReadTensor(string name)
        {
            ElementType? type = null;
            ImmutableArray<long>? shape = null;
            ImmutableArray<long>? offsets = null;
            Expect(JsonTokenType.StartObject, name, "an object");
            while (NextName() is { } member)
            {
                switch (member)
                {
                    case "dtype" when type is null:
                        type = ReadType(name);
                        break;
                    case "shape" when shape is null:
                        shape = ReadNumbers(name, "shape", MostDimensions);
                        break;
                    case "data_offsets" when offsets is null:
                        offsets = ReadNumbers(name, "data_offsets", most: 2);
                        break;
                    case "dtype" or "shape" or "data_offsets":
                        throw Wrong(name, $"has {member} twice");
                    default:
                        reader.Skip();
                        break;
                }
            }

            return Tensor(
                name, type ?? throw Wrong(name, "has no dtype"), shape ?? throw Wrong(name, "has no shape"),
                offsets is { Length: 2 } given ? given : throw Wrong(name, "has no two data_offsets"));
        }

        private static StoredTensor Tensor(string name, ElementType type, ImmutableArray<long> shape, ImmutableArray<long> offsets)
        {
            var count = Count(name, shape);
            var tensor = new StoredTensor(name, type, shape, offsets[0], count);
            if (count > long.MaxValue / tensor.ElementSize)
            {
                throw TooLarge(name);
            }

            return offsets[1] >= offsets[0] && offsets[1] - offsets[0] == tensor.Length
                ? tensor
                : throw Wrong(name, string.Create(CultureInfo.InvariantCulture,
                    $"needs {tensor.Length} bytes but its data_offsets are {offsets[0]} and {offsets[1]}"));
        }

        private static long Count(string name, ImmutableArray<long> shape)
        {
            // A dimension of 0 first: the others may be whatever they are.
            if (shape.Contains(0))
            {
                return 0;
            }

            var count = 1L;
            foreach (var dimension in shape)
            {
                count = count <= long.MaxValue / dimension ? count * dimension : throw TooLarge(name);
            }

            return count;
        }

        private ElementType ReadType(string name)
        {
            Expect(JsonTokenType.String, name, "a text as its dtype");
            return reader.GetString() switch
            {
                "F32" => ElementType.Single,
                "F16" => ElementType.Half,
                "BF16" => ElementType.BFloat,
                var other => throw new FormatException(
                    $"the tensor {Quoted(name)} has the dtype {Quoted(other!)}; save it as F32, F16 or BF16"),
            };
        }

        private ImmutableArray<long> ReadNumbers(string name, string member, int most)
        {
            Expect(JsonTokenType.StartArray, name, $"an array as its {member}");
            var numbers = ImmutableArray.CreateBuilder<long>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                {
                    throw Wrong(name, $"has something else than whole numbers of at least 0 in its {member}");
                }

                if (numbers.Count == most)
                {
                    throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"has more than {most} numbers in its {member}"));
                }

                numbers.Add(number);
            }

            return numbers.ToImmutable();
        }

        /// <summary>The name of the next member of the object at hand, or null at its end.</summary>
        private string? NextName() => reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;

        private void Expect(JsonTokenType type, string name, string wanted)
        {
            reader.Read();
            if (reader.TokenType != type)
            {
                throw new FormatException($"the header's entry {Quoted(name)} is not {wanted}; write the file again");
            }
        }

        private static FormatException TooLarge(string name) => Wrong(name, "has a shape of more elements than can be counted");

        private static FormatException Wrong(string name, string problem) =>
            new($"the tensor {Quoted(name)} {problem}; write the file again");
    }
}
