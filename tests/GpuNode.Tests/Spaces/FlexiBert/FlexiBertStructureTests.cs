using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Tests.Spaces.FlexiBert;

public sealed class FlexiBertStructureTests
{
    private static readonly EmbeddingSizes Sizes = new(Vocabulary: 100, Embedding: 8, Positions: 32);

    [Fact]
    public void Parameters_are_counted_by_group()
    {
        // By hand, for one layer of attention: hidden 16, feed-forward 4 x 16 and then 24.
        var counts = Describe(Of(16, (2, 3))).Parameters!;
        Assert.Equal(((100 + 32 + 2) * 8) + (2 * 8) + (16 * 8) + 16, counts.Embedding);
        Assert.Equal(4 * ((16 * 16) + 16), counts.Attention);
        Assert.Equal((16 * 64) + 64 + (64 * 24) + 24 + (24 * 24) + 24 + (24 * 16) + 16, counts.FeedForward);
        Assert.Equal(4 * 16, counts.Normalization);
        Assert.Equal(0, counts.Output);
        Assert.Equal(counts.Embedding + counts.NonEmbedding, counts.Total);
    }

    [Fact]
    public void Without_a_width_of_the_embedding_nothing_is_counted() => Assert.Contains(
        "FlexiBERT needs a width of the embedding",
        Assert.Throws<ArgumentException>(() => Of(16, (2, 1)).Describe(Sizes with { Embedding = null }, 10)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_multiply_add_is_two_operations_and_attention_grows_with_the_sequence()
    {
        var network = Of(16, (2, 1));
        var linear = (16 * 8) + (4 * 16 * 16) + (2 * 16 * 64);
        Assert.Equal(2.0 * (linear + (2 * 10 * 16)), network.Describe(Sizes, 10).FlopsPerToken);
        Assert.Equal(2.0 * (linear + (2 * 20 * 16)), network.Describe(Sizes, 20).FlopsPerToken);
    }

    [Fact]
    public void Features_tell_the_last_layer_from_the_others()
    {
        var features = Describe(Of(16, (2, 1), (4, 3))).Features.ToDictionary(feature => feature.Name, feature => feature.Value);
        Assert.Equal([2.0, 16.0, 6.0, 2.0, 64.0 + 64 + 24 + 24, 64.0, 6.0], features.Values);
        Assert.Equal(
            ["layers", "hidden", "heads", "heads (not the last)", "feed-forward width", "feed-forward width (not the last)", "head width"],
            features.Keys);
    }

    [Fact]
    public void Layers_come_before_hidden_size_and_hidden_size_before_what_breaks_ties()
    {
        FlexiBertGenotype[] ascending =
        [
            Of(256, (4, 3), (4, 3)), Of(128, (2, 1), (2, 1), (2, 1)), Of(128, (4, 1), (4, 1), (2, 1)), Of(256, (2, 1), (2, 1), (2, 1)),
        ];
        var names = Describe(ascending[0]).Baselines.Select(b => b.Name)
            .Where(name => name.StartsWith("layers, hidden", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, names.Count);
        foreach (var name in names)
        {
            double[] scores = [.. ascending.Select(network => Baseline(network, name))];
            Assert.Equal(scores.Order(), scores);
            Assert.Equal(4, scores.Distinct().Count());
        }
    }

    [Fact]
    public void The_hand_formula_does_not_see_the_last_layers_heads_and_feed_forwards()
    {
        const string Hand = "layers, hidden, feed-forwards x heads (not the last)";
        var plain = Baseline(Of(128, (2, 1), (2, 1)), Hand);
        Assert.Equal(plain, Baseline(Of(128, (2, 1), (4, 3)), Hand));
        Assert.True(plain < Baseline(Of(128, (4, 3), (2, 1)), Hand));
    }

    [Fact]
    public void The_verdict_is_about_a_baseline_that_there_is()
    {
        var structure = Describe(Of(128, (2, 1)));
        Assert.Equal("layers + hidden/1000", structure.MainBaseline);
        Assert.Equal(1 + (128 / 1000.0), Baseline(Of(128, (2, 1)), structure.MainBaseline));
        Assert.Equal(structure.Parameters!.Total, structure.Baselines[^1].Value);
    }

    private static Structure Describe(FlexiBertGenotype network) => network.Describe(Sizes, sequenceLength: 10);

    private static double Baseline(FlexiBertGenotype network, string name) =>
        Describe(network).Baselines.Single(baseline => baseline.Name == name).Value;

    private static FlexiBertGenotype Of(int hidden, params (int Heads, int FeedForwards)[] layers) =>
        new(hidden, [.. layers.Select(l => new FlexiBertLayer(MixingOperation.ScaledDotProduct, l.Heads, 24, l.FeedForwards))]);
}
