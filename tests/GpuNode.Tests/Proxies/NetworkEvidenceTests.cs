using System.Runtime.InteropServices;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Proxies;

[Collection(LiveTensors.Name)]
public sealed class NetworkEvidenceTests
{
    [Fact]
    public void The_normal_pass_shows_what_the_inputs_of_terms_are()
    {
        using var evidence = Evidence.Of(Evidence.Mixed);
        using var inputs = Probing.Inputs(Evidence.Mixed);
        foreach (var (layer, shown) in evidence.Layers.Index())
        {
            Assert.Equal(inputs[InputKind.J][layer][0].bytes.ToArray(), shown.InputGradient.bytes.ToArray());
            Assert.Equal(inputs[InputKind.H][layer][0].bytes.ToArray(), shown.States.Heads[0].bytes.ToArray());
            Assert.Equal(inputs[InputKind.S][layer][0].bytes.ToArray(), shown.States.Softmax[0].bytes.ToArray());
            Assert.All(inputs[InputKind.A][layer].Zip(shown.Activations), pair =>
                Assert.Equal(pair.First.bytes.ToArray(), pair.Second.bytes.ToArray()));
            Assert.All(inputs[InputKind.W][layer].Zip(shown.Maps), pair =>
                Assert.Equal(pair.First.bytes.ToArray(), pair.Second.Weight.bytes.ToArray()));
            Assert.All(inputs[InputKind.G][layer].Zip(shown.Maps), pair =>
                Assert.Equal(pair.First.bytes.ToArray(), pair.Second.Gradient.bytes.ToArray()));
        }

        Assert.Equal([3, 1], evidence.Layers.Select(layer => layer.Pass.Mixing.Projections.Length));
    }

    [Fact]
    public void All_proxies_share_four_passes()
    {
        using var evidence = Evidence.Of(Evidence.Mixed);
        ProxyScoring.Of(evidence, DesignedProxies.All);
        Assert.Equal(4, evidence.Passes);
    }

    [Fact]
    public void Gradients_of_activations_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var evidence = Evidence.Of(Evidence.Mixed);
        var last = evidence.Layers[^1];
        var weights = Double(evidence.Network, 1);
        var mixed = Mixed(evidence, weights);
        var gradient = Evidence.Numbers(last.Pass.ActivationGradients[^1]);
        foreach (var index in (int[])[0, 100, 500])
        {
            Assert.Equal((Loss(index, 1e-4) - Loss(index, -1e-4)) / 2e-4, gradient[index], 1e-4);
        }

        // The last activation passes the output map alone.
        double Loss(int index, double step)
        {
            var moved = last.Activations[^1].to(ScalarType.Float64).clone();
            MemoryMarshal.Cast<byte, double>(moved.bytes)[index] += step;
            var layer = new LayerWeights(((FlexiBertGenotype)Evidence.Mixed.Network).Layers[1], weights);
            var output = layer.LayerNorm("output.layer_norm", layer.Linear("output.dense", moved).Plus(mixed));
            return evidence.Network.Loss(evidence.Network.DrawForLoss(), output).item<double>();
        }
    }

    [Fact]
    public void The_hessian_product_is_how_the_gradient_changes_as_the_weights_grow()
    {
        using var evidence = Evidence.Of(Evidence.Mixed);
        const double Small = 1e-5;
        var expected = evidence.Maps.Zip(Gradients(1 + Small), Gradients(1 - Small))
            .Sum(maps => Evidence.Numbers(maps.First.Gradient).Zip(maps.Second, maps.Third)
                .Sum(values => values.First * (values.Second - values.Third))) / (2 * Small);
        Assert.NotEqual(0, expected);
        Assert.Equal(1, evidence.WeightsHessianGradient / expected, 0.05);

        List<double[]> Gradients(double factor)
        {
            using var scope = NewDisposeScope();
            var network = evidence.Network;
            var hidden = network.Embed().to(ScalarType.Float64);
            var tracked = new List<Tensor>();
            for (var layer = 0; layer < network.Layers; layer++)
            {
                var weights = Double(network, layer);
                foreach (var shape in network.Parameters(layer).Where(shape => shape.IsLinearMap))
                {
                    weights[shape.Name] = weights[shape.Name].mul(tensor(factor)).requires_grad_();
                    tracked.Add(weights[shape.Name]);
                }

                hidden = network.Forward(layer, weights, hidden).Output;
            }

            return [.. CheckedCalls.Gradients(network.Loss(network.DrawForLoss(), hidden), tracked).Select(Evidence.Numbers)];
        }
    }

    [Theory]
    [InlineData("decoder")]
    [InlineData("gated")]
    [InlineData("mixed")]
    [InlineData("span")]
    public void The_flow_through_absolute_weights_is_that_of_finite_differences_without_normalisations_and_gates(string network)
    {
        using var evidence = network switch
        {
            "decoder" => Evidence.OfDecoder(),
            "gated" => Evidence.OfGated(),
            "span" => Evidence.Of(Evidence.Span),
            _ => Evidence.Of(Evidence.Mixed),
        };
        var built = evidence.Network;
        var names = Enumerable.Range(0, built.Layers).Reverse()
            .SelectMany(layer => built.Parameters(layer).Where(shape => shape.IsLinearMap && !IsGate(shape.Name))
                .Select(shape => (layer, shape.Name))).ToList();
        var maps = new List<(string Name, double[] Weights, double[] Gradient)>();
        evidence.FlowThroughAbsoluteWeights(
            map => maps.Add((map.Shape.Name, Evidence.Numbers(map.Weight), Evidence.Numbers(map.Gradient))));
        Assert.Equal(names.Count, maps.Count);
        foreach (var ((own, numbers, gradient), (layer, name)) in maps.Zip(names))
        {
            Assert.Equal(name, own);
            Assert.All(numbers, weight => Assert.True(weight >= 0));
            var index = gradient.Length / 2;
            var (step, plus) = (1e-6, Flow(layer, name, index, 1e-6));
            Assert.Equal((plus - Flow(layer, name, index, -step)) / (2 * step), gradient[index], 1e-3 + (1e-4 * Math.Abs(gradient[index])));
        }

        double Flow(int moved, string name, int index, double step)
        {
            using var scope = NewDisposeScope();
            var hidden = ones([1, 10, 16], dtype: ScalarType.Float64);
            for (var layer = 0; layer < built.Layers; layer++)
            {
                var weights = Double(built, layer)
                    .Where(weight => !weight.Key.Contains("norm", StringComparison.Ordinal) && !IsGate(weight.Key))
                    .ToDictionary(weight => weight.Key, weight => weight.Value.abs(), StringComparer.Ordinal);
                if (layer == moved)
                {
                    MemoryMarshal.Cast<byte, double>(weights[name].bytes)[index] += step;
                }

                hidden = built.Forward(layer, weights, hidden).Output;
            }

            return hidden.sum().item<double>();
        }

        static bool IsGate(string name) => name.StartsWith("feed_forward.gate", StringComparison.Ordinal);
    }

    [Fact]
    public void A_double_holds_the_flow_through_a_deep_gated_decoder()
    {
        using var evidence = Evidence.OfGated(layers: 16, hidden: 128);
        Assert.All(
            ProxyScoring.Of(evidence, [DesignedProxies.Find("synflow")!, DesignedProxies.Find("logsynflow")!]),
            score => Assert.True(score.Value > 0, score.ToString()));
    }

    [Fact]
    public void What_makes_the_kernels_of_a_span_convolution_has_a_flow_and_what_makes_scores_alone_has_none()
    {
        using var evidence = Evidence.Of(Evidence.Span);
        var flows = new Dictionary<string, double>(StringComparer.Ordinal);
        evidence.FlowThroughAbsoluteWeights(
            map => flows.Add(map.Shape.Name, NetworkEvidence.Total(map.Weight.mul(map.Gradient).abs())));
        Assert.Equal(["mixing.key.weight"], flows.Where(map => map.Value == 0).Select(map => map.Key));
    }

    [Fact]
    public void What_is_made_of_a_map_is_freed_before_the_next_is_shown() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        using var evidence = Evidence.OfDecoder();
        var layers = evidence.Network.Layers;
        var maps = evidence.Network.Parameters(0).Count(shape => shape.IsLinearMap);
        var alive = new List<long>();
        evidence.FlowThroughAbsoluteWeights(map =>
        {
            alive.Add(Tensor.TotalCount);
            map.Weight.mul(map.Gradient).abs();
        });
        Assert.Equal(layers * maps, alive.Count);
        Assert.All(alive.Chunk(maps), ofLayer => Assert.All(ofLayer, count => Assert.Equal(ofLayer[0], count)));
    }));

    [Fact]
    public void The_perturbed_output_is_that_of_the_mini_batch_and_one_percent_of_noise()
    {
        using var scope = NewDisposeScope();
        using var evidence = Evidence.OfDecoder();
        var network = evidence.Network;
        var embedded = Evidence.Numbers(network.Embed());
        var noise = new float[embedded.Length];
        new CounterRandom(7, "noise").FillNormal(noise, 1);
        var size = Math.Sqrt(embedded.Average(x => x * x));
        var hidden = tensor(embedded.Zip(noise, (x, e) => (float)(x + (0.01 * size * e))).ToArray()).reshape(3, 10, 16);
        for (var layer = 0; layer < network.Layers; layer++)
        {
            hidden = network.Forward(layer, network.Draw(layer), hidden).Output;
        }

        Assert.True(hidden.allclose(evidence.PerturbedOutput, 1e-5, 1e-7));
        Assert.False(hidden.allclose(evidence.Layers[^1].Pass.Output, 1e-5, 1e-7));
    }

    [Fact]
    public void A_score_takes_the_time_of_the_passes_that_it_needs_whoever_needed_them_first()
    {
        using var evidence = Evidence.Of(Evidence.Mixed);
        var scores = ProxyScoring.Of(
            evidence, [DesignedProxies.Find("snip")!, DesignedProxies.Find("plain")!, DesignedProxies.Find("parameters")!]);
        Assert.True(scores[1].Seconds > scores[2].Seconds);
        Assert.True(scores[1].Seconds > 0.2 * scores[0].Seconds, $"{scores[0].Seconds} s, then {scores[1].Seconds} s");
    }

    [Fact]
    public void Nothing_is_left_once_the_evidence_is_disposed() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        using var encoder = Evidence.Of(Probing.Target());
        ProxyScoring.Of(encoder, DesignedProxies.All);
        using var decoder = Evidence.OfDecoder();
        ProxyScoring.Of(decoder, DesignedProxies.All);
    }));

    private static Dictionary<string, Tensor> Double(INetwork network, int layer) =>
        network.Draw(layer).ToDictionary(weight => weight.Key, weight => weight.Value.to(ScalarType.Float64), StringComparer.Ordinal);

    private static Tensor Mixed(NetworkEvidence evidence, Dictionary<string, Tensor> weights) =>
        evidence.Network.Forward(1, weights, evidence.Layers[1].Pass.Input.to(ScalarType.Float64)).Mixed;
}
