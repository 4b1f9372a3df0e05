using LPZero.GpuNode.Chains;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>
/// Chains on arrays, one operation after another: each element in double and then rounded to float32, statistics in double. The
/// result of an element function may be moved by up to two units in the last place, by an amount that depends on its argument and a seed,
/// as another correct implementation would: how far a chain's mean then moves is how well it is determined in float32.
/// </summary>
internal sealed class FloatOracle(float[] data, int rows, int disturbance)
{
    private readonly Dictionary<Chain, object> results = [];

    /// <summary>The mean of the chain's result, the mean of its absolute values, and its number of elements.</summary>
    public (double Mean, double MeanAbsolute, long Count) Evaluate(Chain chain) => Result(chain) switch
    {
        double number => (number, Math.Abs(number), 1),
        float[] elements => (elements.Average(e => (double)e), elements.Average(e => Math.Abs((double)e)), elements.Length),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The elements of a chain's result that is a tensor.</summary>
    public float[] Elements(Chain chain) => (float[])Result(chain);

    private object Result(Chain chain)
    {
        if (chain.Count == 0)
        {
            return data;
        }

        if (!results.TryGetValue(chain, out var result))
        {
            result = Apply(chain[^1], Result(new Chain(chain.Operations[..^1])));
            if (chain.Count < 2)
            {
                results.Add(chain, result);
            }
        }

        return result;
    }

    private object Apply(UnaryOperation operation, object argument)
    {
        if (argument is double number)
        {
            return ScalarOperations.Apply(operation, number);
        }

        var x = (float[])argument;
        var mean = 0.0;
        var std = 0.0;
        if (operation is UnaryOperation.Normalize or UnaryOperation.Std)
        {
            mean = x.Average(e => (double)e);
            std = x.Length > 1 && float.IsFinite(x[0]) && Array.TrueForAll(x, e => e == x[0]) ? 0
                : x.Length == 1 ? double.NaN
                : Math.Sqrt(x.Sum(e => (e - mean) * (e - mean)) / (x.Length - 1));
        }

        switch (operation)
        {
            case UnaryOperation.Log:
                return Map(x, e => e <= 0 ? 0 : Math.Log(e + 1e-9f));
            case UnaryOperation.AbsLog:
                return Map(x, e => e == 0 ? 0 : Math.Log(Math.Abs((double)e)));
            case UnaryOperation.Abs:
                return Array.ConvertAll(x, Math.Abs);
            case UnaryOperation.Square:
                return Array.ConvertAll(x, e => e * e);
            case UnaryOperation.Exp:
                return Map(x, e => Math.Exp(e));
            case UnaryOperation.Normalize:
                var (shift, scale) = ((float)mean, Disturb((float)std, 1));
                var remainder = Disturb((float)(mean - shift), 2);
                return Array.ConvertAll(x, e => float.IsNaN((e - shift - remainder) / scale) ? 0 : (e - shift - remainder) / scale);
            case UnaryOperation.Relu:
                return Array.ConvertAll(x, e => Math.Max(e, 0));
            case UnaryOperation.Invert:
                return Array.ConvertAll(x, e => 1 / (e + 1e-9f));
            case UnaryOperation.FrobeniusNorm:
                return Math.Sqrt(x.Sum(e => (double)e * e));
            case UnaryOperation.NormalizedSum or UnaryOperation.Mean:
                return x.Average(e => (double)e);
            case UnaryOperation.L1Norm:
                return x.Average(e => Math.Abs((double)e));
            case UnaryOperation.Softmax:
                return ByColumn(x, (e, maximum, sum) => Math.Exp(e - maximum) / sum);
            case UnaryOperation.Sigmoid:
                return Map(x, e => 1 / (1 + (double)(float)Math.Exp(-(double)e)));
            case UnaryOperation.LogSoftmax:
                return ByColumn(x, (e, maximum, sum) => e - maximum - (float)Math.Log(sum));
            case UnaryOperation.Sqrt:
                // MKL's square root, which libtorch 2.10 calls, is right to a unit in the last place; the processor's is rounded correctly.
                return Map(x, e => e <= 0 ? 0 : Math.Sqrt(e));
            case UnaryOperation.Negate:
                return Array.ConvertAll(x, e => -e);
            case UnaryOperation.MinMax:
                var (minimum, maximum) = (x.Aggregate(Math.Min), x.Aggregate(Math.Max));
                return Array.ConvertAll(x, e => (e - minimum) / (maximum - minimum + 1e-9f));
            case UnaryOperation.Std:
                return std;
            case UnaryOperation.NoOp:
                return x;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }

    private float[] Map(float[] x, Func<float, double> function) => Array.ConvertAll(x, e => Disturb((float)function(e), e));

    private float[] ByColumn(float[] x, Func<float, float, float, double> function)
    {
        var columns = x.Length / rows;
        var result = new float[x.Length];
        for (var column = 0; column < columns; column++)
        {
            var elements = Enumerable.Range(0, rows).Select(row => x[(row * columns) + column]).ToArray();
            var maximum = elements.Aggregate(Math.Max);
            var sum = Disturb((float)elements.Sum(e => (double)(float)Math.Exp(e - maximum)), maximum);
            for (var row = 0; row < rows; row++)
            {
                result[(row * columns) + column] = Disturb((float)function(elements[row], maximum, sum), elements[row]);
            }
        }

        return result;
    }

    private float Disturb(float value, float argument) =>
        disturbance == 0 || value == 0 || !float.IsFinite(value) ? value
            : BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) + (int)((uint)Hash(argument) % 5) - 2);

    private int Hash(float argument)
    {
        unchecked
        {
            var bits = (BitConverter.SingleToInt32Bits(argument) ^ (disturbance * 0x5bd1e995)) * (int)0x9E3779B1;
            return (bits ^ (bits >>> 15)) * (int)0x85EBCA6B;
        }
    }
}
