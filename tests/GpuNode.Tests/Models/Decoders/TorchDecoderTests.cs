using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>A decoder's states, loss and gradients are those of another one in plain PyTorch, which differentiates it.</summary>
public sealed class TorchDecoderTests
{
    private const int BatchSize = 3;
    private const int SequenceLength = 12;

    /// <summary>Small ones of each space, with the published switches but a vocabulary of 40; GPT-2's in three clusters.</summary>
    private static readonly List<DecoderShape> Published =
    [
        .. ((string[])["gpt2:d16-e8-k1-v9/21/40-p16:h2-f24,h4-f12", "gpt2:d16-e16-k1-v9/21/40-p16:h2-f24",
            "gpt2:d16-e8-k2-v9/21/40-p16:h4-f20,h2-f28", "hw-gpt:d16-b1:h2-m3,h1-m2", "hw-gpt:d16-b0:h1-m4", "open-lm:d16-l2-h3"])
            .Select(text => ((DecoderGenotype)SearchSpaces.Known.Parse(text)).Shape)
            .Select(shape => shape with
            {
                Embedding = shape.Embedding with { Ends = shape.Embedding.Ends.Length == 1 ? [40] : shape.Embedding.Ends },
            }),
    ];

    /// <summary>One switch of each that no published space turns so.</summary>
    private static readonly List<DecoderShape> Others =
    [
        Published[^1] with { Normalization = Normalization.RmsNorm, HasQueryKeyNorm = false },
        Published[^1] with { IsTied = true, HasBiases = true },
        Published[^1] with { FeedForward = FeedForwardKind.GeluTanh, IsParallel = true, RotaryShare = 0.3 },
        Published[0] with { IsEmbeddingScaled = false, Positions = 0, RotaryShare = 1 },
    ];

    [PythonFact]
    public async Task States_loss_and_gradients_of_all_weights_are_those_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        int[] tokens = [3, 11, 0, 39, 12, 22, 9, 8, 21, 20, 30, 1];
        var decoders = Published.Concat(Others).Select(shape => (Shape: shape, Ours: new SmallDecoder(shape))).ToList();
        var expected = await TorchDecoder.RunAsync([.. decoders.Select(decoder =>
            new TorchDecoder(decoder.Shape, [[.. tokens.Select(token => (long)token)]], decoder.Ours.Weights))]);
        foreach (var ((shape, decoder), theirs) in decoders.Zip(expected))
        {
            var names = decoder.Weights.Keys.ToList();
            names.ForEach(name => decoder.Weights[name].requires_grad_());
            var (states, loss) = decoder.Forward(tokens);
            var gradients = CheckedCalls.Gradients(loss, [.. names.Select(name => decoder.Weights[name]), .. states]);
            names.AddRange(states.Select((_, index) => $"state.{index}"));

            Assert.Equal(1 + states.Count + names.Count, theirs.Count);
            AssertClose(shape, theirs, "loss", loss);
            Assert.All(states, (state, index) => AssertClose(shape, theirs, $"state.{index}", state));
            Assert.All(names.Zip(gradients), pair => AssertClose(shape, theirs, $"d.{pair.First}", pair.Second));
        }
    }

    [PythonFact]
    public async Task What_a_probe_records_in_single_precision_is_that_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        var probe = new ProbeSettings(
            BatchSize, SequenceLength, WeightsSeed: 5, BatchSeed: 6, WeightSelection.All, new EmbeddingSizes(40, null, 16))
        {
            Start = WeightStart.AsTrained,
        };
        var tokens = MiniBatch.Tokens(probe).Select(token => (long)token).Chunk(SequenceLength).ToArray();
        // Larger than they begin, so that attention is not even.
        var networks = Published.Select(shape => (Shape: shape, Network: new DecoderNetwork(
            shape, "x", probe, CPU, (_, _) => new InitialWeights(WeightDistribution.Normal, 0.3f)))).ToList();
        var expected = await TorchDecoder.RunAsync([.. networks.Select(n => new TorchDecoder(n.Shape, tokens, WeightsOf(n.Network)))]);
        foreach (var ((shape, network), theirs) in networks.Zip(expected))
        {
            using var inputs = InputProbe.Run(network, InputProbe.All);
            for (var layer = 0; layer < network.Layers; layer++)
            {
                AssertClose(shape, theirs, $"d.state.{layer}", Assert.Single(inputs[InputKind.J][layer]));
                var maps = network.Parameters(layer).Where(parameter => parameter.IsLinearMap).ToList();
                Assert.Equal(maps.Count, inputs[InputKind.G][layer].Length);
                Assert.All(maps.Zip(inputs[InputKind.G][layer]), pair =>
                    AssertClose(shape, theirs, $"d.layer.{layer}.{pair.First.Name}", pair.Second));
            }

            using var guard = no_grad();
            var hidden = network.Embed();
            AssertClose(shape, theirs, "state.0", hidden);
            for (var layer = 0; layer < network.Layers; layer++)
            {
                hidden = network.Forward(layer, network.Draw(layer), hidden).Output;
                AssertClose(shape, theirs, $"state.{layer + 1}", hidden);
            }

            AssertClose(shape, theirs, "loss", network.Loss(network.DrawForLoss(), hidden));
        }
    }

    private static Dictionary<string, Tensor> WeightsOf(INetwork network)
    {
        var weights = new Dictionary<string, Tensor>(network.DrawForLoss(), StringComparer.Ordinal);
        foreach (var layer in Enumerable.Range(0, network.Layers))
        {
            foreach (var (name, weight) in network.Draw(layer))
            {
                weights.Add($"layer.{layer}.{name}", weight);
            }
        }

        return weights;
    }

    private static void AssertClose(DecoderShape shape, IReadOnlyDictionary<string, float[]> theirs, string name, Tensor ours)
    {
        var (expected, actual) = (theirs[name], ours.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray());
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        var difference = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        // Some are 0 but for rounding: a bias of the keys adds the same to all scores of a query.
        Assert.True(difference <= (1e-4 * largest) + 1e-12, $"{name} of {shape}: differs by {difference} where the largest is {largest}");
    }
}
