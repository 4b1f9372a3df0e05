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
    public bool Masks => true;

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

    /// <summary>Reads them from a space file.</summary>
    internal static FlexiBertChoices Read(JsonField root)
    {
        var choices = new FlexiBertChoices(
            ChoicesReading.Integers(root, "hiddenSizes", NetworkBounds.HiddenSize),
            ChoicesReading.Integers(root, "layers", NetworkBounds.Layers),
            [.. root.Object("operations").Members().Select(ReadOperation)],
            ChoicesReading.Integers(root, "heads", NetworkBounds.Heads),
            ChoicesReading.Integers(root, "feedForwardDimensions", NetworkBounds.FeedForwardDimension),
            ChoicesReading.Integers(root, "feedForwards", NetworkBounds.FeedForwards));
        ChoicesReading.CheckHeads(root, choices.HiddenSizes, choices.Heads, (hiddenSize, heads) => choices.Operations
            .Select(o => new FlexiBertLayer(o.Operation, heads, choices.FeedForwardDimensions[0], 1).FindProblemOfHeads(hiddenSize))
            .FirstOrDefault(problem => problem is not null));
        return choices;
    }

    private static OperationWeight ReadOperation((string Name, JsonField Value) member)
    {
        var weight = member.Value.AsNumberOrNot();
        return weight > 0 && double.IsFinite(weight)
            ? new OperationWeight(FlexiBertReading.Operation(member.Name, member.Value), weight)
            : throw member.Value.Expected("a weight above 0");
    }

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
