using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.HwGpt;

/// <summary>A layer of a HW-GPT genotype.</summary>
/// <param name="Heads">Attention heads, each 64 wide whatever the hidden size.</param>
/// <param name="Ratio">The feed-forward activation is so many times as wide as the hidden states.</param>
public sealed record HwGptLayer(int Heads, int Ratio);

/// <summary>
/// A subnetwork of the supernets of HW-GPT-Bench (Sukthanker et al. 2024, repository automl/HW-GPT-Bench): as GPT-NeoX, with rotary
/// positions on half of each head, attention and feed-forward in parallel, LayerNorm, GELU, and an output tied to the embedding.
/// </summary>
public sealed partial class HwGptGenotype : DecoderGenotype
{
    /// <summary>The space's name.</summary>
    public const string SpaceName = "hw-gpt";

    /// <summary>Token ids of the published supernets.</summary>
    public const int Vocabulary = 50254;

    private const int HeadWidth = 64;

    // The widest feed-forward of a supernet.
    private const int SupernetRatio = 4;

    /// <summary>Of how many times as wide as the hidden states a feed-forward activation is.</summary>
    public static readonly Bounds Ratios = new(1, 64);

    /// <inheritdoc/>
    public override string Space => SpaceName;

    /// <summary>Width of the hidden states.</summary>
    public required int Hidden { get; init; }

    /// <summary>Whether the linear maps have biases.</summary>
    public required bool HasBiases { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required ImmutableArray<HwGptLayer> Layers { get; init; }

    /// <inheritdoc/>
    protected override DecoderShape CreateShape() => new()
    {
        Hidden = Hidden,
        Embedding = new AdaptiveEmbedding(Hidden, 1, [Vocabulary]),
        RotaryShare = 0.5,
        FeedForward = FeedForwardKind.Gelu,
        IsParallel = true,
        HasBiases = HasBiases,
        Layers = [.. Layers.Select(layer => new DecoderLayer(layer.Heads, HeadWidth, Hidden * layer.Ratio))],
    };

    /// <summary>Whether the hidden size is one of those that a published supernet has subnetworks of.</summary>
    public override bool HasStartAsTrained => SupernetWidth is not null;

    /// <summary>
    /// Uniform within 1 / sqrt(n), biases too, with the number n of inputs that the map has in the supernet, of which a subnetwork takes a
    /// part: PyTorch's default, as the public training code (train_llm_configurable.py, repository automl/HW-GPT-Bench) makes the supernet
    /// and never applies its own <c>_init_weights</c>. The embedding is the output's table, so drawn as that.
    /// </summary>
    protected override InitialWeights? StartAsTrained(ParameterShape parameter, int? layer)
    {
        if (parameter.Name.StartsWith("norm.", StringComparison.Ordinal) || SupernetWidth is not { } width)
        {
            return null;
        }

        var inputs = parameter.Name.StartsWith("feed_forward.output.", StringComparison.Ordinal) ? SupernetRatio * width : width;
        return new(WeightDistribution.Uniform, 1 / MathF.Sqrt(inputs));
    }

    /// <summary>
    /// The width of the supernet (S, M or L) that has subnetworks of this hidden size, which is also that of all its heads; null where none
    /// has. Their choices have no size in common.
    /// </summary>
    private int? SupernetWidth => Hidden switch
    {
        192 or 384 or 768 => 768,
        256 or 512 or 1024 => 1024,
        320 or 640 or 1280 => 1280,
        _ => null,
    };

    /// <summary>Hidden size, and 1 with biases; of each layer heads and feed-forward ratio.</summary>
    public override Genes Genes => new(
        [Hidden, HasBiases ? 1 : 0], [.. Layers.Select(layer => ImmutableArray.Create(layer.Heads, layer.Ratio))]);

    /// <inheritdoc/>
    public override HwGptGenotype With(Genes genes) => new()
    {
        Hidden = genes.Network[0],
        HasBiases = genes.Network[1] == 1,
        Layers = [.. genes.Layers.Select(layer => new HwGptLayer(layer[0], layer[1]))],
    };

    /// <summary>
    /// Such as <c>d768-b1:h12-m4,h8-m2</c>: hidden size, 1 with biases and 0 without, then heads and feed-forward ratio of each layer.
    /// </summary>
    protected override string Content => string.Create(CultureInfo.InvariantCulture,
        $"d{Hidden}-b{(HasBiases ? 1 : 0)}:{string.Join(',', Layers.Select(layer => $"h{layer.Heads}-m{layer.Ratio}"))}");

    /// <summary>Reads what <see cref="Genotype.ToString"/> writes.</summary>
    /// <exception cref="FormatException">It has another form; the message shows the right one.</exception>
    public static HwGptGenotype Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success
            ? new HwGptGenotype
            {
                Hidden = GenotypeText.Number(match, "d"),
                HasBiases = match.Groups["b"].Value == "1",
                Layers =
                [
                    .. GenotypeText.Numbers(match, "h").Zip(
                        GenotypeText.Numbers(match, "m"), (heads, ratio) => new HwGptLayer(heads, ratio)),
                ],
            }
            : throw GenotypeText.Malformed(text, "hw-gpt:d768-b1:h12-m4,h8-m2");
    }

    /// <inheritdoc/>
    protected override string? FindProblemOfGenes() =>
        NetworkBounds.HiddenSize.FindProblem("hidden size", Hidden)
        ?? Layers.Select(layer => Ratios.FindProblem("feed-forward ratio", layer.Ratio)).FirstOrDefault(problem => problem is not null);

    [GeneratedRegex(
        @"^hw-gpt:d(?<d>\d{1,9})-b(?<b>[01]):h(?<h>\d{1,9})-m(?<m>\d{1,9})(,h(?<h>\d{1,9})-m(?<m>\d{1,9}))*\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
