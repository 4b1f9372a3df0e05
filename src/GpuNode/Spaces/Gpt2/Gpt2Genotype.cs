using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.Gpt2;

/// <summary>A layer of a GPT-2 genotype.</summary>
/// <param name="Heads">Attention heads, which share the hidden size.</param>
/// <param name="FeedForward">Width of the feed-forward activation.</param>
public sealed record Gpt2Layer(int Heads, int FeedForward);

/// <summary>
/// A GPT-2 of LiteTransformerSearch (Javaheripi et al., NeurIPS 2022, repository microsoft/archai, branch neurips-lts): learned positions,
/// LayerNorm before each block, GELU in its tanh form, biases, and an adaptive embedding that the output is tied to.
/// </summary>
public sealed partial class Gpt2Genotype : DecoderGenotype
{
    /// <summary>The space's name.</summary>
    public const string SpaceName = "gpt2";

    /// <summary>Positions of the published networks.</summary>
    public const int PublishedPositions = 192;

    /// <summary>Where the published networks' clusters of tokens end, the last at the size of GPT-2's vocabulary in their code.</summary>
    public static readonly ImmutableArray<int> PublishedEnds = [19997, 39997, 50264];

    private const string WithEmbedding = "non-embedding parameters x sqrt(embedding width)";

    private static readonly ImmutableArray<double> ShareOfTokens = [0.915, 0.064, 0.021];

    /// <inheritdoc/>
    public override string Space => SpaceName;

    /// <summary>Width of the hidden states.</summary>
    public required int Hidden { get; init; }

    /// <summary>The embedding (published as <c>d_embed</c>, <c>div_val</c> and <c>cutoffs</c>).</summary>
    public required AdaptiveEmbedding Embedding { get; init; }

    /// <summary>Learned positions (<c>tgt_len</c>).</summary>
    public int Positions { get; init; } = PublishedPositions;

    /// <summary>The layers, first to last (<c>n_head</c> and <c>d_inner</c>).</summary>
    public required ImmutableArray<Gpt2Layer> Layers { get; init; }

    /// <inheritdoc/>
    protected override DecoderShape CreateShape() => new()
    {
        Hidden = Hidden,
        Embedding = Embedding,
        Positions = Positions,
        IsEmbeddingScaled = true,
        Layers = [.. Layers.Select(layer => new DecoderLayer(layer.Heads, Hidden / layer.Heads, layer.FeedForward))],
    };

    /// <summary>Hidden size, embedding width and divisor; of each layer heads and feed-forward width.</summary>
    public override Genes Genes => new(
        [Hidden, Embedding.Width, Embedding.Divisor], [.. Layers.Select(layer => ImmutableArray.Create(layer.Heads, layer.FeedForward))]);

    /// <summary>The genotype of other genes, with the same clusters of tokens and positions.</summary>
    public override Gpt2Genotype With(Genes genes) => new()
    {
        Hidden = genes.Network[0],
        Embedding = Embedding with { Width = genes.Network[1], Divisor = genes.Network[2] },
        Positions = Positions,
        Layers = [.. genes.Layers.Select(layer => new Gpt2Layer(layer[0], layer[1]))],
    };

    /// <summary>
    /// Such as <c>d512-e256-k2:h8-f1024,h4-f900</c>: hidden size, embedding width and divisor, then heads and feed-forward width of
    /// each layer. Clusters and positions that are not the published ones follow the divisor: <c>-v19/33-p64</c>.
    /// </summary>
    protected override string Content
    {
        get
        {
            var vocabulary = Embedding.Ends.AsSpan().SequenceEqual(PublishedEnds.AsSpan()) ? "" : $"-v{string.Join('/', Embedding.Ends)}";
            var positions = Positions == PublishedPositions ? "" : string.Create(CultureInfo.InvariantCulture, $"-p{Positions}");
            var layers = Layers.Select(layer => string.Create(CultureInfo.InvariantCulture, $"h{layer.Heads}-f{layer.FeedForward}"));
            return string.Create(CultureInfo.InvariantCulture,
                $"d{Hidden}-e{Embedding.Width}-k{Embedding.Divisor}{vocabulary}{positions}:{string.Join(',', layers)}");
        }
    }

    /// <summary>Reads what <see cref="Genotype.ToString"/> writes.</summary>
    /// <exception cref="FormatException">It has another form; the message shows the right one.</exception>
    public static Gpt2Genotype Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success
            ? new Gpt2Genotype
            {
                Hidden = GenotypeText.Number(match, "d"),
                Embedding = new AdaptiveEmbedding(
                    GenotypeText.Number(match, "e"), GenotypeText.Number(match, "k"),
                    match.Groups["v"].Success ? GenotypeText.Numbers(match, "v") : PublishedEnds),
                Positions = match.Groups["p"].Success ? GenotypeText.Number(match, "p") : PublishedPositions,
                Layers =
                [
                    .. GenotypeText.Numbers(match, "h").Zip(
                        GenotypeText.Numbers(match, "f"), (heads, width) => new Gpt2Layer(heads, width)),
                ],
            }
            : throw GenotypeText.Malformed(text, "gpt2:d512-e256-k2:h8-f1024,h4-f900");
    }

    /// <inheritdoc/>
    public override bool HasStartAsTrained => true;

    /// <inheritdoc/>
    protected override string? FindProblemOfGenes() =>
        NetworkBounds.Positions.FindProblem("positions", Positions)
        ?? GenotypeText.FindProblemOfHeads(Hidden, Layers.Select(layer => layer.Heads));

    /// <summary>
    /// 0.02, but 0.01 for the projections of the embedding, and 0.02 / sqrt(2 L) for the maps onto the residual stream.
    /// </summary>
    protected override InitialWeights? StartAsTrained(ParameterShape parameter, int? layer) => parameter.Name switch
    {
        "attention.output.weight" or "feed_forward.output.weight" =>
            new(WeightDistribution.Normal, RandomWeights.StandardDeviation / MathF.Sqrt(2 * Layers.Length)),
        _ when parameter.Name.EndsWith("projection.weight", StringComparison.Ordinal) =>
            new(WeightDistribution.Normal, RandomWeights.StandardDeviation / 2),
        _ => null,
    };

    /// <inheritdoc/>
    protected override ImmutableArray<NamedValue> OwnBaselines(ParameterCounts parameters) =>
        [new(WithEmbedding, parameters.NonEmbedding * Math.Sqrt(ExpectedWidth))];

    /// <inheritdoc/>
    protected override string MainBaseline => WithEmbedding;

    /// <summary>
    /// The width that a token of text reaches the hidden states with: of the narrower of its table and the hidden states, the mean over
    /// WikiText-103's tokens, of which so many fall into each of the published clusters. Other vocabularies count as one cluster.
    /// </summary>
    private double ExpectedWidth => Embedding.Ends.AsSpan().SequenceEqual(PublishedEnds.AsSpan())
        ? ShareOfTokens.Select((share, cluster) => share * Math.Min(Hidden, Embedding.WidthOf(cluster))).Sum()
        : Math.Min(Hidden, Embedding.Width);

    [GeneratedRegex(
        @"^gpt2:d(?<d>\d{1,9})-e(?<e>\d{1,9})-k(?<k>\d{1,9})(-v(?<v>\d{1,9})(/(?<v>\d{1,9}))*)?(-p(?<p>\d{1,9}))?" +
        @":h(?<h>\d{1,9})-f(?<f>\d{1,9})(,h(?<h>\d{1,9})-f(?<f>\d{1,9}))*\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
