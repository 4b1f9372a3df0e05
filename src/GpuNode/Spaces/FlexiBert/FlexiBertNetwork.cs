using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>A FlexiBERT encoder on a mini-batch.</summary>
/// <param name="genotype">The network, with its shapes resolved.</param>
/// <param name="probe">How it is probed.</param>
/// <param name="device">Where it is.</param>
public sealed class FlexiBertNetwork(FlexiBertGenotype genotype, ProbeSettings probe, Device device) : INetwork
{
    private readonly ulong seed = Seed(genotype, probe);
    private readonly RandomWeights random = new(Seed(genotype, probe));

    /// <inheritdoc/>
    public ProbeSettings Probe => probe;

    /// <inheritdoc/>
    public int Layers => genotype.LayerCount;

    /// <summary>The seed of the network's weights.</summary>
    public static ulong Seed(FlexiBertGenotype genotype, ProbeSettings probe) => RandomWeights.Seed(
        probe.WeightsSeed, $"{genotype}|{probe.Sizes.Vocabulary}/{probe.Sizes.Embedding}/{probe.Sizes.Positions}");

    /// <inheritdoc/>
    public ImmutableArray<ParameterShape> Parameters(int layer) => FlexiBertParameters.Layer(genotype.HiddenSize, genotype.Layers[layer]);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Draw(int layer) => random.Draw($"layer.{layer}.", Parameters(layer)).MovedTo(device);

    /// <summary>
    /// The embedding of the mini-batch, [B, T, hidden]: the sum of token, position and token type, its layer normalisation,
    /// dropout in training mode, and the projection where there is one. Only the rows in use are drawn.
    /// </summary>
    public Tensor Embed()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var tokens = probe.Loss == LossKind.Masked ? MaskedTokens.Of(probe).Shown : MiniBatch.Tokens(probe);
        var weights = EmbeddingWeights();
        var normalized = weights.Dropout("sum", weights.LayerNorm("layer_norm", EmbeddingSum(tokens)));
        var embedded = genotype.HiddenSize == Width ? normalized : weights.Linear("projection", normalized);
        return embedded.MovedTo(device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public LayerOutput Forward(int layer, IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) =>
        EncoderLayer.Forward(new LayerWeights(genotype.Layers[layer], weights, DropoutOf($"layer.{layer}.")), hidden);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> DrawForLoss() => probe.Loss == LossKind.Masked
        ? random.Draw("embedding.", EmbeddingShapes().Where(IsOfLoss)).MovedTo(device)
        : [];

    /// <summary>
    /// The sum of the output times the seeded signs, or of the output. Or the mean of -ln p over the masked tokens: from the hidden size to
    /// the embedding's width by the embedding's own projection, where there is one, and on to the vocabulary by its own table.
    /// </summary>
    /// <param name="weights">That projection and that table.</param>
    /// <param name="hidden">The output, [B, T, hidden].</param>
    public Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden)
    {
        if (probe.Loss == LossKind.Signs)
        {
            return hidden.mul(MiniBatch.Cotangent(probe, genotype.HiddenSize).MovedTo(device)).sum();
        }

        if (probe.Loss == LossKind.Sum)
        {
            return hidden.sum();
        }

        var masked = MaskedTokens.Of(probe);
        var states = hidden.reshape(-1, genotype.HiddenSize).index_select(0, tensor(masked.Places).to(device));
        if (weights.TryGetValue("projection.weight", out var projection))
        {
            states = nn.functional.linear(states, projection.transpose(0, 1));
        }

        return nn.functional.cross_entropy(nn.functional.linear(states, weights["token.weight"]), tensor(masked.Hidden).to(device));
    }

    /// <summary>Whether the loss of masked tokens reads it: the table, and the projection where there is one.</summary>
    internal static bool IsOfLoss(ParameterShape shape) => shape.Name is "token.weight" or "projection.weight";

    private int Width => FlexiBertParameters.EmbeddingWidth(probe.Sizes);

    private ImmutableArray<ParameterShape> EmbeddingShapes() => FlexiBertParameters.Embedding(genotype.HiddenSize, probe.Sizes);

    // Layer normalisation and projection are those of a layer, so a layer's weights serve.
    private LayerWeights EmbeddingWeights() => new(
        genotype.Layers[0], random.Draw("embedding.", EmbeddingShapes().Where(shape => shape.Kind != ParameterKind.Embedding)),
        DropoutOf("embedding."));

    private SeededDropout? DropoutOf(string part) => probe.Mode == ProbeMode.Training ? new SeededDropout(seed, part) : null;

    private Tensor EmbeddingSum(int[] tokens)
    {
        var width = Width;
        var ids = tokens.Distinct().ToList();
        var rows = ids.Zip(random.Rows("embedding.token.weight", ids, width)).ToDictionary(pair => pair.First, pair => pair.Second);
        var type = random.Rows("embedding.token_type.weight", [0], width).Single();
        var positions = random.Rows("embedding.position.weight", Enumerable.Range(0, probe.SequenceLength), width).ToList();
        var sum = empty([probe.BatchSize, probe.SequenceLength, width], dtype: ScalarType.Float32);
        var elements = RandomWeights.Floats(sum);
        for (var index = 0; index < tokens.Length; index++)
        {
            var (row, position) = (rows[tokens[index]], positions[index % probe.SequenceLength]);
            var element = elements.Slice(index * width, width);
            for (var i = 0; i < width; i++)
            {
                element[i] = row[i] + type[i] + position[i];
            }
        }

        return sum;
    }
}
