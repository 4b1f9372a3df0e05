using System.Collections.Immutable;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Inputs;

[Collection(LiveTensors.Name)]
public sealed class InputProbeTests
{
    [Theory]
    [InlineData(WeightSelection.All)]
    [InlineData(WeightSelection.Mixing)]
    public void Every_layer_shows_six_inputs_of_the_right_shapes(WeightSelection selection)
    {
        var target = Probing.Target(weights: selection);
        using var inputs = Probing.Inputs(target);
        foreach (var (index, layer) in Probing.Varied.Layers.Index())
        {
            var hidden = target.Network.HiddenSize;
            var isTransform = !FlexiBertParameters.HasProjection(layer.Operation);
            Assert.Equal(FlexiBertParameters.FeedForwardWidths(hidden, layer).Select(w => $"3,10,{w}"), Shapes(inputs, InputKind.A, index));
            Assert.Equal([$"3,10,{hidden}"], Shapes(inputs, InputKind.J, index));
            Assert.Equal([$"3,10,{FlexiBertParameters.HeadWidth(hidden, layer)}"], Shapes(inputs, InputKind.H, index));
            Assert.Equal(
                [isTransform ? "3,4,10,8" : $"3,{FlexiBertParameters.AttentionHeads(layer)},10,10"], Shapes(inputs, InputKind.S, index));
            var weights = FlexiBertParameters.Layer(hidden, layer)
                .Where(p =>
                    selection == WeightSelection.All
                        ? p.Name.EndsWith("weight", StringComparison.Ordinal) && p.Shape.Length > 1
                        : p.IsMixing && p.Shape.Length == 2 && p.Kind == ParameterKind.Linear)
                .Select(p => string.Join(',', p.Shape)).ToList();
            Assert.Equal(weights, Shapes(inputs, InputKind.W, index));
            Assert.Equal(weights, Shapes(inputs, InputKind.G, index));
        }
    }

    [Fact]
    public void Inputs_are_finite_contiguous_floats_without_gradient_tracking()
    {
        using var inputs = Probing.Inputs(Probing.Target());
        foreach (var tensor in Enum.GetValues<InputKind>().SelectMany(kind => inputs[kind]).SelectMany(t => t))
        {
            Assert.True(tensor.is_contiguous());
            Assert.False(tensor.requires_grad);
            Assert.Equal(ScalarType.Float32, tensor.dtype);
            Assert.All(RandomWeights.Floats(tensor).ToArray(), e => Assert.True(float.IsFinite(e)));
        }
    }

    [Fact]
    public void Jacobians_and_gradients_are_not_zero_on_any_layer()
    {
        using var inputs = Probing.Inputs(Probing.Target());
        foreach (var tensor in inputs[InputKind.J].Concat(inputs[InputKind.G]).SelectMany(t => t))
        {
            Assert.True(RandomWeights.Floats(tensor).ToArray().Average(Math.Abs) > 1e-9);
        }
    }

    [Fact]
    public void The_gradient_is_that_of_the_output_times_the_seeded_signs()
    {
        // By finite differences over the layer's own input: float32, so to a few digits only.
        var target = Probing.Target(Probing.Network(16, (MixingOperation.ScaledDotProduct, 1)));
        using var scope = NewDisposeScope();
        using var inputs = Probing.Inputs(target);
        using var guard = no_grad();
        var network = Network.Of(target, CPU);
        var weights = network.Draw(0).ToDictionary(w => w.Key, w => w.Value.to(ScalarType.Float64), StringComparer.Ordinal);
        var hidden = network.Embed().to(ScalarType.Float64);
        var signs = MiniBatch.Cotangent(target.Probe, 16).to(ScalarType.Float64);
        var jacobian = RandomWeights.Floats(inputs[InputKind.J][0][0]).ToArray();
        foreach (var index in new[] { 0, 17, 101, 479 })
        {
            Assert.Equal((Loss(index, 1e-5) - Loss(index, -1e-5)) / 2e-5, jacobian[index], 3);
        }

        double Loss(int index, double step)
        {
            var moved = hidden.clone();
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(moved.bytes)[index] += step;
            return (network.Forward(0, weights, moved).Output * signs).sum().item<double>();
        }
    }

    [Fact]
    public void The_same_network_gives_the_same_bits_on_one_thread_or_several()
    {
        var targets = Probing.Varied.Layers.Select(layer => Probing.Target(new FlexiBertGenotype(32, [layer]))).ToList();
        TorchThreads.UseOne();
        var alone = targets.Select(Bits).ToList();
        var together = targets.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(Bits).ToList();
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Weights_depend_on_the_networks_content_and_on_the_seed()
    {
        var other = new FlexiBertGenotype(32, Probing.Varied.Layers.SetItem(5, Probing.Varied.Layers[4]));
        Assert.Equal(Seed(Probing.Target()), Seed(Probing.Target(new FlexiBertGenotype(32, Probing.Varied.Layers))));
        Assert.NotEqual(Seed(Probing.Target()), Seed(Probing.Target(other)));
        Assert.NotEqual(Seed(Probing.Target()), Seed(Probing.Target(seed: 8)));
        Assert.Equal(Seed(Probing.Target()), Seed(Probing.Target() with { Probe = Probing.Target().Probe with { BatchSeed = 8 } }));

        static ulong Seed(ProbedNetwork target) => FlexiBertNetwork.Seed((FlexiBertGenotype)target.Network, target.Probe);
    }

    [Fact]
    public void Weights_are_drawn_with_a_standard_deviation_of_two_hundredths()
    {
        using var scope = NewDisposeScope();
        var weights = Network.Of(Probing.Target(Probing.Network(128, (MixingOperation.ScaledDotProduct, 1))), CPU).Draw(0);
        var query = RandomWeights.Floats(weights["mixing.query.weight"]).ToArray();
        Assert.InRange(Math.Sqrt(query.Average(w => (double)w * w)), 0.0198, 0.0202);
        Assert.All(RandomWeights.Floats(weights["mixing.query.bias"]).ToArray(), b => Assert.Equal(0, b));
        Assert.All(RandomWeights.Floats(weights["output.layer_norm.weight"]).ToArray(), s => Assert.Equal(1, s));
    }

    [Theory]
    [InlineData("W", "W")]
    [InlineData("A", "AHWS")]
    [InlineData("WS", "AHWS")]
    [InlineData("WJ", "AJGHWS")]
    [InlineData("G", "AJGHWS")]
    public void What_no_wanted_input_needs_is_not_computed_and_the_rest_has_the_same_bits(string wanted, string computed)
    {
        var target = Probing.Target();
        using var all = Probing.Inputs(target);
        using var some = InputProbe.Run(Network.Of(target, CPU), [.. wanted.Select(kind => Enum.Parse<InputKind>(kind.ToString()))]);
        foreach (var kind in Enum.GetValues<InputKind>())
        {
            Assert.Equal(computed.Contains(kind.ToString(), StringComparison.Ordinal), some.Has(kind));
            if (some.Has(kind))
            {
                Assert.Equal(Bits(all[kind]), Bits(some[kind]));
            }
        }

        Assert.Equal(some.Has(InputKind.J) ? 0 : 1, Record.Exception(() => some[InputKind.J]) is InvalidOperationException ? 1 : 0);

        static List<string> Bits(IEnumerable<ImmutableArray<Tensor>> layers) =>
            [.. layers.SelectMany(layer => layer).Select(tensor => Convert.ToHexString(tensor.bytes))];
    }

    [Theory]
    [InlineData("W")]
    [InlineData("A")]
    [InlineData("AJGHWS")]
    public void Nothing_is_left_once_the_inputs_are_disposed(string wanted) => Assert.Equal(0, LiveTensors.LeftBehind(() =>
        InputProbe.Run(
            Network.Of(Probing.Target(), CPU), [.. wanted.Select(kind => Enum.Parse<InputKind>(kind.ToString()))]).Dispose()));

    [Fact]
    public void Nothing_is_left_when_a_network_cannot_be_built()
    {
        var odd = new FlexiBertGenotype(32, [Probing.Varied.Layers[0], Probing.Varied.Layers[4] with { Heads = 1 }]);
        Assert.Equal(0, LiveTensors.LeftBehind(() => Assert.Throws<ArgumentException>(() => Probing.Inputs(Probing.Target(odd)))));
    }

    private static List<string> Shapes(ArchitectureInputs inputs, InputKind kind, int layer) =>
        [.. inputs[kind][layer].Select(tensor => string.Join(',', tensor.shape))];

    private static string Bits(ProbedNetwork target)
    {
        using var inputs = Probing.Inputs(target);
        var bytes = Enum.GetValues<InputKind>().SelectMany(kind => inputs[kind]).SelectMany(t => t).SelectMany(t => t.bytes.ToArray());
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([.. bytes]));
    }
}
