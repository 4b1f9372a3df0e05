using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Networks;

/// <summary>
/// Seeded random weights: a normal distribution around 0 for linear maps and embeddings, biases 0, the scales of normalisations 1. Drawn on
/// the CPU by name, so that any part of a network is drawn by itself; tensors are float32 there and belong to the caller's dispose scope.
/// </summary>
/// <param name="seed">The seed of all of a network's weights.</param>
public sealed class RandomWeights(ulong seed)
{
    /// <summary>The standard deviation of linear maps and embeddings, unless a space has a rule of its own.</summary>
    public const float StandardDeviation = 0.02f;

    private static readonly InitialWeights Usual = new(WeightDistribution.Normal, StandardDeviation);

    /// <summary>
    /// The weights' seed: a function of the run's weights seed and of the network's content, so that equal networks have equal weights
    /// under whatever name they come.
    /// </summary>
    /// <param name="weightsSeed">The run's.</param>
    /// <param name="content">A text with everything that distinguishes the network.</param>
    public static ulong Seed(ulong weightsSeed, string content) => BinaryPrimitives.ReadUInt64LittleEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"lpzero-weights-1|{weightsSeed}|{content}")));

    /// <summary>The weights of a part of the network, by their names.</summary>
    /// <param name="part">What the names begin with in the whole network, such as <c>layer.0.</c>.</param>
    /// <param name="shapes">The part's parameters.</param>
    /// <param name="start">How each is drawn; where it says nothing, or null, as the class says.</param>
    public Dictionary<string, Tensor> Draw(
        string part, IEnumerable<ParameterShape> shapes, Func<ParameterShape, InitialWeights?>? start = null) =>
        shapes.ToDictionary(shape => shape.Name, shape => Draw(part, shape, start?.Invoke(shape)), StringComparer.Ordinal);

    /// <summary>
    /// Some rows of a table, in the order in which they are asked for; the others are not drawn. The rows of a table of an even width are
    /// those that the whole of it has.
    /// </summary>
    /// <param name="name">The table's name in the whole network.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="width">How wide they are.</param>
    /// <param name="start">How they are drawn; normal where null.</param>
    public IEnumerable<float[]> Rows(string name, IEnumerable<int> rows, int width, InitialWeights? start = null)
    {
        var random = new CounterRandom(seed, name);
        foreach (var row in rows)
        {
            // A pair of normal numbers an index: an odd width leaves half a pair unused.
            var values = new float[width];
            (start ?? Usual).Fill(random, values, (long)row * ((width + 1) / 2));
            yield return values;
        }
    }

    /// <summary>The elements of a contiguous float32 tensor on the CPU, in place.</summary>
    internal static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private Tensor Draw(string part, ParameterShape shape, InitialWeights? start)
    {
        var tensor = empty([.. shape.Shape], dtype: ScalarType.Float32);
        var elements = Floats(tensor);
        switch (shape.Kind)
        {
            case ParameterKind.Bias when start is null:
                elements.Clear();
                break;
            case ParameterKind.Scale:
                elements.Fill(1);
                break;
            case ParameterKind.Embedding when shape.Shape[^1] % 2 != 0:
                var width = (int)shape.Shape[^1];
                foreach (var (index, row) in Rows(part + shape.Name, Enumerable.Range(0, (int)shape.Shape[0]), width, start).Index())
                {
                    row.CopyTo(elements[(index * width)..]);
                }

                break;
            default:
                (start ?? Usual).Fill(new CounterRandom(seed, part + shape.Name), elements);
                break;
        }

        return tensor;
    }
}
