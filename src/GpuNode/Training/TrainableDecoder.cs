using System.Collections.Immutable;
using LPZero.GpuNode.Models.Decoders;

namespace LPZero.GpuNode.Training;

/// <summary>
/// A decoder with one cluster of tokens that learns to predict the next token. Tensors belong to the caller's dispose scope.
/// </summary>
internal sealed class TrainableDecoder : ITrainable
{
    private static readonly ImmutableHashSet<string> ResidualMaps = ["attention.output.weight", "feed_forward.output.weight"];

    private readonly DecoderShape shape;
    private readonly int sequenceLength;
    private readonly DecoderWeights around;
    private readonly ImmutableArray<DecoderWeights> layers;

    /// <summary>Builds the network with random weights.</summary>
    public TrainableDecoder(DecoderShape shape, int sequenceLength, ulong seed)
    {
        this.shape = shape;
        this.sequenceLength = sequenceLength;
        Weights = new FlatWeights(
            [
                ("around.",
                [
                    .. DecoderParameters.Embedding(shape), .. DecoderParameters.LastNorm(shape), .. DecoderParameters.Output(shape),
                ]),
                .. shape.Layers.Select((layer, index) =>
                    (FormattableString.Invariant($"layer.{index}."), DecoderParameters.Layer(shape, layer))),
            ], ResidualMaps, seed);
        around = new DecoderWeights(shape, Weights.Groups[0]);
        layers = [.. Weights.Groups.Skip(1).Select(tensors => new DecoderWeights(shape, tensors))];
        if (shape.IsEmbeddingScaled && shape.Positions > 0)
        {
            // Positions are added to what has been scaled, and would drown in it.
            using var guard = no_grad();
            KeptScalar.Use(Math.Sqrt(shape.Hidden), around["position.weight"].mul_);
        }
    }

    /// <inheritdoc/>
    public FlatWeights Weights { get; }

    /// <inheritdoc/>
    public TrainingBatch Draw(ITokenSource source, TokenSplit split, RandomSequence random, int batchSize) =>
        TrainingBatch.Next(source, split, random, batchSize, sequenceLength);

    /// <inheritdoc/>
    public Tensor Predict(TrainingBatch batch)
    {
        var hidden = DecoderEmbedding.Forward(around, tensor(batch.Tokens).view(-1, sequenceLength));
        foreach (var (weights, layer) in layers.Zip(shape.Layers))
        {
            hidden = DecoderBlock.Forward(weights, layer, hidden).Output;
        }

        var states = around.Norm("norm.last", hidden).reshape(-1, shape.Hidden).index_select(0, tensor(batch.Positions));
        return DecoderOutput.Logits(around, states);
    }
}
