namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>A tensor of two dimensions, row-major.</summary>
internal sealed record SampleTensor(string Name, int Rows, float[] Elements)
{
    public Tensor ToTensor(Device? device = null) => tensor(Elements, [Rows, Elements.Length / Rows], device: device);
}

/// <summary>Tensors that reach every branch of the operations and every remainder of tiles and vectors.</summary>
internal static class SampleTensors
{
    public static IReadOnlyList<SampleTensor> Small { get; } =
    [
        Make("positive", 7, 13, r => 0.01 + Math.Abs(Normal(r))),
        Make("mixed", 16, 24, Normal),
        Make("weights", 40, 33, r => 0.02 * Normal(r)),
        Make("with zeros", 5, 9, r => r.Next(3) == 0 ? 0 : Normal(r)),
        Make("negative", 6, 11, r => -0.01 - Math.Abs(Normal(r))),
        Make("all zero", 6, 10, _ => 0),
        Make("constant", 6, 10, _ => 1.5),
        Make("far from zero", 12, 20, r => 1000 + (0.1 * Normal(r))),
        Make("tiny", 9, 17, r => 1e-12 * Normal(r)),
        Make("around what log adds", 9, 17, r => 1e-9 * Normal(r)),
        Make("squares underflow", 9, 17, r => 1e-25 * Normal(r)),
        Make("subnormal", 9, 8, r => 1e-40 * Math.Abs(Normal(r))),
        Make("large", 9, 17, r => 100 * Normal(r)),
        Make("squares overflow", 9, 17, r => 1e25 * Normal(r)),
        Make("sums overflow float32", 9, 17, r => 1e38 * (1 + r.NextDouble())),
        Make("range overflows", 4, 6, r => 3e38 * ((2 * r.Next(2)) - 1)),
        Make("one row", 1, 37, Normal),
        Make("one column", 41, 1, Normal),
        Make("one element", 1, 1, _ => -1.25),
        Make("wide", 3, 2000, Normal),
        Make("tall", 1500, 3, Normal),
        Make("outlier first", 20, 20, Normal, (0, 1e6f)),
        Make("NaN", 8, 12, Normal, (17, float.NaN)),
        Make("NaN first", 8, 12, Normal, (0, float.NaN)),
        Make("infinity", 8, 12, Normal, (40, float.PositiveInfinity)),
        Make("negative infinity", 8, 12, Normal, (40, float.NegativeInfinity)),
        Make("both infinities", 8, 12, Normal, (3, float.PositiveInfinity), (40, float.NegativeInfinity)),
        Make("column of negative infinity", 3, 4, Normal, (1, float.NegativeInfinity), (5, float.NegativeInfinity),
            (9, float.NegativeInfinity)),
        Make("NaN and infinities", 7, 1, Normal, (0, float.NaN), (1, float.PositiveInfinity), (2, float.NegativeInfinity), (5, 0f)),
    ];

    public static SampleTensor Big { get; } = Make("big", 300, 517, Normal);

    private static SampleTensor Make(
        string name, int rows, int columns, Func<Random, double> element, params (int Index, float Value)[] given)
    {
        var random = new Random(rows * 1000 + columns);
        var elements = new float[rows * columns];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (float)element(random);
        }

        foreach (var (index, value) in given)
        {
            elements[index] = value;
        }

        return new SampleTensor(name, rows, elements);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
