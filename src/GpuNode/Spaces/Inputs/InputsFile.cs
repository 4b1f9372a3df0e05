using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Safetensors;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Spaces.Inputs;

/// <summary>
/// What a network showed on a mini-batch, recorded as safetensors: a tensor <c>LETTER.LAYER.NUMBER</c> (such as <c>G.0.3</c>) for each
/// tensor of each of the six inputs of each layer. The Python client writes such files.
/// </summary>
public sealed class InputsFile : IDisposable
{
    /// <summary>The end of the name of a file that holds the inputs of one architecture.</summary>
    public const string Suffix = ".safetensors";

    /// <summary>The end of the name of an index of several files that do.</summary>
    public const string IndexSuffix = Suffix + ShardedSafetensors.IndexSuffix;

    private const string Format = "lpzero-inputs";
    private const string Version = "1";

    private readonly ISafetensors tensors;
    private readonly ImmutableArray<ImmutableArray<ImmutableArray<StoredTensor>>> byKind;

    private InputsFile(string path, ISafetensors tensors)
    {
        this.tensors = tensors;
        if (tensors.Metadata.TryGetValue("format", out var format) && format != Format)
        {
            throw Error(path, $"is of the format {Quoted(format)}, not '{Format}'; collect it with the Python client");
        }

        if (tensors.Metadata.TryGetValue("version", out var version) && version != Version)
        {
            throw Error(path, $"is of version {PrintableText.Escape(PrintableText.Shorten(version))}, not {Version}; collect it again");
        }

        byKind = Arrange(path, tensors.Tensors.Values);
        WeightRoles = tensors.Metadata.TryGetValue("roles", out var roles) ? ReadRoles(path, roles, this[InputKind.W]) : [];
        Parameters = tensors.Metadata.TryGetValue("parameters", out var parameters) ? ReadParameters(path, parameters) : null;
    }

    /// <summary>Number of layers.</summary>
    public int Layers => byKind[0].Length;

    /// <summary>Width of the hidden states: the last dimension of the first layer's Jacobian.</summary>
    public long HiddenSize => this[InputKind.J][0][0].Shape[^1];

    /// <summary>Number of the network's parameters, where the file says so.</summary>
    public long? Parameters { get; }

    /// <summary>
    /// What each tensor of W belongs to, layer by layer: the mixing operation, the feed-forward block or something else; empty where the
    /// file does not say.
    /// </summary>
    public ImmutableArray<ImmutableArray<ParameterRole>> WeightRoles { get; }

    /// <summary>Elements of all tensors.</summary>
    public long Elements => tensors.Tensors.Values.Sum(tensor => tensor.Count);

    /// <summary>Elements of the largest tensor.</summary>
    public long LargestTensor => tensors.Tensors.Values.Max(tensor => tensor.Count);

    /// <summary>The tensors of each layer, first to last.</summary>
    public ImmutableArray<ImmutableArray<StoredTensor>> this[InputKind kind] => byKind[(int)kind];

    /// <summary>Opens a file, or the index of several, and checks how it is laid out. No tensor is read yet.</summary>
    /// <exception cref="InputsException">There is none, or it cannot be used; the message says why.</exception>
    public static InputsFile Open(string path)
    {
        ISafetensors? opened = null;
        try
        {
            opened = path.EndsWith(IndexSuffix, StringComparison.Ordinal) ? ShardedSafetensors.Open(path) : SafetensorsFile.Open(path);
            return new InputsFile(path, opened);
        }
        catch (SafetensorsException problem)
        {
            throw new InputsException(problem.Message, problem);
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 in hexadecimal over every byte of the file or files.</summary>
    public string Digest()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        tensors.AppendTo(digest);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Writes a tensor's elements, as float32.</summary>
    /// <param name="tensor">One of this file.</param>
    /// <param name="destination">Where to: as long as the tensor has elements.</param>
    public void Read(StoredTensor tensor, Span<float> destination) => tensors.Read(tensor, destination);

    /// <summary>Closes the file.</summary>
    public void Dispose() => tensors.Dispose();

    private static ImmutableArray<ImmutableArray<ImmutableArray<StoredTensor>>> Arrange(string path, IEnumerable<StoredTensor> tensors)
    {
        var placed = new Dictionary<(InputKind Kind, int Layer), SortedList<int, StoredTensor>>();
        var layers = 0;
        foreach (var tensor in tensors)
        {
            var (kind, layer, number) = Place(tensor.Name) ?? throw Error(
                path, $"the tensor {Quoted(tensor.Name)} is none of the inputs, such as 'G.0.3'; write it with the Python client");
            if (tensor.Count == 0 || tensor.Shape.IsEmpty)
            {
                throw Error(path, $"the tensor {Quoted(tensor.Name)} has no elements or no dimensions; collect the inputs again");
            }

            layers = Math.Max(layers, layer + 1);
            placed.TryAdd((kind, layer), []);
            placed[(kind, layer)].Add(number, tensor);
        }

        if (layers == 0)
        {
            throw Error(path, "has no tensors; collect the inputs again");
        }

        return
        [
            .. Enum.GetValues<InputKind>().Select(kind =>
                Enumerable.Range(0, layers).Select(layer => OfLayer(path, kind, layer, placed.GetValueOrDefault((kind, layer))))
                    .ToImmutableArray()),
        ];
    }

    private static ImmutableArray<StoredTensor> OfLayer(string path, InputKind kind, int layer, SortedList<int, StoredTensor>? tensors)
    {
        var count = tensors?.Count ?? 0;
        return count > 0 && tensors!.Keys[^1] == count - 1 ? [.. tensors.Values] : throw Error(path, string.Create(
            CultureInfo.InvariantCulture,
            $"the tensor '{kind}.{layer}.{(count == 0 ? 0 : tensors!.Keys.Index().First(k => k.Item != k.Index).Index)}' is missing; " +
            $"collect the inputs again"));
    }

    private static long ReadParameters(string path, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parameters) && parameters > 0
            ? parameters
            : throw Error(path, $"'parameters' is {Quoted(text)}; give a whole number of at least 1, or leave it out");

    /// <summary>Reads a letter for each weight, layers separated by commas.</summary>
    private static ImmutableArray<ImmutableArray<ParameterRole>> ReadRoles(
        string path, string text, ImmutableArray<ImmutableArray<StoredTensor>> weights)
    {
        var layers = text.Split(',');
        return layers.Length == weights.Length && layers.Zip(weights).All(layer => layer.First.Length == layer.Second.Length)
            ? [.. layers.Select(letters => letters.Select(RoleOf).ToImmutableArray())]
            : throw Problem();

        ParameterRole RoleOf(char letter) => letter switch
        {
            'M' => ParameterRole.Mixing,
            'F' => ParameterRole.FeedForward,
            'O' => ParameterRole.Other,
            _ => throw Problem(),
        };

        InputsException Problem() => Error(
            path, "'roles' does not say M, F or O of each weight of each layer, such as 'MMMFF,MMMFF'; collect it again");
    }

    /// <summary>The place that a name stands for, if there is one. Only one name stands for a place.</summary>
    private static (InputKind Kind, int Layer, int Number)? Place(string name)
    {
        var parts = name.Split('.');
        return parts.Length == 3 && parts[0] is ['A' or 'J' or 'G' or 'H' or 'W' or 'S'] && Enum.TryParse<InputKind>(parts[0], out var kind)
            && Whole(parts[1]) is { } layer && layer < NetworkBounds.Layers.Most && Whole(parts[2]) is { } number
                ? (kind, layer, number)
                : null;

        static int? Whole(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && (digits[0] != '0' || digits.Length == 1)
                ? value
                : null;
    }

    private static string Quoted(string name) => $"'{PrintableText.Escape(PrintableText.Shorten(name, longest: 80))}'";

    private static InputsException Error(string path, string problem) => new($"{path}: {problem}");
}
