using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>A decoder's states, loss and gradients are those of loops over numbers.</summary>
public sealed class DecoderTests
{
    private static readonly int[] Tokens = [3, 11, 0, 7, 12, 5, 9];

    private static readonly Dictionary<string, DecoderShape> Shapes = new(StringComparer.Ordinal)
    {
        ["gpt2, narrower and narrower tables"] = Gpt2(width: 8, divisor: 2),
        ["gpt2, one table of the hidden size"] = Gpt2(width: 12, divisor: 1),
        ["gpt2, one narrower table"] = Gpt2(width: 6, divisor: 1),
        ["hw-gpt"] = new()
        {
            Hidden = 12, Embedding = new AdaptiveEmbedding(12, 1, [13]), RotaryShare = 0.5,
            FeedForward = FeedForwardKind.Gelu, IsParallel = true, HasBiases = false, Layers = [new(3, 8, 24), new(1, 8, 36)],
        },
        ["open_lm"] = new()
        {
            Hidden = 12, Embedding = new AdaptiveEmbedding(12, 1, [13]), RotaryShare = 1, Normalization = Normalization.LayerNormGain,
            FeedForward = FeedForwardKind.SwiGlu, IsTied = false, HasQueryKeyNorm = true, HasBiases = false,
            Layers = [new(2, 6, 16), new(3, 4, 16)],
        },
        ["llama"] = new()
        {
            Hidden = 12, Embedding = new AdaptiveEmbedding(12, 1, [13]), RotaryShare = 1, Normalization = Normalization.RmsNorm,
            FeedForward = FeedForwardKind.SwiGlu, IsTied = false, HasBiases = false, Layers = [new(2, 6, 20)],
        },
    };

    public static TheoryData<string> Names { get; } = [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void States_and_loss_are_those_of_plain_loops(string name)
    {
        using var scope = NewDisposeScope();
        var decoder = new SmallDecoder(Shapes[name]);
        var plain = decoder.Plain();
        var (states, loss) = decoder.Forward(Tokens);
        foreach (var (expected, actual) in plain.States(Tokens).Zip(states))
        {
            Assert.All(
                expected.SelectMany(state => state).Zip(actual.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        }

        Assert.Equal(plain.Loss(Tokens), loss.item<double>(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        var decoder = new SmallDecoder(Shapes[name]);
        var names = decoder.LayerWeightNames().ToList();
        names.ForEach(weight => decoder[weight].requires_grad_());
        var gradients = CheckedCalls.Gradients(decoder.Forward(Tokens).Loss, [.. names.Select(weight => decoder[weight])]);
        foreach (var (weight, gradient) in names.Zip(gradients))
        {
            var values = gradient.data<double>().ToArray();
            foreach (var index in (int[])[0, values.Length / 2, values.Length - 1])
            {
                var difference = (Loss(Step) - Loss(-Step)) / (2 * Step);
                Assert.True(Math.Abs(difference - values[index]) < 1e-7, $"{weight}[{index}]: {values[index]} instead of {difference}");

                double Loss(double step) => decoder.Plain(weight, index, step).Loss(Tokens);
            }
        }
    }

    private static DecoderShape Gpt2(int width, int divisor) => new()
    {
        Hidden = 12, Embedding = new AdaptiveEmbedding(width, divisor, [4, 9, 13]), Positions = 8, IsEmbeddingScaled = true,
        Layers = [new(2, 6, 20), new(4, 3, 10)],
    };

    /// <summary>A decoder with random weights in double.</summary>
    private sealed class SmallDecoder
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

        public Tensor this[string name] => tensors[name];

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
}
