using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Tests.Baselines;

public class StructuralBaselinesTests
{
    [PublicFlexiBertFact]
    public void On_the_public_benchmark_the_baselines_rank_as_documented()
    {
        var architectures = PublicFlexiBert.Read();
        var against = new SpearmanAgainst(architectures.Select(a => a.Truth).ToArray());
        var rhos = StructuralBaselines.All(_ => 0).SkipLast(1)
            .Select(b => Math.Round(against.Rho(b.Rank(architectures).Scores.AsSpan()), 3));

        // Computed apart from this code, by a few lines of Python over the same file.
        Assert.Equal([0.839, 0.867, 0.925, 0.930, 0.942], rhos);
    }

    [PublicFlexiBertFact]
    public void Ties_flatter_layers_and_hidden_size()
    {
        var architectures = PublicFlexiBert.Read();
        var truth = architectures.Select(a => a.Truth).ToArray();
        var scores = StructuralBaselines.LayersAndHidden.Rank(architectures).Scores.AsSpan();
        Assert.Equal(4, scores.ToArray().Distinct().Count());
        Assert.Equal(0.694, Kendall.TauA(scores, truth), 0.0005);
        Assert.Equal(0.800, Kendall.TauB(scores, truth), 0.0005);
        Assert.InRange(new SpearmanAgainst(truth).RhoWithTiesAtRandom(scores), 0.89, 0.90);
        Assert.Equal(0.0, WithinGroups.Rho(scores, truth, [.. architectures.Select(StructuralBaselines.GroupOf)]));
    }

    [Fact]
    public void Layers_come_before_hidden_size_and_hidden_size_before_what_breaks_ties()
    {
        var shallowWide = Of("shallow and wide", 256, (4, 3), (4, 3));
        var deepNarrow = Of("deep and narrow", 128, (2, 1), (2, 1), (2, 1));
        var deepNarrowManyHeads = Of("deep and narrow, more heads", 128, (4, 1), (4, 1), (2, 1));
        var deepWide = Of("deep and wide", 256, (2, 1), (2, 1), (2, 1));
        foreach (var baseline in StructuralBaselines.All(_ => 0).Where(b => b.Name.StartsWith("layers, hidden", StringComparison.Ordinal)))
        {
            double[] scores = [.. new[] { shallowWide, deepNarrow, deepNarrowManyHeads, deepWide }.Select(baseline.Score)];
            Assert.Equal(scores.Order(), scores);
            Assert.Equal(4, scores.Distinct().Count());
        }
    }

    [Fact]
    public void The_hand_formula_does_not_see_the_last_layers_heads_and_feed_forwards()
    {
        var hand = StructuralBaselines.All(_ => 0).Single(b => b.Name.EndsWith("(not the last)", StringComparison.Ordinal));
        var plain = Of("plain", 128, (2, 1), (2, 1));
        Assert.Equal(hand.Score(plain), hand.Score(Of("richer last layer", 128, (2, 1), (4, 3))));
        Assert.True(hand.Score(plain) < hand.Score(Of("richer first layer", 128, (4, 3), (2, 1))));
    }

    [Fact]
    public void The_parameter_baseline_counts_with_what_it_is_given()
    {
        var parameters = StructuralBaselines.All(architecture => architecture.Genotype.HiddenSize * 1000L)[^1];
        Assert.Equal("parameters", parameters.Name);
        Assert.Equal(128000.0, parameters.Score(Of("any", 128, (2, 1))));
    }

    private static Architecture Of(string id, int hidden, params (int Heads, int FeedForwards)[] layers) => new(
        id,
        new FlexiBertGenotype(
            hidden, [.. layers.Select(l => new FlexiBertLayer(MixingOperation.ScaledDotProduct, l.Heads, 512, l.FeedForwards))]),
        0);
}
