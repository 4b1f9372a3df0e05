using LPZero.GpuNode.Models.Decoders;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>Counts of parameters are the published ones, exactly, for every configuration at hand.</summary>
public sealed class DecoderParametersTests
{
    [BenchmarkFact("gpt2-wt103")]
    public void Gpt2_has_the_published_counts()
    {
        var all = PublishedDecoders.Gpt2().ToList();
        Assert.True(all.Count >= 100);
        Assert.All(all, network =>
        {
            var counts = DecoderParameters.Count(network.Shape);
            Assert.Equal(
                ((string[])["AdaEmb", "Attn", "FFN", "nonembedding", "total"]).Select(part => network.Published[part]),
                [counts.Embedding, counts.Attention, counts.FeedForward, counts.NonEmbedding, counts.Total]);
        });
    }

    [BenchmarkFact("hw-gpt")]
    public void HwGpt_has_the_counts_of_its_formula()
    {
        foreach (var (name, shape) in ((string[])["s", "m", "l"]).SelectMany(PublishedDecoders.HwGpt))
        {
            var (d, bias) = ((long)shape.Hidden, shape.HasBiases ? 1 : 0);
            // Attention d 192 h + 64 h d, MLP 2 d m d, both layer normalisations 4 d, and 2 d for the last.
            var expected = (2 * d) + shape.Layers.Sum(layer =>
                (d * 192 * layer.Heads) + (64 * layer.Heads * d) + (bias * ((192 * layer.Heads) + d)) +
                (2 * d * layer.FeedForward) + (bias * (layer.FeedForward + d)) + (4 * d));
            var counts = DecoderParameters.Count(shape);
            Assert.True(expected == counts.NonEmbedding, $"{name}: {counts.NonEmbedding} instead of {expected}");
            Assert.Equal(50254 * d, counts.Embedding);
            Assert.Equal(0, counts.Output);
        }
    }

    [BenchmarkFact("open-lm/grid.json")]
    public void OpenLm_was_trained_on_twenty_tokens_a_parameter() => Assert.All(
        PublishedDecoders.OpenLm(), network => Assert.Equal(network.Tokens, 20 * DecoderParameters.Count(network.Shape).Total));
}
