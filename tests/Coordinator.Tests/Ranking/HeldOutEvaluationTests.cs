using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class HeldOutEvaluationTests
{
    private static readonly ImmutableArray<double> Truth = [.. Enumerable.Range(0, 60).Select(i => (double)i)];

    private static readonly EvaluationSet Set = new(
        Truth,
        [.. Enumerable.Range(0, 60).Select(i => $"network {i / 2}")],
        [.. Enumerable.Range(0, 60).Select(i => $"group {i / 30}")]);

    private static readonly ScoredRanking Depth = new("depth", [.. Truth.Select(t => Math.Floor(t / 15))]);
    private static readonly ScoredRanking Insight = new("insight", [.. Truth.Select(t => t + (2 * Math.Sin(t)))]);
    private static readonly ScoredRanking Reversed = new("reversed", [.. Truth.Select(t => -t)]);

    [Fact]
    public void The_figures_are_those_of_the_single_statistics()
    {
        var evaluation = HeldOutEvaluation.Evaluate(Set, [Depth], [Insight], seed: 3, resamples: 300);
        var figures = evaluation.Proxies[0].Figures;
        Assert.Equal((60, 30), (evaluation.Architectures, evaluation.Networks));
        Assert.Equal(Spearman.Rho(Insight.Scores.AsSpan(), Truth.AsSpan()), figures.Rho);
        Assert.Equal(Kendall.TauA(Insight.Scores.AsSpan(), Truth.AsSpan()), figures.TauA);
        Assert.Equal(Kendall.TauB(Insight.Scores.AsSpan(), Truth.AsSpan()), figures.TauB);
        Assert.Equal(new NetworkBootstrap(Set.Networks, 3, 300).Rho(Insight.Scores.AsSpan(), Truth.AsSpan()), figures.RhoInterval);
        Assert.InRange(figures.Rho, figures.RhoInterval.Low, figures.RhoInterval.High);
        Assert.Equal(60, figures.DistinctScores);
    }

    [Fact]
    public void Few_distinct_scores_are_seen_through_by_random_ties_and_tau_a()
    {
        var depth = HeldOutEvaluation.Evaluate(Set, [Depth], [], seed: 3, resamples: 50).Baselines[0].Figures;
        Assert.Equal(4, depth.DistinctScores);
        Assert.True(depth.RhoTiesAtRandom < depth.Rho);
        Assert.True(depth.TauA < depth.TauB);
    }

    [Fact]
    public void The_paired_interval_decides_the_comparison_with_each_baseline()
    {
        var evaluation = HeldOutEvaluation.Evaluate(Set, [Depth, Reversed, Insight], [Insight], seed: 3, resamples: 300);
        var differences = evaluation.Proxies[0].Differences;
        Assert.Equal(["depth", "reversed", "insight"], differences.Select(d => d.Baseline));
        Assert.Equal([Comparison.Better, Comparison.Better, Comparison.NotDistinguishable], differences.Select(d => d.Comparison));
        Assert.Equal(evaluation.Proxies[0].Figures.Rho - evaluation.Baselines[0].Figures.Rho, differences[0].Difference);
        var worse = HeldOutEvaluation.Evaluate(Set, [Insight], [Reversed], seed: 3, resamples: 300).Proxies[0].Differences[0];
        Assert.Equal(Comparison.Worse, worse.Comparison);
    }

    [Fact]
    public void Sizes_give_regret_pairs_and_partial_rho_and_without_them_only_regret_is_known()
    {
        var sized = Set with
        {
            Parameters = [.. Truth.Select(t => 100 + Math.Floor(t / 6))],
            Layers = [.. Truth.Select(t => Math.Floor(t / 20))],
        };
        var figures = HeldOutEvaluation.Evaluate(sized, [], [Insight], seed: 3, resamples: 5).Proxies[0].Figures;
        var scores = Insight.Scores.AsSpan();
        Assert.Equal(Regret.OfTop(scores, Truth.AsSpan(), 1), figures.RegretTop1);
        Assert.Equal(Regret.OfTop(scores, Truth.AsSpan(), 10), figures.RegretTop10);
        Assert.Equal(ClosePairs.Accuracy(scores, Truth.AsSpan(), sized.Parameters.AsSpan(), sized.Networks), figures.PairAccuracy);
        Assert.InRange(figures.PairAccuracy, 0.5, 1);
        Assert.Equal(PartialSpearman.Rho(scores, Truth.AsSpan(), [.. sized.Parameters], [.. sized.Layers]), figures.PartialRho);

        var plain = HeldOutEvaluation.Evaluate(Set, [], [Insight], seed: 3, resamples: 5).Proxies[0].Figures;
        Assert.Equal(figures.RegretTop1, plain.RegretTop1);
        Assert.True(double.IsNaN(plain.PairAccuracy) && double.IsNaN(plain.PartialRho));
    }

    [Fact]
    public void The_smallest_difference_that_can_be_shown_is_half_the_width_of_the_paired_interval_from_1000_resamples()
    {
        Assert.Equal(1000, NetworkBootstrap.DefaultResamples);
        var difference = HeldOutEvaluation.Evaluate(Set, [Depth], [Insight], seed: 3).Proxies[0].Differences[0];
        var paired = new NetworkBootstrap(Set.Networks, 3).RhoDifference(
            Insight.Scores.AsSpan(), Depth.Scores.AsSpan(), Truth.AsSpan());
        Assert.Equal(paired, difference.Interval);
        Assert.Equal((paired.High - paired.Low) / 2, difference.SmallestShown);
        Assert.True(difference.SmallestShown > 0);
    }

    [Fact]
    public void A_score_that_is_not_a_number_leaves_the_figures_undefined_and_claims_nothing()
    {
        var broken = new ScoredRanking("broken", Truth.SetItem(7, double.NaN));
        var result = HeldOutEvaluation.Evaluate(Set, [Depth], [broken], seed: 3, resamples: 20).Proxies[0];
        Assert.True(double.IsNaN(result.Figures.Rho));
        Assert.True(double.IsNaN(result.Figures.TauA));
        Assert.Equal(Comparison.NotDistinguishable, result.Differences[0].Comparison);
    }

    [Fact]
    public void An_empty_set_has_no_figures()
    {
        var evaluation = HeldOutEvaluation.Evaluate(
            new EvaluationSet([], [], []), [new ScoredRanking("any", [])], [], seed: 1, resamples: 5);
        Assert.Equal((0, 0), (evaluation.Architectures, evaluation.Networks));
        Assert.True(double.IsNaN(evaluation.Baselines[0].Figures.Rho));
        Assert.True(double.IsNaN(evaluation.Baselines[0].Figures.RhoInterval.Low));
    }
}
