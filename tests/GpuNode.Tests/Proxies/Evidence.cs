using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>Evidence of small networks, and its numbers as arrays for plain loops.</summary>
internal static class Evidence
{
    public static readonly Structure Structure = new()
    {
        Parameters = new ParameterCounts(1000, 200, 300, 40, 5), FlopsPerToken = 1234, Features = [], Baselines = [], MainBaseline = "none",
    };

    /// <summary>Attention and a linear transform, on 3 sequences of 10 tokens.</summary>
    public static readonly ProbedNetwork Mixed =
        Probing.Target(Probing.Network(16, (MixingOperation.ScaledDotProduct, 1), (MixingOperation.Fourier, 3)));

    /// <summary>A span convolution alone.</summary>
    public static readonly ProbedNetwork Span = Probing.Target(Probing.Network(16, (MixingOperation.Convolution5, 1)));

    /// <summary>A linear transform alone.</summary>
    public static readonly ProbedNetwork Transform = Probing.Target(Probing.Network(16, (MixingOperation.Cosine, 1)));

    public static NetworkEvidence Of(ProbedNetwork target, ProxyNeeds needs = ProxyNeeds.All) =>
        new(GpuNode.Spaces.Network.Of(target, CPU), Structure, needs: needs);

    /// <summary>A pre-normalised decoder of two layers.</summary>
    public static NetworkEvidence OfDecoder() => new(
        new DecoderNetwork(
            new DecoderShape
            {
                Hidden = 16, Embedding = new AdaptiveEmbedding(16, 2, [20, 50, 90]), Positions = 32,
                Layers = [new(2, 8, 40), new(4, 4, 20)],
            },
            "test", new ProbeSettings(3, 10, 7, 7, WeightSelection.All, new EmbeddingSizes(90, 16, 32)), CPU),
        Structure);

    /// <summary>A pre-normalised decoder of equal layers with SwiGLU, whose activations are twice as wide as the states.</summary>
    public static NetworkEvidence OfGated(int layers = 2, int hidden = 16) => new(
        new DecoderNetwork(
            new DecoderShape
            {
                Hidden = hidden, Embedding = new AdaptiveEmbedding(hidden, 1, [90]), RotaryShare = 1, FeedForward = FeedForwardKind.SwiGlu,
                HasBiases = false, Layers = [.. Enumerable.Repeat(new DecoderLayer(2, hidden / 2, 2 * hidden), layers)],
            },
            "gated", new ProbeSettings(3, 10, 7, 7, WeightSelection.All, new EmbeddingSizes(90, hidden, 32)), CPU),
        Structure);

    /// <summary>The elements of a tensor, row after row.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>A matrix as rows.</summary>
    public static double[][] Rows(Tensor matrix) => [.. Numbers(matrix).Chunk((int)matrix.shape[^1])];

    /// <summary>Singular values of a matrix by one-sided Jacobi rotations of its columns, in no order.</summary>
    public static List<double> SingularValues(Tensor matrix)
    {
        var columns = Rows(matrix.shape[0] < matrix.shape[1] ? matrix.transpose(0, 1) : matrix);
        var (height, width) = (columns.Length, columns[0].Length);
        for (var sweep = 0; sweep < 60; sweep++)
        {
            for (var p = 0; p < width - 1; p++)
            {
                for (var q = p + 1; q < width; q++)
                {
                    var (alpha, beta, gamma) = (0.0, 0.0, 0.0);
                    for (var i = 0; i < height; i++)
                    {
                        alpha += columns[i][p] * columns[i][p];
                        beta += columns[i][q] * columns[i][q];
                        gamma += columns[i][p] * columns[i][q];
                    }

                    if (Math.Abs(gamma) <= 1e-15 * Math.Sqrt(alpha * beta))
                    {
                        continue;
                    }

                    var zeta = (beta - alpha) / (2 * gamma);
                    var tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                    var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                    for (var i = 0; i < height; i++)
                    {
                        var (x, y) = (columns[i][p], columns[i][q]);
                        columns[i][p] = cosine * (x - (tangent * y));
                        columns[i][q] = cosine * ((tangent * x) + y);
                    }
                }
            }
        }

        return [.. Enumerable.Range(0, width).Select(j => Math.Sqrt(columns.Sum(row => row[j] * row[j])))];
    }
}
