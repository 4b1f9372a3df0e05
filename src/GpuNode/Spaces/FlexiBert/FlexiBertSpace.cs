using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>The space of FlexiBERT's encoders (Tuli et al. 2022), as NAS-Bench-BERT has it (Serianni and Kalita, ACL 2023).</summary>
public sealed class FlexiBertSpace : ISpace
{
    /// <summary>What its genotypes' texts begin with.</summary>
    public const string SpaceName = "flexibert";

    /// <summary>The sizes of the public benchmark's embedding.</summary>
    public static readonly EmbeddingSizes PublicSizes = new(30522, 128, 512);

    // The choices of the public space.
    private static readonly ImmutableArray<int> HiddenSizes = [128, 256];
    private static readonly ImmutableArray<int> LayerCounts = [2, 4];
    private static readonly ImmutableArray<int> Heads = [2, 4];
    private static readonly ImmutableArray<int> FeedForwardDimensions = [512, 1024];
    private static readonly ImmutableArray<int> FeedForwards = [1, 3];

    private const string Form = "write flexibert:HIDDEN: and its layers as SA/SDP-h2-f512x1 with commas between them";

    /// <inheritdoc/>
    public string Name => SpaceName;

    /// <inheritdoc/>
    public NetworkFamily? Family => NetworkFamily.Encoder;

    /// <summary>Genotypes of the public space: each layer chooses operation, heads, feed-forward dimension and number for itself.</summary>
    public BigInteger? Count
    {
        get
        {
            var choices = MixingOperations.All.Count * Heads.Length * FeedForwardDimensions.Length * FeedForwards.Length;
            return HiddenSizes.Length * LayerCounts.Select(layers => BigInteger.Pow(choices, layers)).Aggregate(BigInteger.Add);
        }
    }

    /// <inheritdoc/>
    public bool HasEmbeddingInSizes => true;

    /// <inheritdoc/>
    public ProbedNetwork SampleOf(SampleSize size) => size switch
    {
        SampleSize.Small => Sample(
            32,
            Enum.GetValues<MixingOperation>().Select((operation, i) => new FlexiBertLayer(operation, 4, 64, 1 + (2 * (i % 2)))),
            batch: 2, length: 16, new EmbeddingSizes(Vocabulary: 500, Embedding: 16, Positions: 16)),
        SampleSize.Medium => Attention(layers: 2, hidden: 64, batch: 1, length: 32),
        SampleSize.Large => Attention(layers: 6, hidden: 256, batch: 8, length: 128),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, null),
    };

    /// <summary>Whether it begins as a JSON object does.</summary>
    public bool IsEarlierForm(string text) => text.StartsWith('{');

    /// <inheritdoc/>
    public Genotype Parse(string text)
    {
        if (IsEarlierForm(text))
        {
            return ParseStored(text);
        }

        var parts = text.Split(':');
        return parts.Length == 3 && parts[0] == SpaceName && Number(parts[1]) is { } hiddenSize
            ? new FlexiBertGenotype(hiddenSize, [.. parts[2].Split(',').Select(layer => ParseLayer(layer) ?? throw Malformed(text))])
            : throw Malformed(text);
    }

    private static ProbedNetwork Attention(int layers, int hidden, int batch, int length) => Sample(
        hidden,
        Enumerable.Range(0, layers).Select(i => new FlexiBertLayer(MixingOperation.ScaledDotProduct, 4, 4 * hidden, 1 + (2 * (i % 2)))),
        batch, length, PublicSizes with { Positions = 128 });

    private static ProbedNetwork Sample(int hidden, IEnumerable<FlexiBertLayer> layers, int batch, int length, EmbeddingSizes sizes) =>
        new(new FlexiBertGenotype(hidden, [.. layers]).Resolve(Shapes.Genotype),
            new ProbeSettings(batch, length, 42, 42, WeightSelection.All, sizes));

    private static FlexiBertLayer? ParseLayer(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 3 && MixingOperations.TryParse(parts[0], out var operation)
            && parts[1].StartsWith('h') && Number(parts[1][1..]) is { } heads
            && parts[2].StartsWith('f') && parts[2][1..].Split('x') is [var dimension, var count]
            && Number(dimension) is { } feedForwardDimension && Number(count) is { } feedForwards
            ? new FlexiBertLayer(operation, heads, feedForwardDimension, feedForwards)
            : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static FormatException Malformed(string text) =>
        new($"'{PrintableText.Shorten(PrintableText.Escape(text))}' is no genotype of FlexiBERT; {Form}");

    /// <summary>Reads the JSON object that an earlier version stored in databases.</summary>
    private static FlexiBertGenotype ParseStored(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new FlexiBertGenotype(
                root.GetProperty("hiddenSize").GetInt32(),
                [
                    .. root.GetProperty("layers").EnumerateArray().Select(layer => new FlexiBertLayer(
                        Enum.Parse<MixingOperation>(layer.GetProperty("operation").GetString()!, ignoreCase: true),
                        layer.GetProperty("heads").GetInt32(),
                        layer.GetProperty("feedForwardDimension").GetInt32(),
                        layer.GetProperty("feedForwards").GetInt32())),
                ]);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"the JSON object is no genotype of FlexiBERT; {Form}", problem);
        }
    }
}
