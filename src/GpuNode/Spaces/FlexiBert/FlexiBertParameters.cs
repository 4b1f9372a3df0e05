using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// The parameters of a FlexiBERT encoder, as shapes: counts, random weights, the inputs W and G and the memory
/// estimate all follow from this table. The shapes are those of the public training code (Serianni and Kalita,
/// ACL 2023, repository aaronserianni/training-free-nas).
/// </summary>
public static class FlexiBertParameters
{
    /// <summary>Token types of the embedding, of which the first alone is used.</summary>
    public const int TokenTypes = 2;

    /// <summary>Numbers of parameters of the encoder; the embedding's normalisation and projection count to the embedding.</summary>
    public static ParameterCounts Count(FlexiBertGenotype network, EmbeddingSizes sizes)
    {
        var layers = network.Layers.SelectMany(layer => Layer(network.HiddenSize, layer)).ToList();
        return new ParameterCounts(
            Embedding(network.HiddenSize, sizes).Sum(p => p.Count), Sum("mixing.") + Sum("projection.dense."),
            Sum("feed_forward.") + Sum("output.dense."), Sum("projection.layer_norm.") + Sum("output.layer_norm."), Output: 0);

        long Sum(string prefix) => layers.Where(p => p.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(p => p.Count);
    }

    /// <summary>The width of the embedding.</summary>
    /// <exception cref="ArgumentException">The benchmark does not give it.</exception>
    public static int EmbeddingWidth(EmbeddingSizes sizes) =>
        sizes.Embedding ?? throw new ArgumentException("FlexiBERT needs a width of the embedding", nameof(sizes));

    /// <summary>The embedding's parameters; a projection only where the hidden size differs from the embedding's.</summary>
    public static ImmutableArray<ParameterShape> Embedding(int hiddenSize, EmbeddingSizes sizes)
    {
        var width = EmbeddingWidth(sizes);
        var table = new ParameterTable();
        table.Add("token.weight", ParameterKind.Embedding, sizes.Vocabulary, width);
        table.Add("position.weight", ParameterKind.Embedding, sizes.Positions, width);
        table.Add("token_type.weight", ParameterKind.Embedding, TokenTypes, width);
        table.Norm("layer_norm", width);
        if (hiddenSize != width)
        {
            table.Linear("projection", width, hiddenSize);
        }

        return table.ToImmutable();
    }

    /// <summary>The parameters of one layer.</summary>
    /// <exception cref="ArgumentException">The layer cannot be built at this hidden size.</exception>
    public static ImmutableArray<ParameterShape> Layer(int hiddenSize, FlexiBertLayer layer)
    {
        if (layer.FindProblem(hiddenSize) is { } problem)
        {
            throw new ArgumentException(problem, nameof(layer));
        }

        var table = new ParameterTable { Role = ParameterRole.Mixing };
        switch (layer.Operation)
        {
            case MixingOperation.ScaledDotProduct:
            case MixingOperation.WeightedMultiplicative:
                table.Linear("mixing.query", hiddenSize, hiddenSize, ParameterRole.Queries);
                table.Linear("mixing.key", hiddenSize, hiddenSize, ParameterRole.Keys);
                table.Linear("mixing.value", hiddenSize, hiddenSize);
                if (layer.Operation == MixingOperation.WeightedMultiplicative)
                {
                    table.Add("mixing.weight.weight", ParameterKind.Linear, hiddenSize, hiddenSize);
                }

                break;
            case MixingOperation.Fourier:
            case MixingOperation.Cosine:
                table.Linear("mixing.input", hiddenSize, hiddenSize);
                break;
            case MixingOperation.Convolution5:
            case MixingOperation.Convolution9:
                Convolution(table, hiddenSize, layer);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(layer), layer.Operation, null);
        }

        table.Role = ParameterRole.Other;
        if (HasProjection(layer.Operation))
        {
            table.Linear("projection.dense", hiddenSize, hiddenSize);
            table.Norm("projection.layer_norm", hiddenSize);
        }

        table.Role = ParameterRole.FeedForward;
        var width = hiddenSize;
        foreach (var (index, next) in FeedForwardWidths(hiddenSize, layer).Index())
        {
            table.Linear($"feed_forward.{index}", width, next);
            width = next;
        }

        table.Linear("output.dense", width, hiddenSize);
        table.Norm("output.layer_norm", hiddenSize);
        return table.ToImmutable();
    }

    /// <summary>
    /// Widths of the activations of a layer's feed-forward block: four times the hidden size, then the genotype's
    /// dimension for every further one. (With one feed-forward the genotype's dimension is not used.)
    /// </summary>
    public static ImmutableArray<int> FeedForwardWidths(int hiddenSize, FlexiBertLayer layer) =>
        [4 * hiddenSize, .. Enumerable.Repeat(layer.FeedForwardDimension, layer.FeedForwards - 1)];

    /// <summary>Whether projection, residual and layer normalisation follow the operation: not for linear transforms.</summary>
    public static bool HasProjection(MixingOperation operation) =>
        operation is not (MixingOperation.Fourier or MixingOperation.Cosine);

    /// <summary>Attention heads that the layer really has: a span convolution keeps half of them.</summary>
    public static int AttentionHeads(FlexiBertLayer layer) =>
        layer.Operation is MixingOperation.Convolution5 or MixingOperation.Convolution9
            ? layer.Heads / MixingOperations.ConvolutionHeadRatio
            : layer.Heads;

    /// <summary>Width of the layer's heads together, which is that of the input H.</summary>
    public static int HeadWidth(int hiddenSize, FlexiBertLayer layer) => hiddenSize / layer.Heads * AttentionHeads(layer);

    private static void Convolution(ParameterTable table, int hiddenSize, FlexiBertLayer layer)
    {
        var kernel = MixingOperations.KernelWidth(layer.Operation);
        var width = HeadWidth(hiddenSize, layer);
        table.Linear("mixing.query", hiddenSize, width, ParameterRole.Queries);
        table.Linear("mixing.key", hiddenSize, width, ParameterRole.Keys);
        table.Linear("mixing.value", hiddenSize, width);
        table.Add("mixing.key_convolution.depthwise.weight", ParameterKind.Convolution, hiddenSize, 1, kernel);
        table.Add("mixing.key_convolution.pointwise.weight", ParameterKind.Convolution, width, hiddenSize, 1);
        table.Add("mixing.key_convolution.bias", ParameterKind.Bias, width, 1);
        table.Linear("mixing.convolution_kernel", width, AttentionHeads(layer) * kernel);
        table.Linear("mixing.convolution_output", hiddenSize, width);
    }
}
