using System.Collections.Immutable;
using LPZero.Coordinator.Evaluation;

namespace LPZero.Coordinator.Tests.Evaluation;

public class BenchmarkEvaluationTests
{
    private static readonly ImmutableArray<double> Truth = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
    private static readonly ImmutableArray<double> Baseline = [.. Truth.Select(t => t + (2 * Math.Sin(t)))];

    [Fact]
    public void A_proxy_that_ranks_as_the_baseline_does_tells_nothing_of_the_smallest_difference()
    {
        var same = new ScoredProxy("parameters", ProxyKind.Designed, Baseline);
        var other = new ScoredProxy("other", ProxyKind.Designed, [.. Truth.Select(t => t + (5 * Math.Cos(t)))]);
        var evaluation = EvaluationOf(same, other);
        Assert.Equal(["parameters", "parameters", "other"], evaluation.Rows.Select(row => row.Proxy.Name));
        Assert.Equal(evaluation.Rows[2].MinusBaseline, evaluation.BestMinusBaseline);
        Assert.True(evaluation.BestMinusBaseline!.SmallestShown > 0);
        Assert.Null(EvaluationOf(same).BestMinusBaseline);
    }

    private static BenchmarkEvaluation EvaluationOf(params ScoredProxy[] proxies)
    {
        var set = new EvaluatedSet(
            Truth, [.. Truth.Select(t => $"network {t}")], [.. Truth.Select(t => 1000 + t)], [.. Truth.Select(t => Math.Floor(t / 5))]);
        var rows = BenchmarkEvaluation.RowsOf(
            new ProxyEvaluator(set), [new ScoredProxy("parameters", ProxyKind.Baseline, Baseline), .. proxies]);
        return new BenchmarkEvaluation("made up", "truth", "digest", [.. set.Networks], Truth, Networks: 20, rows);
    }
}
