using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>A decoder with random weights in double.</summary>
internal sealed class SmallDecoder
{
    private readonly DecoderShape shape;
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    public SmallDecoder(DecoderShape shape)
    {
        this.shape = shape;
        var random = new Random(7);
        IEnumerable<ParameterShape> all =
        [
            .. DecoderParameters.Embedding(shape), .. DecoderParameters.LastNorm(shape), .. DecoderParameters.Output(shape),
            .. shape.Layers.SelectMany((layer, index) =>
                DecoderParameters.Layer(shape, layer).Select(own => own with { Name = $"layer.{index}.{own.Name}" })),
        ];
        foreach (var parameter in all)
        {
            var values = Enumerable.Range(0, (int)parameter.Count).Select(_ => (random.NextDouble() - 0.5) * 0.8).ToArray();
            tensors.Add(parameter.Name, tensor(values).reshape([.. parameter.Shape]));
        }
    }

    public IReadOnlyDictionary<string, Tensor> Weights => tensors;

    public IEnumerable<string> LayerWeightNames() => tensors.Keys.Where(name => name.StartsWith("layer.", StringComparison.Ordinal));

    public (List<Tensor> States, Tensor Loss) Forward(int[] tokens)
    {
        var ids = tensor(tokens.Select(token => (long)token).ToArray()).reshape(1, tokens.Length);
        var around = new DecoderWeights(shape, tensors);
        List<Tensor> states = [DecoderEmbedding.Forward(around, ids)];
        foreach (var (index, layer) in shape.Layers.Index())
        {
            var prefix = $"layer.{index}.";
            var own = tensors.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
            LayerOutput output = DecoderBlock.Forward(new DecoderWeights(shape, own), layer, states[^1]);
            states.Add(output.Output);
        }

        return (states, DecoderOutput.Loss(around, states[^1], ids));
    }

    /// <summary>The same in loops, with one number of one weight moved by a step.</summary>
    public PlainDecoder Plain(string moved = "", int index = 0, double step = 0)
    {
        var matrices = tensors.ToDictionary(
            pair => pair.Key, pair => Matrix(pair.Value, pair.Key == moved ? index : -1, step), StringComparer.Ordinal);
        return new PlainDecoder(shape, name => matrices[name]);
    }

    private static double[,] Matrix(Tensor tensor, int moved, double step)
    {
        var values = tensor.detach().contiguous().data<double>().ToArray();
        if (moved >= 0)
        {
            values[moved] += step;
        }

        var columns = (int)tensor.shape[^1];
        var matrix = new double[values.Length / columns, columns];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }
}
