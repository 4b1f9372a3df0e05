using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Training;

/// <summary>
/// A FlexiBERT encoder with weights to train and a linear map from its hidden states to the vocabulary. All weights
/// share one flat tensor, so that an optimizer step is a few operations. Tensors belong to the caller's dispose scope.
/// </summary>
internal sealed class TrainableEncoder
{
    // As in BERT: tokens, positions and the token type start small and alike, and a layer normalisation follows.
    private const float EmbeddingDeviation = 0.02f;

    // Maps onto the residual stream start small, so that a deep network starts near a shallow one and trains without
    // a long warm-up (as ReZero of Bachlechner et al., UAI 2021, which starts them at 0).
    private const float ResidualFactor = 0.1f;
    private static readonly ImmutableHashSet<string> ResidualMaps = ["projection.dense.weight", "output.dense.weight"];

    private readonly ImmutableArray<LayerWeights> layers;
    private readonly LayerWeights embedding;
    private readonly LayerWeights prediction;
    private readonly EmbeddingSizes sizes;
    private readonly int hiddenSize;

    /// <summary>Builds the network with random weights.</summary>
    public TrainableEncoder(FlexiBertGenotype network, EmbeddingSizes sizes, ulong seed)
    {
        this.sizes = sizes;
        hiddenSize = network.HiddenSize;
        var groups = new List<(string Prefix, FlexiBertLayer Layer, ImmutableArray<ParameterShape> Shapes)>
        {
            ("embedding.", network.Layers[0], FlexiBertParameters.Embedding(hiddenSize, sizes)),
            ("prediction.", network.Layers[0],
            [
                new ParameterShape("vocabulary.weight", [sizes.Vocabulary, hiddenSize], ParameterKind.Linear, false),
                new ParameterShape("vocabulary.bias", [sizes.Vocabulary], ParameterKind.Bias, false),
            ]),
        };
        groups.AddRange(network.Layers.Select((layer, index) => ($"layer.{index}.", layer, FlexiBertParameters.Layer(hiddenSize, layer))));

        Values = zeros(groups.Sum(g => g.Shapes.Sum(s => s.Count)), dtype: ScalarType.Float32);
        var elements = MemoryMarshal.Cast<byte, float>(Values.bytes);
        var parameters = ImmutableArray.CreateBuilder<Tensor>();
        var built = new List<LayerWeights>();
        var start = 0;
        foreach (var (prefix, layer, shapes) in groups)
        {
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var shape in shapes)
            {
                var count = (int)shape.Count;
                Draw(prefix, shape, seed, elements.Slice(start, count));
                var parameter = Values.narrow(0, start, count).view([.. shape.Shape]).detach().requires_grad_();
                tensors.Add(shape.Name, parameter);
                parameters.Add(parameter);
                start += count;
            }

            built.Add(new LayerWeights(layer, tensors));
        }

        (embedding, prediction, layers) = (built[0], built[1], [.. built.Skip(2)]);
        Parameters = parameters.ToImmutable();
    }

    /// <summary>Every weight, one after another.</summary>
    public Tensor Values { get; }

    /// <summary>The weights as leaves of the graph, in the order of <see cref="Values"/>; they share its storage.</summary>
    public ImmutableArray<Tensor> Parameters { get; }

    /// <summary>The logits of the masked tokens, [masked, vocabulary].</summary>
    public Tensor Predict(MaskedBatch batch, int sequenceLength)
    {
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

        return prediction.Linear("vocabulary", hidden.reshape(-1, hiddenSize).index_select(0, tensor(batch.MaskedPositions)));
    }

    private static void Draw(string prefix, ParameterShape shape, ulong seed, Span<float> elements)
    {
        switch (shape.Kind)
        {
            case ParameterKind.Bias:
                elements.Clear();
                break;
            case ParameterKind.Scale:
                elements.Fill(1);
                break;
            case ParameterKind.Embedding when shape.Name == "position.weight":
                FillSinusoids(elements, (int)shape.Shape[1]);
                break;
            case ParameterKind.Embedding:
                new CounterRandom(seed, prefix + shape.Name).FillNormal(elements, EmbeddingDeviation);
                break;
            default:
                // Keeps the variance from input to output; networks as narrow as these hardly learn from 0.02.
                var inputs = shape.Count / shape.Shape[0];
                var deviation = 1 / MathF.Sqrt(inputs) * (ResidualMaps.Contains(shape.Name) ? ResidualFactor : 1);
                new CounterRandom(seed, prefix + shape.Name).FillNormal(elements, deviation);
                break;
        }
    }

    // Positions start as the sinusoids of Vaswani et al. (2017): from random ones attention learns who its neighbours
    // are only after thousands of steps.
    private static void FillSinusoids(Span<float> elements, int width)
    {
        var amplitude = EmbeddingDeviation * Math.Sqrt(2);
        for (var i = 0; i < elements.Length; i++)
        {
            var (position, column) = (i / width, i % width);
            var angle = position / Math.Pow(10000, (column & ~1) / (double)width);
            elements[i] = (float)(amplitude * ((column & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle)));
        }
    }
}
