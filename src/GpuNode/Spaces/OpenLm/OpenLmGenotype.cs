using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.OpenLm;

/// <summary>
/// A decoder of open_lm (repository mlfoundations/open_lm, trained on a grid in mlfoundations/scaling), much as LLaMA: rotary positions,
/// LayerNorm with a gain alone, queries and keys normalised, SwiGLU, no biases, and an output of its own. All layers are equal.
/// </summary>
public sealed partial class OpenLmGenotype : DecoderGenotype
{
    /// <summary>The space's name.</summary>
    public const string SpaceName = "open-lm";

    /// <summary>Token ids of the published networks.</summary>
    public const int Vocabulary = 50432;

    // open_lm rounds 8/3 of the hidden size up to a multiple of it.
    private const int FeedForwardStep = 256;

    /// <inheritdoc/>
    public override string Space => SpaceName;

    /// <summary>Width of the hidden states.</summary>
    public required int Hidden { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads of each layer; what is left of the hidden size where they do not divide it stays unused.</summary>
    public required int Heads { get; init; }

    /// <inheritdoc/>
    protected override DecoderShape CreateShape()
    {
        var feedForward = FeedForwardStep * (((8 * Hidden / 3) + FeedForwardStep - 1) / FeedForwardStep);
        return new DecoderShape
        {
            Hidden = Hidden,
            Embedding = new AdaptiveEmbedding(Hidden, 1, [Vocabulary]),
            RotaryShare = 1,
            Normalization = Normalization.LayerNormGain,
            FeedForward = FeedForwardKind.SwiGlu,
            IsTied = false,
            HasQueryKeyNorm = true,
            HasBiases = false,
            Layers = [.. Enumerable.Repeat(new DecoderLayer(Heads, Hidden / Heads, feedForward), Layers)],
        };
    }

    /// <summary>Hidden size, layers and heads: all layers are equal.</summary>
    public override Genes Genes => new([Hidden, Layers, Heads], []);

    /// <inheritdoc/>
    public override OpenLmGenotype With(Genes genes) => new()
    {
        Hidden = genes.Network[0], Layers = genes.Network[1], Heads = genes.Network[2],
    };

    /// <summary>Such as <c>d512-l8-h4</c>: hidden size, layers, heads.</summary>
    protected override string Content => string.Create(CultureInfo.InvariantCulture, $"d{Hidden}-l{Layers}-h{Heads}");

    /// <summary>Reads what <see cref="Genotype.ToString"/> writes.</summary>
    /// <exception cref="FormatException">It has another form; the message shows the right one.</exception>
    public static OpenLmGenotype Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success
            ? new OpenLmGenotype
            {
                Hidden = GenotypeText.Number(match, "d"),
                Layers = GenotypeText.Number(match, "l"),
                Heads = GenotypeText.Number(match, "h"),
            }
            : throw GenotypeText.Malformed(text, "open-lm:d512-l8-h4");
    }

    /// <inheritdoc/>
    public override bool HasStartAsTrained => true;

    /// <summary>
    /// Normal, cut at three times the standard deviation: 1 / sqrt(hidden size), for the map out of a feed-forward block
    /// 1 / sqrt(its width); for the maps onto the residual stream of layer l, from 1, that over sqrt(2 l). From <c>reset_parameters</c> in
    /// open_lm/model.py, repository mlfoundations/open_lm, which names arXiv 1908.11365 (Zhang, Titov and Sennrich) for the last.
    /// </summary>
    protected override InitialWeights? StartAsTrained(ParameterShape parameter, int? layer)
    {
        if (parameter.Kind is not (ParameterKind.Linear or ParameterKind.Embedding))
        {
            return null;
        }

        var width = parameter.Name == "feed_forward.output.weight" ? Shape.Layers[0].FeedForward : Hidden;
        var isOntoResiduals = parameter.Name is "attention.output.weight" or "feed_forward.output.weight";
        return new(
            WeightDistribution.TruncatedNormal, 1 / MathF.Sqrt(width * (isOntoResiduals && layer is { } index ? 2f * (index + 1) : 1f)));
    }

    /// <inheritdoc/>
    protected override string MainBaseline => AllParameters;

    /// <inheritdoc/>
    protected override string? FindProblemOfGenes() =>
        NetworkBounds.HiddenSize.FindProblem("hidden size", Hidden)
        ?? NetworkBounds.Layers.FindProblem("layers", Layers)
        ?? NetworkBounds.Heads.FindProblem("heads", Heads)
        ?? (Heads <= Hidden ? null : string.Create(CultureInfo.InvariantCulture,
            $"{Heads} heads are more than the hidden size {Hidden}; give fewer"));

    [GeneratedRegex(
        @"^open-lm:d(?<d>\d{1,9})-l(?<l>\d{1,9})-h(?<h>\d{1,9})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
