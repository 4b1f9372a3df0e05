using System.Runtime.InteropServices;
using LPZero.GpuNode.Models;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>
/// The linear transforms of FlexiBERT: over time and head size, the real part of the discrete Fourier transform
/// (as in FNet, Lee-Thorp et al. 2021), or the cosine transform of type II without normalisation (factor 2 a dimension).
/// Both are written as products with constant matrices, which need no complex numbers and, at these sizes, no more time.
/// </summary>
internal static class SpectralTransform
{
    public static MixingOutput Forward(LayerWeights weights, Tensor input)
    {
        var head = weights.Linear("mixing.input", input);
        var split = Heads.Split(head, weights.Layer.Heads);
        var transformed = weights.Layer.Operation == MixingOperation.Fourier ? FourierReal(split) : Cosine(split);
        return new MixingOutput(Heads.Join(transformed), head, nn.functional.softmax(transformed, -1), [head], HasProbabilities: false);
    }

    /// <summary>Re(F X F) = C X C - S X S, with C and S the cosine and sine matrices of each dimension.</summary>
    private static Tensor FourierReal(Tensor input)
    {
        var (time, size) = (input.shape[2], input.shape[3]);
        var cosines = Apply(input, Matrix(time, input, Angle, Math.Cos), Matrix(size, input, Angle, Math.Cos));
        var sines = Apply(input, Matrix(time, input, Angle, Math.Sin), Matrix(size, input, Angle, Math.Sin));
        return cosines - sines;

        // The product is reduced first: large arguments would cost the cosine its last digits.
        static double Angle(long frequency, long position, long length) => Math.Tau * (frequency * position % length) / length;
    }

    private static Tensor Cosine(Tensor input)
    {
        return Apply(input, Matrix(input.shape[2], input, Angle, Twice), Matrix(input.shape[3], input, Angle, Twice));

        static double Angle(long frequency, long position, long length) =>
            Math.PI * (frequency * ((2 * position) + 1) % (4 * length)) / (2 * length);

        static double Twice(double angle) => 2 * Math.Cos(angle);
    }

    /// <summary>T X Sᵀ for each head, with [time, time] and [size, size] matrices.</summary>
    private static Tensor Apply(Tensor input, Tensor overTime, Tensor overSize) =>
        CheckedCalls.Product(overTime, CheckedCalls.Product(input, overSize.transpose(0, 1)));

    /// <summary>[frequency, position] in the type and on the device of <paramref name="like"/>.</summary>
    private static Tensor Matrix(long length, Tensor like, Func<long, long, long, double> angle, Func<double, double> wave)
    {
        var matrix = empty([length, length], dtype: ScalarType.Float64);
        var values = MemoryMarshal.Cast<byte, double>(matrix.bytes);
        for (var frequency = 0L; frequency < length; frequency++)
        {
            for (var position = 0L; position < length; position++)
            {
                values[(int)((frequency * length) + position)] = wave(angle(frequency, position, length));
            }
        }

        return matrix.to(like.dtype).to(like.device);
    }
}
