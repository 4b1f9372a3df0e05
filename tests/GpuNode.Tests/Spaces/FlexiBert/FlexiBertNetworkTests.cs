using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Spaces.FlexiBert;

public sealed class FlexiBertNetworkTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void The_masked_loss_is_the_cross_entropy_of_what_is_hidden_through_the_embeddings_table(int hidden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var probe = Probing.Target().Probe with { Loss = LossKind.Masked };
        var genotype = new FlexiBertGenotype(hidden, Probing.Varied.Layers);
        var network = new FlexiBertNetwork(genotype, probe, CPU);
        var states = randn(3, 10, hidden, generator: new Generator(3, CPU));

        var masked = MaskedTokens.Of(probe);
        var draws = new RandomWeights(FlexiBertNetwork.Seed(genotype, probe));
        var shapes = FlexiBertParameters.Embedding(hidden, probe.Sizes);
        var weights = draws.Draw("embedding.", shapes);
        var table = weights["token.weight"].data<float>().ToArray();
        var all = states.data<float>().ToArray();
        var loss = 0.0;
        foreach (var (place, token) in masked.Places.Zip(masked.Hidden))
        {
            var state = all.AsSpan((int)place * hidden, hidden).ToArray();
            var narrow = hidden == 16 ? state : [.. Enumerable.Range(0, 16).Select(i =>
                (float)Enumerable.Range(0, hidden).Sum(j => (double)state[j] * weights["projection.weight"][j, i].item<float>()))];
            var logits = Enumerable.Range(0, 500).Select(id => Enumerable.Range(0, 16).Sum(i => (double)narrow[i] * table[(id * 16) + i]))
                .ToArray();
            loss += Math.Log(logits.Sum(Math.Exp)) - logits[token];
        }

        Assert.Equal(loss / masked.Places.Length, network.Loss(network.DrawForLoss(), states).item<float>(), 1e-5);
    }

    [Fact]
    public void About_a_seventh_of_the_tokens_are_behind_the_mask_and_at_least_one()
    {
        var probe = Probing.Target(batch: 100, length: 30).Probe;
        var masked = MaskedTokens.Of(probe);
        Assert.InRange(masked.Places.Length, 400, 500);
        Assert.All(masked.Places.Zip(masked.Hidden), pair =>
        {
            Assert.Equal(499, masked.Shown[pair.First]);
            Assert.Equal(MiniBatch.Tokens(probe)[pair.First], pair.Second);
        });
        Assert.All(Enumerable.Range(1, 20), seed =>
            Assert.NotEmpty(MaskedTokens.Of(Probing.Target(seed: (ulong)seed, batch: 1, length: 2).Probe).Places));
    }

    [Fact]
    public void Gradients_of_the_masked_loss_are_others_than_those_of_the_signs()
    {
        using var signs = Probing.Inputs(Probing.Target());
        var target = Probing.Target();
        using var masked = Probing.Inputs(target with { Probe = target.Probe with { Loss = LossKind.Masked } });
        Assert.NotEqual(target.Key("x"), (target with { Probe = target.Probe with { Loss = LossKind.Masked } }).Key("x"));
        Assert.NotEqual(target.Key("x"), (target with { Probe = target.Probe with { Start = WeightStart.AsTrained } }).Key("x"));
        Assert.All(masked[InputKind.J].Zip(signs[InputKind.J]), pair =>
            Assert.False(pair.First[0].allclose(pair.Second[0])));
        Assert.All(masked[InputKind.J], layer => Assert.True(layer[0].abs().max().item<float>() > 0));
    }

    [Fact]
    public void In_training_mode_the_same_is_dropped_in_every_pass_and_with_every_seed_something_else()
    {
        var training = InMode(ProbeMode.Training, LossKind.Signs);
        using var eval = Probing.Inputs(Probing.Target());
        using var first = Probing.Inputs(training);
        using var again = Probing.Inputs(training);
        using var other = Probing.Inputs(training with { Probe = training.Probe with { WeightsSeed = 8 } });
        Assert.NotEqual(Probing.Target().Key("x"), training.Key("x"));
        foreach (var kind in Enum.GetValues<InputKind>())
        {
            var pairs = first[kind].SelectMany(layer => layer).Zip(again[kind].SelectMany(layer => layer));
            Assert.All(pairs, pair => Assert.Equal(pair.First.bytes.ToArray(), pair.Second.bytes.ToArray()));
        }

        Assert.Equal(Bytes(eval, InputKind.W), Bytes(first, InputKind.W));
        Assert.NotEqual(Bytes(eval, InputKind.A), Bytes(first, InputKind.A));
        Assert.NotEqual(Bytes(first, InputKind.A), Bytes(other, InputKind.A));

        static List<byte[]> Bytes(ArchitectureInputs inputs, InputKind kind) =>
            [.. inputs[kind].SelectMany(layer => layer).Select(tensor => tensor.bytes.ToArray())];
    }

    [Fact]
    public void A_tenth_is_dropped_and_the_rest_grows_by_as_much()
    {
        using var scope = NewDisposeScope();
        var dropped = new SeededDropout(3, "layer.0.").Apply("attention", ones(100, 1000)).data<float>().ToArray();
        Assert.Equal([0f, (float)(1 / 0.9)], dropped.Distinct().Order());
        Assert.InRange(dropped.Count(element => element == 0), 9_700, 10_300);
        Assert.NotEqual(dropped, new SeededDropout(3, "layer.1.").Apply("attention", ones(100, 1000)).data<float>().ToArray());
    }

    [Fact]
    public void The_gradient_of_the_plain_sum_is_rounding_noise_behind_the_last_normalisation()
    {
        using var signs = Probing.Inputs(Probing.Target());
        using var sum = Probing.Inputs(InMode(ProbeMode.Eval, LossKind.Sum));
        Assert.All(sum[InputKind.J].Zip(signs[InputKind.J]), pair => Assert.InRange(
            pair.First[0].abs().max().item<float>(), 0, 1e-3 * pair.Second[0].abs().max().item<float>()));
    }

    private static ProbedNetwork InMode(ProbeMode mode, LossKind loss)
    {
        var target = Probing.Target();
        return target with { Probe = target.Probe with { Mode = mode, Loss = loss } };
    }
}
