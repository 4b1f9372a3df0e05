using System.Collections.Immutable;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>A mixing operation and how often a sample draws it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Weight">Its probability, in proportion to the others' weights.</param>
public sealed record OperationWeight(MixingOperation Operation, double Weight);

/// <summary>FlexiBERT encoders to train.</summary>
/// <param name="HiddenSizes">Widths of the hidden states.</param>
/// <param name="Layers">Numbers of layers.</param>
/// <param name="Operations">The mixing operations of a layer.</param>
/// <param name="Heads">Numbers of heads of a layer.</param>
/// <param name="FeedForwardDimensions">Feed-forward dimensions of a layer.</param>
/// <param name="FeedForwards">Numbers of feed-forwards of a layer.</param>
public sealed record FlexiBertChoices(
    ImmutableArray<int> HiddenSizes, ImmutableArray<int> Layers, ImmutableArray<OperationWeight> Operations, ImmutableArray<int> Heads,
    ImmutableArray<int> FeedForwardDimensions, ImmutableArray<int> FeedForwards) : IGenotypeChoices
{
    /// <inheritdoc/>
    public double Count => HiddenSizes.Length * Layers.Sum(layers => Math.Pow(LayerChoices().Length, layers));

    /// <inheritdoc/>
    public IEnumerable<Genotype> All()
    {
        var choices = LayerChoices();
        return HiddenSizes.SelectMany(hiddenSize => Layers.SelectMany(layers =>
            Stacks.Of(choices, layers).Select(stack => new FlexiBertGenotype(hiddenSize, [.. stack]))));
    }

    /// <inheritdoc/>
    public Genotype Draw(int index, RandomSequence random) => new FlexiBertGenotype(
        HiddenSizes[index / Layers.Length % HiddenSizes.Length],
        [.. Enumerable.Range(0, Layers[index % Layers.Length]).Select(_ => DrawLayer(random))]);

    private FlexiBertLayer DrawLayer(RandomSequence random)
    {
        var remaining = random.NextDouble() * Operations.Sum(o => o.Weight);
        var operation = Operations.First(o => (remaining -= o.Weight) < 0 || o == Operations[^1]).Operation;
        return random.Choose(FeedForwardChoices(operation, random.Choose(Heads)));
    }

    private FlexiBertLayer[] LayerChoices() =>
        [.. Operations.SelectMany(o => Heads.SelectMany(heads => FeedForwardChoices(o.Operation, heads)))];

    // With one feed-forward the genotype's dimension is not used, so one dimension stands for all.
    private FlexiBertLayer[] FeedForwardChoices(MixingOperation operation, int heads) =>
        [.. FeedForwards.SelectMany(count => (count == 1 ? FeedForwardDimensions.Take(1) : FeedForwardDimensions)
            .Select(dimension => new FlexiBertLayer(operation, heads, dimension, count)))];
}
