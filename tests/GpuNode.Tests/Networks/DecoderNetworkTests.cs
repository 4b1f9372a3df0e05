using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.Decoders;
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
        Assert.Equal(inputs.Bytes, DecoderMemory.Of(shape, Probe()).Held);
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

        Assert.Equal(Math.Log(90), network.Loss(network.DrawForLoss(), hidden).item<float>(), 0.05);
    }

    [Fact]
    public void A_space_has_its_own_start_where_it_is_asked_for()
    {
        using var scope = NewDisposeScope();
        var shape = Small["narrower and narrower tables"];
        Func<ParameterShape, int?, InitialWeights?> rule = (own, layer) =>
            own.Name == "attention.output.weight" && layer == 0 ? new(WeightDistribution.Normal, 0.001f) : null;
        var normal = new DecoderNetwork(shape, "x", Probe(), CPU, rule).Draw(0);
        var started = new DecoderNetwork(shape, "x", Probe() with { Start = WeightStart.AsTrained }, CPU, rule).Draw(0);
        Assert.Equal(normal["attention.query.weight"].bytes.ToArray(), started["attention.query.weight"].bytes.ToArray());
        Assert.Equal(
            normal["attention.output.weight"].div(tensor(20f)).data<float>(), started["attention.output.weight"].data<float>(),
            (expected, actual) => Math.Abs(expected - actual) < 1e-8);
    }

    [Fact]
    public void Open_lm_begins_with_cut_normal_weights_that_are_smaller_the_deeper_they_reach_the_residual_stream()
    {
        using var scope = NewDisposeScope();
        var network = OfSpace("open-lm:d256-l2-h4");
        var (first, second) = (network.Draw(0), network.Draw(1));

        AssertCutNormal(first["attention.query.weight"], 1 / 16.0);
        AssertCutNormal(second["feed_forward.gate.weight"], 1 / 16.0);
        AssertCutNormal(first["attention.output.weight"], 1 / 16.0 / Math.Sqrt(2));
        AssertCutNormal(second["attention.output.weight"], 1 / 16.0 / 2);
        AssertCutNormal(second["feed_forward.output.weight"], 1 / Math.Sqrt(768) / 2);
        Assert.Equal(1f, first["norm.attention.weight"].max().item<float>());

        // A standard deviation of 0.987 of that before the cut.
        static void AssertCutNormal(Tensor weights, double deviation)
        {
            Assert.Equal(0.9866 * deviation, weights.std().item<float>(), 0.01 * deviation);
            Assert.InRange(weights.abs().max().item<float>(), 2.9 * deviation, 3 * deviation);
        }
    }

    [Fact]
    public void A_subnetwork_of_HW_GPT_begins_with_uniform_weights_and_biases_of_its_supernet()
    {
        using var scope = NewDisposeScope();
        var layer = OfSpace("hw-gpt:d192-b1:h4-m2").Draw(0);
        AssertUniform(layer["attention.query.weight"], 1 / Math.Sqrt(768));
        AssertUniform(layer["attention.output.bias"], 1 / Math.Sqrt(768));
        AssertUniform(layer["feed_forward.output.weight"], 1 / Math.Sqrt(4 * 768));
        AssertUniform(OfSpace("hw-gpt:d640-b1:h8-m2").Draw(0)["feed_forward.input.weight"], 1 / Math.Sqrt(1280));
        Assert.Equal((0f, 1f), (
            layer["norm.feed_forward.bias"].abs().max().item<float>(), layer["norm.feed_forward.weight"].min().item<float>()));

        static void AssertUniform(Tensor weights, double most)
        {
            Assert.InRange(weights.abs().max().item<float>(), 0.95 * most, most * 1.000001);
            Assert.Equal(most / Math.Sqrt(3), weights.std().item<float>(), 0.1 * most);
        }
    }

    [Theory]
    [InlineData(WeightDistribution.Normal)]
    [InlineData(WeightDistribution.TruncatedNormal)]
    [InlineData(WeightDistribution.Uniform)]
    public void Rows_of_a_table_are_those_of_the_whole_of_it(WeightDistribution distribution)
    {
        using var scope = NewDisposeScope();
        var (random, start) = (new RandomWeights(5), new InitialWeights(distribution, 1));
        var table = new ParameterShape("table.weight", [400, 6], ParameterKind.Embedding, ParameterRole.Other);
        var whole = random.Draw("", [table], _ => start)[table.Name].data<float>().ToArray();
        Assert.Equal(
            Enumerable.Range(0, 400).Reverse().Select(row => whole[(6 * row)..(6 * (row + 1))]),
            random.Rows(table.Name, Enumerable.Range(0, 400).Reverse(), 6, start));
    }

    [Fact]
    public void Nothing_is_left_once_the_inputs_are_disposed() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
        InputProbe.Run(Of(Small["narrower and narrower tables"]), InputProbe.All).Dispose()));

    private static List<string> Shapes(ImmutableArray<Tensor> tensors) =>
        [.. tensors.Select(tensor => string.Join(',', tensor.shape))];

    private static ProbeSettings Probe() => new(3, 10, 7, 7, WeightSelection.All, new EmbeddingSizes(90, 16, 32));

    private static INetwork OfSpace(string genotype)
    {
        var network = (DecoderGenotype)SearchSpaces.Known.Parse(genotype);
        return network.Build(
            Probe() with { Start = WeightStart.AsTrained, Sizes = new EmbeddingSizes(network.Shape.Vocabulary, null, 32) }, CPU);
    }

    private static DecoderNetwork Of(DecoderShape shape) => new(shape, "test", Probe(), CPU);

    private static DecoderShape Gpt2(int width, int divisor) => new()
    {
        Hidden = 16, Embedding = new AdaptiveEmbedding(width, divisor, [20, 50, 90]), Positions = 32, IsEmbeddingScaled = true,
        Layers = [new(2, 8, 40), new(4, 4, 20)],
    };
}
