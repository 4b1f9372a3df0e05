using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Tests.Ranking;

namespace LPZero.Coordinator.Tests.Evaluation;

public class ProxyEvaluatorTests
{
    private static readonly ImmutableArray<double> Truth = [.. Enumerable.Range(0, 60).Select(i => (double)i)];

    private static readonly EvaluatedSet Set = new(
        Truth,
        [.. Enumerable.Range(0, 60).Select(i => $"network {i / 2}")],
        [.. Enumerable.Range(0, 60).Select(i => 1000.0 + (i / 2 * 7 % 30 * 10))],
        [.. Enumerable.Range(0, 60).Select(i => (double)(i / 20))]);

    private static readonly ImmutableArray<double> Good = [.. Truth.Select(t => (t / 2) + (3 * Math.Sin(Math.Floor(t / 2))))];

    [Fact]
    public void The_figures_are_those_of_the_single_statistics_and_lie_in_their_intervals()
    {
        var figures = new ProxyEvaluator(Set).Evaluate(Good);
        var bootstrap = new NetworkBootstrap(Set.Networks, seed: 42, resamples: 1000);
        Assert.Equal(Spearman.Rho(Good.AsSpan(), Truth.AsSpan()), figures.Rho);
        Assert.Equal(bootstrap.Rho(Good.AsSpan(), Truth.AsSpan()), figures.RhoInterval);
        Assert.Equal(Kendall.TauA(Good.AsSpan(), Truth.AsSpan()), figures.TauA);
        Assert.Equal(Kendall.TauB(Good.AsSpan(), Truth.AsSpan()), figures.TauB);
        Assert.Equal(TopPrecision.OfTenth(Good.AsSpan(), Truth.AsSpan()), figures.PrecisionTop10);
        Assert.Equal(ClosePairs.Accuracy(Good.AsSpan(), Truth.AsSpan(), Set.Parameters.AsSpan(), Set.Networks), figures.PairAccuracy);
        Assert.Equal(PartialSpearman.Rho(Good.AsSpan(), Truth.AsSpan(), [.. Set.Parameters], [.. Set.Layers]), figures.PartialRho);
        Assert.InRange(figures.Rho, figures.RhoInterval.Low, figures.RhoInterval.High);
        Assert.InRange(figures.TauA, figures.TauAInterval.Low, figures.TauAInterval.High);
        Assert.InRange(figures.TauB, figures.TauBInterval.Low, figures.TauBInterval.High);
        Assert.True(figures.TauAInterval.Low < figures.TauAInterval.High);
    }

    [Fact]
    public void The_order_of_the_scores_alone_decides() => Check.QuickThrowOnFailure(Prop.ForAll(
        TiedVectors.VaryingPairs(8, 30), pair =>
        {
            var n = pair.X.Length;
            var set = new EvaluatedSet(
                [.. pair.Y], [.. pair.X.Select((_, i) => $"{i / 2}")], [.. pair.X.Select((_, i) => 100.0 + (i / 2 % 5))],
                [.. pair.X.Select((_, i) => i / 2 % 3.0)]);
            var evaluator = new ProxyEvaluator(set, seed: 1, resamples: 20);
            var ranks = new double[n];
            Ranks.Average(pair.X, ranks);
            return evaluator.Evaluate([.. pair.X]) == evaluator.Evaluate([.. ranks]);
        }));

    [Fact]
    public void The_difference_from_a_baseline_is_paired()
    {
        var evaluator = new ProxyEvaluator(Set);
        var same = evaluator.Compare(Good, new ScoredRanking("the same", Good));
        Assert.Equal(new RhoDifference("the same", 0, new ConfidenceInterval(0, 0)), same);
        var parameters = evaluator.Compare(Good, new ScoredRanking("parameters", Set.Parameters));
        Assert.Equal(Comparison.Better, parameters.Comparison);
    }

    [Fact]
    public void Scores_that_cannot_be_ranked_say_why()
    {
        var evaluator = new ProxyEvaluator(Set);
        Assert.Null(evaluator.FindProblem(Good));
        Assert.Equal("2 of 60 scores are not finite",
            evaluator.FindProblem(Good.SetItem(0, double.NaN).SetItem(9, double.PositiveInfinity)));
        Assert.Equal("every architecture has the same score", evaluator.FindProblem([.. Truth.Select(_ => 0.5)]));
        Assert.Equal("every architecture has the same truth",
            new ProxyEvaluator(Set with { Truth = [.. Truth.Select(_ => 1.0)] }).FindProblem(Good));
        var few = new EvaluatedSet([1, 2, 3, 4], ["a", "b", "c", "a"], [1, 2, 3, 1], [1, 1, 1, 1]);
        Assert.Equal("3 networks, and it takes 4 to rank them", new ProxyEvaluator(few).FindProblem([1, 2, 3, 4]));
    }

    [Fact]
    public void What_parameters_and_layers_determine_has_no_partial_rho_but_all_the_rest()
    {
        var figures = new ProxyEvaluator(Set).Evaluate(Set.Layers);
        Assert.True(double.IsNaN(figures.PartialRho));
        Assert.True(double.IsFinite(figures.Rho) && double.IsFinite(figures.PairAccuracy));
    }

    [Fact]
    public void Without_networks_of_nearly_one_size_there_is_no_pair_accuracy()
    {
        var set = Set with { Parameters = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(2, i / 2))] };
        Assert.True(double.IsNaN(new ProxyEvaluator(set).Evaluate(Good).PairAccuracy));
    }
}
