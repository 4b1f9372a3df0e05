using FsCheck;
using FsCheck.Fluent;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>Random small tensors of one to three dimensions, of every kind that the rules distinguish.</summary>
internal static class RandomTensors
{
    /// <summary>The kinds of tensors; an attention tensor is what the input S shows.</summary>
    public static readonly IReadOnlyList<string> Kinds =
    [
        "positive", "mixed", "withZeros", "nonpositive", "constant", "oneElement", "tiny", "large", "attention",
    ];

    /// <summary>Tensors that an input can show: attention probabilities for S, anything for the others.</summary>
    public static Gen<RandomTensor> For(InputKind input) =>
        input == InputKind.S
            ? Of("attention")
            : Gen.Elements(Kinds.Where(kind => kind != "attention")).SelectMany(Of);

    /// <summary>Tensors of one kind.</summary>
    public static Gen<RandomTensor> Of(string kind) =>
        from shape in Shape(kind)
        from tensor in Of(kind, shape)
        select tensor;

    /// <summary>Two tensors of one kind and shape.</summary>
    public static Gen<(RandomTensor First, RandomTensor Second)> PairFor(InputKind input) =>
        from first in For(input)
        from second in Of(first.Kind, first.Shape)
        select (first, second);

    /// <summary>Two tensors of one kind and the given shape.</summary>
    public static Gen<(RandomTensor First, RandomTensor Second)> PairFor(InputKind input, int[] shape) =>
        from kind in input == InputKind.S ? Gen.Constant("attention") : Gen.Elements(Kinds.Where(kind => kind != "attention"))
        from first in Of(kind, shape)
        from second in Of(kind, shape)
        select (first, second);

    private static Gen<RandomTensor> Of(string kind, int[] shape)
    {
        var size = shape.Aggregate(1, (product, dimension) => product * dimension);
        return kind switch
        {
            "constant" => Number("mixed").Select(value => new RandomTensor(kind, shape, [.. Enumerable.Repeat(value, size)])),
            "attention" =>
                Gen.OneOf(Number("mixed"), Number("large")).ArrayOf(size)
                    .Select(values => new RandomTensor(kind, shape, Probabilities(values, shape[^1]))),
            _ => Number(kind).ArrayOf(size).Select(values => new RandomTensor(kind, shape, values)),
        };
    }

    private static Gen<int[]> Shape(string kind) =>
        from dimensions in Gen.Choose(1, 3)
        from shape in Gen.Choose(1, 4).ArrayOf(dimensions)
        select kind == "oneElement" ? [.. shape.Select(_ => 1)] : shape;

    private static Gen<double> Number(string kind) => kind switch
    {
        "positive" => Gen.Choose(1, 4000).Select(i => i / 1000.0),
        "nonpositive" => Gen.Choose(-4000, 0).Select(i => i / 1000.0),
        "withZeros" => Gen.Frequency((1, Gen.Constant(0.0)), (1, Gen.Choose(-4000, 4000).Select(i => i / 1000.0))),
        "tiny" => Gen.Choose(-4000, 4000).Select(i => i * 1e-12),
        "large" => Gen.Choose(-4000, 4000).Select(i => i / 7.0),
        _ => Gen.Choose(-4000, 4000).Select(i => i / 1000.0),
    };

    /// <summary>Softmax along the last dimension.</summary>
    private static double[] Probabilities(double[] logits, int last)
    {
        var result = new double[logits.Length];
        for (var start = 0; start < logits.Length; start += last)
        {
            var sum = logits.AsSpan(start, last).ToArray().Sum(Math.Exp);
            for (var i = start; i < start + last; i++)
            {
                result[i] = Math.Exp(logits[i]) / sum;
            }
        }

        return result;
    }
}
