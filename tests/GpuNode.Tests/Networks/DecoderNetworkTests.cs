using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Networks;

[Collection(LiveTensors.Name)]
public sealed class DecoderNetworkTests
{
    public static TheoryData<string> Names { get; } = [.. Small.Keys];

    [SuppressMessage("Style", "IDE0028", Justification = "A collection expression has no comparer.")]
    private static Dictionary<string, DecoderShape> Small => new(StringComparer.Ordinal)
    {
        ["narrower and narrower tables"] = Gpt2(width: 16, divisor: 2),
        ["tables of an odd width"] = Gpt2(width: 9, divisor: 1),
        ["rotary, SwiGLU, own output"] = new()
        {
            Hidden = 16, Embedding = new AdaptiveEmbedding(16, 1, [90]), RotaryShare = 1, Normalization = Normalization.RmsNorm,
            FeedForward = FeedForwardKind.SwiGlu, IsTied = false, HasBiases = false, Layers = [new(2, 8, 20), new(3, 6, 24)],
        },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_decoder_shows_six_inputs_of_the_right_shapes_which_its_estimate_knows(string name)
    {
        var shape = Small[name];
        using var inputs = InputProbe.Run(Of(shape), InputProbe.All);
        foreach (var (index, layer) in shape.Layers.Index())
        {
            Assert.Equal([$"3,10,{layer.FeedForward}"], Shapes(inputs[InputKind.A][index]));
            Assert.Equal(["3,10,16"], Shapes(inputs[InputKind.J][index]));
            Assert.Equal([$"3,10,{layer.HeadsWidth}"], Shapes(inputs[InputKind.H][index]));
            Assert.Equal([$"3,{layer.Heads},10,10"], Shapes(inputs[InputKind.S][index]));
            Assert.Equal(shape.FeedForward == FeedForwardKind.SwiGlu ? 7 : 6, inputs[InputKind.W][index].Length);
            Assert.Equal(Shapes(inputs[InputKind.W][index]), Shapes(inputs[InputKind.G][index]));
        }

        Assert.All(inputs[InputKind.G].Concat(inputs[InputKind.J]).SelectMany(layer => layer), tensor =>
            Assert.True(tensor.abs().max().item<float>() > 0));
        Assert.Equal(inputs.Bytes, MemoryEstimate.Of(shape, Probe()).Held);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rows_in_use_are_those_of_the_whole_tables(string name)
    {
        using var scope = NewDisposeScope();
        var shape = Small[name];
        var weights = new RandomWeights(RandomWeights.Seed(7, name)).Draw("", DecoderParameters.Embedding(shape));
        var tokens = tensor(MiniBatch.Tokens(Probe()), dtype: ScalarType.Int64).reshape(3, 10);
        Assert.Equal(
            DecoderEmbedding.Forward(new DecoderWeights(shape, weights), tokens).bytes.ToArray(),
            new DecoderNetwork(shape, name, Probe(), CPU).Embed().bytes.ToArray());
    }

    [Fact]
    public void The_loss_of_random_weights_is_near_that_of_guessing()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var network = Of(Small["rotary, SwiGLU, own output"]);
        var hidden = network.Embed();
        for (var layer = 0; layer < network.Layers; layer++)
        {
            hidden = network.Forward(layer, network.Draw(layer), hidden).Output;
        }

        Assert.Equal(Math.Log(90), network.Loss(hidden).item<float>(), 0.05);
    }

    [Fact]
    public void A_space_has_its_own_start_where_it_is_asked_for()
    {
        using var scope = NewDisposeScope();
        var shape = Small["narrower and narrower tables"];
        Func<ParameterShape, float> rule = own => own.Name == "attention.output.weight" ? 0.001f : RandomWeights.StandardDeviation;
        var normal = new DecoderNetwork(shape, "x", Probe(), CPU, rule).Draw(0);
        var started = new DecoderNetwork(shape, "x", Probe() with { Start = WeightStart.AsTrained }, CPU, rule).Draw(0);
        Assert.Equal(normal["attention.query.weight"].bytes.ToArray(), started["attention.query.weight"].bytes.ToArray());
        Assert.Equal(
            normal["attention.output.weight"].div(tensor(20f)).data<float>(), started["attention.output.weight"].data<float>(),
            (expected, actual) => Math.Abs(expected - actual) < 1e-8);
    }

    [Fact]
    public void Nothing_is_left_once_the_inputs_are_disposed() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
        InputProbe.Run(Of(Small["narrower and narrower tables"]), InputProbe.All).Dispose()));

    private static List<string> Shapes(ImmutableArray<Tensor> tensors) =>
        [.. tensors.Select(tensor => string.Join(',', tensor.shape))];

    private static ProbeSettings Probe() => new(3, 10, 7, 7, WeightSelection.All, new EmbeddingSizes(90, 16, 32));

    private static DecoderNetwork Of(DecoderShape shape) => new(shape, "test", Probe(), CPU);

    private static DecoderShape Gpt2(int width, int divisor) => new()
    {
        Hidden = 16, Embedding = new AdaptiveEmbedding(width, divisor, [20, 50, 90]), Positions = 32, IsEmbeddingScaled = true,
        Layers = [new(2, 8, 40), new(4, 4, 20)],
    };
}
