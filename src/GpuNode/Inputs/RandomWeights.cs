using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LPZero.GpuNode.Models;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Inputs;

/// <summary>
/// Seeded random weights of a network: normal(0, 0.02) for linear maps and embeddings, biases 0, layer normalisation 1
/// and 0. Drawn on the CPU; tensors are float32 there and belong to the caller's dispose scope.
/// </summary>
/// <param name="target">The network and its probe.</param>
public sealed class RandomWeights(ProbedNetwork target)
{
    private const float StandardDeviation = 0.02f;

    private readonly ulong seed = Seed(target);

    /// <summary>
    /// The weights' seed: a function of the run's weights seed and of the network's content, so that equal networks have equal
    /// weights under whatever name they come.
    /// </summary>
    public static ulong Seed(ProbedNetwork target)
    {
        var sizes = target.Probe.Sizes;
        var content =
            $"lpzero-weights-1|{target.Probe.WeightsSeed}|{target.Network}|{sizes.Vocabulary}/{sizes.Embedding}/{sizes.Positions}";
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }

    /// <summary>The weights of a layer.</summary>
    /// <param name="index">Which one, from 0.</param>
    public LayerWeights Layer(int index)
    {
        var layer = target.Network.Layers[index];
        return new LayerWeights(layer, FlexiBertParameters.Layer(target.Network.HiddenSize, layer)
            .ToDictionary(shape => shape.Name, shape => Draw($"layer.{index}.", shape), StringComparer.Ordinal));
    }

    /// <summary>
    /// The embedding of the mini-batch, [B, T, hidden]: the sum of token, position and token type, its layer normalisation,
    /// and the projection where there is one. Only the rows in use are drawn.
    /// </summary>
    public Tensor Embed()
    {
        var probe = target.Probe;
        var width = probe.Sizes.Embedding;
        var tokens = MiniBatch.Tokens(probe);
        var rows = new Dictionary<int, float[]>();
        var type = Row("embedding.token_type.weight", 0);
        var sum = empty([probe.BatchSize, probe.SequenceLength, width], dtype: ScalarType.Float32);
        var elements = Floats(sum);
        for (var t = 0; t < probe.SequenceLength; t++)
        {
            var position = Row("embedding.position.weight", t);
            for (var b = 0; b < probe.BatchSize; b++)
            {
                var index = (b * probe.SequenceLength) + t;
                if (!rows.TryGetValue(tokens[index], out var row))
                {
                    rows.Add(tokens[index], row = Row("embedding.token.weight", tokens[index]));
                }

                var element = elements.Slice(index * width, width);
                for (var i = 0; i < width; i++)
                {
                    element[i] = row[i] + type[i] + position[i];
                }
            }
        }

        // Layer normalisation and projection are those of a layer, so a layer's weights serve.
        var shapes = FlexiBertParameters.Embedding(target.Network.HiddenSize, probe.Sizes).Where(s => s.Kind != ParameterKind.Embedding);
        var weights = new LayerWeights(
            target.Network.Layers[0], shapes.ToDictionary(s => s.Name, s => Draw("embedding.", s), StringComparer.Ordinal));
        var normalized = weights.LayerNorm("layer_norm", sum);
        return target.Network.HiddenSize == width ? normalized : weights.Linear("projection", normalized);

        float[] Row(string name, int row)
        {
            // A pair of normal numbers an index: an odd width leaves half a pair unused.
            var values = new float[width];
            new CounterRandom(seed, name).FillNormal(values, StandardDeviation, (long)row * ((width + 1) / 2));
            return values;
        }
    }

    /// <summary>The elements of a contiguous float32 tensor on the CPU, in place.</summary>
    internal static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private Tensor Draw(string prefix, ParameterShape shape)
    {
        var tensor = empty([.. shape.Shape], dtype: ScalarType.Float32);
        var elements = Floats(tensor);
        switch (shape.Kind)
        {
            case ParameterKind.Bias:
                elements.Clear();
                break;
            case ParameterKind.Scale:
                elements.Fill(1);
                break;
            default:
                new CounterRandom(seed, prefix + shape.Name).FillNormal(elements, StandardDeviation);
                break;
        }

        return tensor;
    }
}
