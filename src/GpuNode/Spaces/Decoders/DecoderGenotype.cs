using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.Decoders;

/// <summary>A decoder as one of the search spaces names it.</summary>
public abstract class DecoderGenotype : NetworkGenotype, ITrainableGenotype
{
    /// <summary>The mini-batch of decoders where none is asked for: their vocabularies make large batches dear.</summary>
    public static readonly (int BatchSize, int SequenceLength) MiniBatch = (4, 64);

    /// <summary>What a space of decoders gives to test a device with: a small one, on two sequences of 16 tokens.</summary>
    /// <param name="size">How large it shall be.</param>
    /// <param name="decoder">The small one.</param>
    /// <returns>Null for a larger one: encoders keep a device as busy.</returns>
    public static ProbedNetwork? SampleOf(SampleSize size, DecoderGenotype decoder) => size != SampleSize.Small ? null : new ProbedNetwork(
        decoder, new ProbeSettings(
            2, 16, 42, 42, WeightSelection.All, new EmbeddingSizes(decoder.Shape.Vocabulary, Embedding: null, Positions: 16)));

    /// <summary>The baseline that counts all parameters.</summary>
    protected const string AllParameters = "parameters";

    private const string NonEmbeddingParameters = "non-embedding parameters";

    private DecoderShape? shape;

    /// <summary>The decoder, of a genotype without problems.</summary>
    public DecoderShape Shape => shape ??= CreateShape();

    /// <inheritdoc/>
    public override int LayerCount => Shape.Layers.Length;

    /// <inheritdoc/>
    public override int HiddenSize => Shape.Hidden;

    /// <summary>The name of the baseline that a verdict is about.</summary>
    protected virtual string MainBaseline => NonEmbeddingParameters;

    /// <inheritdoc/>
    public override Genotype Resolve(Shapes shapes) => this;

    /// <inheritdoc/>
    public override string? FindProblem() => FindProblemOfGenes() ?? DecoderBounds.FindProblem(Shape);

    /// <inheritdoc/>
    public override Structure Describe(EmbeddingSizes sizes, int sequenceLength)
    {
        var decoder = Shape;
        var parameters = DecoderParameters.Count(decoder);
        return new Structure
        {
            Parameters = parameters,
            FlopsPerToken = decoder.Layers.Sum(layer => 2.0 * (LinearMaps(decoder, layer) + (2L * sequenceLength * layer.HeadsWidth))),
            Features =
            [
                new("layers", decoder.Layers.Length),
                new("hidden size", decoder.Hidden),
                new("heads", decoder.Layers.Sum(layer => layer.Heads)),
                new("width of heads", decoder.Layers.Sum(layer => layer.HeadsWidth)),
                new("width of feed-forwards", decoder.Layers.Sum(layer => layer.FeedForward)),
                new("embedding width", decoder.Embedding.Width),
            ],
            Baselines =
            [
                new("layers", decoder.Layers.Length),
                new("hidden size", decoder.Hidden),
                new("layers x hidden", (double)decoder.Layers.Length * decoder.Hidden),
                new("embedding parameters", parameters.Embedding),
                new("feed-forward parameters", parameters.FeedForward),
                new("attention parameters", parameters.Attention),
                new(NonEmbeddingParameters, parameters.NonEmbedding),
                .. OwnBaselines(parameters),
                new(AllParameters, parameters.Total),
            ],
            MainBaseline = MainBaseline,
        };
    }

    /// <inheritdoc/>
    public override MemoryEstimate Estimate(ProbeSettings probe) => DecoderMemory.Of(Shape, probe);

    /// <summary>The layers, and the loss over the vocabulary.</summary>
    /// <inheritdoc/>
    public override TimeEstimate? EstimateTime(ProbeSettings probe) =>
        base.EstimateTime(probe) is { } layers ? DecoderTime.WithLoss(layers, Shape, probe) : null;

    /// <inheritdoc/>
    public override INetwork Build(ProbeSettings probe, Device device) => FindMisfit(probe.Sizes) is { } problem
        ? throw new ArgumentException(problem, nameof(probe))
        : new DecoderNetwork(Shape, ToString(), probe, device, StartAsTrained);

    string? ITrainableGenotype.FindProblemOfTraining() => Shape.Embedding.Ends.Length > 1
        ? "an adaptive embedding of several clusters is not trained here; give one"
        : null;

    ITrainable ITrainableGenotype.StartTraining(EmbeddingSizes sizes, TrainingSettings settings, ulong seed) =>
        new TrainableDecoder(Shape, settings.SequenceLength, seed);

    /// <inheritdoc/>
    public override string? FindMisfit(EmbeddingSizes sizes)
    {
        if (sizes.Vocabulary != Shape.Vocabulary)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"the network has {Shape.Vocabulary} tokens, the mini-batch {sizes.Vocabulary}; give both the same");
        }

        return Shape.Positions == 0 || sizes.Positions <= Shape.Positions ? null : string.Create(CultureInfo.InvariantCulture,
            $"the network has {Shape.Positions} positions, the mini-batch may have {sizes.Positions}; give it no more");
    }

    /// <summary>
    /// How the public code drew a parameter before training; null for what it drew as usual, or where the space has no rule of its own.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="layer">Index of its layer; null outside the layers.</param>
    protected virtual InitialWeights? StartAsTrained(ParameterShape parameter, int? layer) => null;

    /// <summary>Baselines that the space has beside those of all decoders.</summary>
    protected virtual ImmutableArray<NamedValue> OwnBaselines(ParameterCounts parameters) => [];

    /// <summary>Makes the <see cref="Shape"/>.</summary>
    protected abstract DecoderShape CreateShape();

    /// <summary>What hinders the making of a <see cref="Shape"/>, in one line, or null where nothing does.</summary>
    protected virtual string? FindProblemOfGenes() => null;

    private static long LinearMaps(DecoderShape decoder, DecoderLayer layer) =>
        DecoderParameters.Layer(decoder, layer).Where(parameter => parameter.IsLinearMap).Sum(parameter => parameter.Count);
}
