using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces.FlexiBert;
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

        Assert.Equal(loss / masked.Places.Length, network.Loss(states).item<float>(), 1e-5);
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
        Assert.All(masked[Messages.Proxies.InputKind.J].Zip(signs[Messages.Proxies.InputKind.J]), pair =>
            Assert.False(pair.First[0].allclose(pair.Second[0])));
        Assert.All(masked[Messages.Proxies.InputKind.J], layer => Assert.True(layer[0].abs().max().item<float>() > 0));
    }
}
