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
        names.ForEach(weight => decoder.Weights[weight].requires_grad_());
        var gradients = CheckedCalls.Gradients(decoder.Forward(Tokens).Loss, [.. names.Select(weight => decoder.Weights[weight])]);
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
}
