using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>GPT-2 decoders to train, with one table of tokens.</summary>
/// <param name="Vocabulary">Number of token ids.</param>
/// <param name="Positions">Learned positions.</param>
/// <param name="HiddenSizes">Widths of the hidden states.</param>
/// <param name="Embeddings">Widths of the table.</param>
/// <param name="Layers">Numbers of layers.</param>
/// <param name="Heads">Numbers of heads of a layer.</param>
/// <param name="FeedForwardDimensions">Widths of a layer's feed-forward activation.</param>
public sealed record Gpt2Choices(
    int Vocabulary, int Positions, ImmutableArray<int> HiddenSizes, ImmutableArray<int> Embeddings, ImmutableArray<int> Layers,
    ImmutableArray<int> Heads, ImmutableArray<int> FeedForwardDimensions) : IGenotypeChoices
{
    /// <inheritdoc/>
    public bool Masks => false;

    /// <inheritdoc/>
    public double Count => (double)HiddenSizes.Length * Embeddings.Length
        * Layers.Sum(layers => Math.Pow(Heads.Length * FeedForwardDimensions.Length, layers));

    /// <inheritdoc/>
    public IEnumerable<Genotype> All()
    {
        Gpt2Layer[] choices =
        [
            .. Heads.SelectMany(heads => FeedForwardDimensions.Select(width => new Gpt2Layer(heads, width))),
        ];
        return HiddenSizes.SelectMany(hidden => Embeddings.SelectMany(embedding => Layers.SelectMany(layers =>
            Stacks.Of(choices, layers).Select(stack => Create(hidden, embedding, [.. stack])))));
    }

    /// <inheritdoc/>
    public Genotype Draw(int index, RandomSequence random)
    {
        var layers = Layers[index % Layers.Length];
        var hidden = HiddenSizes[index / Layers.Length % HiddenSizes.Length];
        return Create(hidden, random.Choose(Embeddings),
        [
            .. Enumerable.Range(0, layers).Select(_ => new Gpt2Layer(random.Choose(Heads), random.Choose(FeedForwardDimensions))),
        ]);
    }

    /// <summary>Reads them from a space file.</summary>
    internal static Gpt2Choices Read(JsonField root, EmbeddingSizes sizes)
    {
        var choices = new Gpt2Choices(
            sizes.Vocabulary, sizes.Positions,
            ChoicesReading.Integers(root, "hiddenSizes", NetworkBounds.HiddenSize),
            ChoicesReading.Integers(root, "embeddings", NetworkBounds.Embedding),
            ChoicesReading.Integers(root, "layers", NetworkBounds.Layers),
            ChoicesReading.Integers(root, "heads", NetworkBounds.Heads),
            ChoicesReading.Integers(root, "feedForwardDimensions", NetworkBounds.FeedForwardDimension));
        ChoicesReading.CheckHeads(root, choices.HiddenSizes, choices.Heads, (hiddenSize, heads) => hiddenSize % heads == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"hidden size {hiddenSize} is not divisible by {heads} heads; choose a divisor"));
        return choices;
    }

    private Gpt2Genotype Create(int hidden, int embedding, ImmutableArray<Gpt2Layer> layers) => new()
    {
        Hidden = hidden, Embedding = new AdaptiveEmbedding(embedding, 1, [Vocabulary]), Positions = Positions, Layers = layers,
    };
}
