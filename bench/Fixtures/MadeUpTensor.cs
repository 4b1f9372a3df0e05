using LPZero.Coordinator.Randomness;

namespace LPZero.Bench.Fixtures;

/// <summary>Tensors with the same numbers in every run.</summary>
public static class MadeUpTensor
{
    /// <summary>A float matrix of standard normal numbers (Box and Muller, 1958).</summary>
    public static Tensor Normal(int rows, int columns)
    {
        var random = new SplittableRandom(4);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return tensor(values, [rows, columns]);
    }
}
