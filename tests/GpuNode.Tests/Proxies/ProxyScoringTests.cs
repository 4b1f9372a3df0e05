using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

[Collection(LiveTensors.Name)]
public sealed class ProxyScoringTests : IDisposable
{
    private static readonly ProbedNetwork Decoder = new(
        SearchSpaces.Known.Parse("gpt2:d16-e8-k2-v40/80/100-p32:h2-f100"),
        new ProbeSettings(2, 10, 7, 7, WeightSelection.All, new EmbeddingSizes(100, 8, 32)));

    private readonly ArchitectureHost host = new(new FusedEvaluator(), long.MaxValue);

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_proxy_that_is_asked_for_alone_has_the_same_bits_as_among_all(bool decoder) =>
        Assert.All(Scores(decoder ? Decoder : Evidence.Mixed, [.. DesignedProxies.All.Select(proxy => proxy.Id)]).Scores, score =>
        {
            var alone = Assert.Single(Scores(decoder ? Decoder : Evidence.Mixed, score.Proxy).Scores);
            Assert.Equal((score.Proxy, score.Value, score.Reason), (alone.Proxy, alone.Value, alone.Reason));
        });

    [Theory]
    [InlineData("parameters", 0, 0)]
    [InlineData("flops", 0, 0)]
    [InlineData("zerolm", 0, 0)]
    [InlineData("zerolm-attention", 0, 0)]
    [InlineData("zerolm-feed-forward", 0, 0)]
    [InlineData("activation-distance", 1, 0)]
    [InlineData("attention-confidence-normalized", 1, 0)]
    [InlineData("effective-rank", 1, 0)]
    [InlineData("nwot", 1, 0)]
    [InlineData("softmax-confidence", 1, 0)]
    [InlineData("w-pca", 1, 0)]
    [InlineData("zennas", 2, 0)]
    [InlineData("fisher", 1, 1)]
    [InlineData("head-importance", 1, 1)]
    [InlineData("jacobian-covariance", 1, 1)]
    [InlineData("snip", 1, 1)]
    [InlineData("grasp", 2, 2)]
    [InlineData("synflow", 1, 0)]
    [InlineData("logsynflow", 1, 0)]
    public void A_proxy_runs_no_pass_that_it_does_not_need(string proxy, int forward, int backward)
    {
        foreach (var target in (ProbedNetwork[])[Evidence.Mixed, Decoder])
        {
            var (counts, scores) = Scores(target, proxy);
            Assert.NotNull(Assert.Single(scores).Value);
            Assert.Equal((forward, backward), (counts.Embeddings, counts.Losses));
        }
    }

    [Fact]
    public void Weights_are_drawn_once_for_proxies_of_the_weights_and_never_for_a_description()
    {
        Assert.Equal(Decoder.Network.LayerCount, Scores(Decoder, "zerolm", "zerolm-attention").Counts.Draws);
        Assert.Equal(0, Scores(Decoder, "parameters", "flops").Counts.Draws);
    }

    [Fact]
    public void What_a_proxy_looks_at_without_saying_so_is_not_there()
    {
        using var evidence = Evidence.Of(Evidence.Mixed, ProxyNeeds.Maps);
        Assert.Equal(2, evidence.Layers.Length);
        Assert.Throws<InvalidOperationException>(() => evidence.Layers[0].Activations);
        Assert.Throws<InvalidOperationException>(() => evidence.Maps.First().Gradient);
        using var forward = Evidence.Of(Evidence.Mixed, ProxyNeeds.Activations);
        Assert.NotEmpty(forward.Layers[0].Activations);
        Assert.Throws<InvalidOperationException>(() => forward.Layers[0].InputGradient);
        Assert.Throws<InvalidOperationException>(() => forward.Layers[0].Pass.ActivationGradients);
    }

    private (CountedGenotype Counts, IEnumerable<ProxyScore> Scores) Scores(ProbedNetwork target, params string[] proxies)
    {
        var counted = new CountedGenotype((NetworkGenotype)target.Network);
        return (counted, host.Score(target with { Network = counted }, proxies));
    }
}
