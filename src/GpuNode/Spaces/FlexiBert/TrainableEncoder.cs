using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// A FlexiBERT encoder that learns to predict masked tokens, through a linear map from its hidden states to the vocabulary. Tensors belong
/// to the caller's dispose scope.
/// </summary>
internal sealed class TrainableEncoder : ITrainable
{
    private static readonly ImmutableHashSet<string> ResidualMaps = ["projection.dense.weight", "output.dense.weight"];

    private readonly ImmutableArray<LayerWeights> layers;
    private readonly LayerWeights embedding;
    private readonly LayerWeights prediction;
    private readonly EmbeddingSizes sizes;
    private readonly TrainingSettings settings;
    private readonly int hiddenSize;

    /// <summary>Builds the network with random weights.</summary>
    public TrainableEncoder(FlexiBertGenotype network, EmbeddingSizes sizes, TrainingSettings settings, ulong seed)
    {
        this.sizes = sizes;
        this.settings = settings;
        hiddenSize = network.HiddenSize;
        Weights = new FlatWeights(
            [
                ("embedding.", FlexiBertParameters.Embedding(hiddenSize, sizes)),
                ("prediction.", Prediction(hiddenSize, sizes)),
                .. network.Layers.Select((layer, index) =>
                    (FormattableString.Invariant($"layer.{index}."), FlexiBertParameters.Layer(hiddenSize, layer))),
            ], ResidualMaps, seed);
        embedding = new LayerWeights(network.Layers[0], Weights.Groups[0]);
        prediction = new LayerWeights(network.Layers[0], Weights.Groups[1]);
        layers = [.. network.Layers.Zip(Weights.Groups.Skip(2), (layer, tensors) => new LayerWeights(layer, tensors))];
    }

    /// <inheritdoc/>
    public FlatWeights Weights { get; }

    /// <summary>The map from hidden states to the vocabulary.</summary>
    public static ImmutableArray<ParameterShape> Prediction(int hiddenSize, EmbeddingSizes sizes) =>
    [
        new ParameterShape("vocabulary.weight", [sizes.Vocabulary, hiddenSize], ParameterKind.Linear, ParameterRole.Other),
        new ParameterShape("vocabulary.bias", [sizes.Vocabulary], ParameterKind.Bias, ParameterRole.Other),
    ];

    /// <summary>Draws sequences with some tokens masked; the last token id is the mask.</summary>
    public TrainingBatch Draw(ITokenSource source, TokenSplit split, RandomSequence random, int batchSize) =>
        TrainingBatch.Masked(source, split, random, batchSize, settings, sizes.Vocabulary - 1);

    /// <inheritdoc/>
    public Tensor Predict(TrainingBatch batch)
    {
        var sequenceLength = settings.SequenceLength;
        var batchSize = batch.Tokens.Length / sequenceLength;
        var width = FlexiBertParameters.EmbeddingWidth(sizes);
        var hidden = embedding["token.weight"].index_select(0, tensor(batch.Tokens)).view(batchSize, sequenceLength, width)
            .Plus(embedding["position.weight"].narrow(0, 0, sequenceLength))
            .Plus(embedding["token_type.weight"].narrow(0, 0, 1));
        hidden = embedding.LayerNorm("layer_norm", hidden);
        if (hiddenSize != width)
        {
            hidden = embedding.Linear("projection", hidden);
        }

        foreach (var layer in layers)
        {
            hidden = EncoderLayer.Forward(layer, hidden).Output;
        }

        return prediction.Linear("vocabulary", hidden.reshape(-1, hiddenSize).index_select(0, tensor(batch.Positions)));
    }
}
