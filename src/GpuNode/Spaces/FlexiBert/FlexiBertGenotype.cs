using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>A FlexiBERT encoder as its search space names it. Equal by content.</summary>
/// <param name="hiddenSize">Width of the hidden states.</param>
/// <param name="layers">The encoder layers, first to last.</param>
public sealed class FlexiBertGenotype(int hiddenSize, ImmutableArray<FlexiBertLayer> layers) : NetworkGenotype, ITrainableGenotype
{
    /// <inheritdoc/>
    public override int HiddenSize => hiddenSize;

    /// <summary>The encoder layers, first to last.</summary>
    public ImmutableArray<FlexiBertLayer> Layers => layers;

    /// <inheritdoc/>
    public override int LayerCount => Layers.Length;

    /// <inheritdoc/>
    public override string Space => FlexiBertSpace.SpaceName;

    /// <inheritdoc/>
    protected override string Content =>
        string.Create(CultureInfo.InvariantCulture, $"{HiddenSize}:{string.Join(',', Layers.Select(Text))}");

    /// <summary>The hidden size; of each layer operation, heads, feed-forward dimension and number of feed-forwards.</summary>
    public override Genes Genes => new(
        [HiddenSize], [.. Layers.Select(l => ImmutableArray.Create((int)l.Operation, l.Heads, l.FeedForwardDimension, l.FeedForwards))]);

    /// <inheritdoc/>
    public override FlexiBertGenotype With(Genes genes) => new(
        genes.Network[0], [.. genes.Layers.Select(l => new FlexiBertLayer((MixingOperation)l[0], l[1], l[2], l[3]))]);

    /// <inheritdoc/>
    public override FlexiBertGenotype Resolve(Shapes shapes) => shapes switch
    {
        // The public training code never took the branch that selects the operation: every layer was attention.
        Shapes.AsTrained =>
            WithoutUnusedWidths(HiddenSize, Layers.Select(l => l with { Operation = MixingOperation.ScaledDotProduct })),
        Shapes.Genotype => WithoutUnusedWidths(HiddenSize, Layers),
        Shapes.Published => WithoutUnusedWidths(256, Layers.Select(l => l with { FeedForwardDimension = 1024 })),
        _ => throw new ArgumentOutOfRangeException(nameof(shapes), shapes, null),
    };

    /// <inheritdoc/>
    public override Structure Describe(EmbeddingSizes sizes, int sequenceLength) =>
        FlexiBertStructure.Of(this, sizes, sequenceLength);

    /// <inheritdoc/>
    public override MemoryEstimate Estimate(ProbeSettings probe) => FlexiBertMemory.Of(this, probe);

    /// <summary>The layers, and of the loss of masked tokens its tables on as many tokens as are masked on average.</summary>
    /// <inheritdoc/>
    public override TimeEstimate? EstimateTime(ProbeSettings probe)
    {
        var tables = FlexiBertMemory.LossTables(this, probe);
        return base.EstimateTime(probe) is { } layers
            ? layers with { Loss = 2 * MaskedTokens.ExpectedPlaces(probe) * tables, Drawn = layers.Drawn + tables }
            : null;
    }

    /// <inheritdoc/>
    public override INetwork Build(ProbeSettings probe, Device device) => new FlexiBertNetwork(this, probe, device);

    long ITrainableGenotype.ParametersOfTask(EmbeddingSizes sizes) => TrainableEncoder.Prediction(HiddenSize, sizes).Sum(p => p.Count);

    ITrainable ITrainableGenotype.StartTraining(EmbeddingSizes sizes, TrainingSettings settings, ulong seed) =>
        new TrainableEncoder(this, sizes, settings, seed);

    /// <inheritdoc/>
    public override string? FindProblem()
    {
        if (NetworkBounds.HiddenSize.FindProblem("hidden size", HiddenSize) is { } problem)
        {
            return problem;
        }

        if (NetworkBounds.Layers.FindProblem("layers", Layers.IsDefault ? 0 : Layers.Length) is { } count)
        {
            return count;
        }

        for (var i = 0; i < Layers.Length; i++)
        {
            if ((Layers[i] is null ? "is missing" : Layers[i].FindProblem(HiddenSize)) is { } found)
            {
                return string.Create(CultureInfo.InvariantCulture, $"layer {i}: {found}");
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool HasMaskedLoss => true;

    /// <inheritdoc/>
    public override bool HasDropout => true;

    /// <summary>True: the public training begins with normal 0.02, too, as ELECTRA does.</summary>
    public override bool HasStartAsTrained => true;

    /// <inheritdoc/>
    public override string? FindMisfit(EmbeddingSizes sizes) =>
        sizes.Embedding is null ? "FlexiBERT needs a width of the embedding: give embedding among the sizes" : null;

    /// <summary>
    /// A block with one feed-forward is four times the hidden size wide and has no use for the genotype's dimension, so
    /// genotypes that differ in it alone build the same network.
    /// </summary>
    private static FlexiBertGenotype WithoutUnusedWidths(int hiddenSize, IEnumerable<FlexiBertLayer> layers) =>
        new(hiddenSize, [.. layers.Select(l => l.FeedForwards == 1 ? l with { FeedForwardDimension = 4 * hiddenSize } : l)]);

    private static string Text(FlexiBertLayer layer) => string.Create(CultureInfo.InvariantCulture,
        $"{MixingOperations.Name(layer.Operation)}-h{layer.Heads}-f{layer.FeedForwardDimension}x{layer.FeedForwards}");
}
