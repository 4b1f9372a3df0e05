using LPZero.Bench.Fixtures;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using MathNet.Numerics.Statistics;

namespace LPZero.Bench.Macro;

/// <summary>All pairs of canonical branches with three binary operations over 50 architectures, against MathNet's Spearman on some of the same proxies.</summary>
internal static class RankingPhase
{
    private const int Architectures = 50;
    private const int YardstickProxies = 20_000;

    public static IEnumerable<Row> Run(int runs)
    {
        var set = MadeUpBenchmark.Architectures(Architectures);
        var space = new ProxySpace(SearchConfiguration.Presets["default"]);
        var table = MadeUpBenchmark.Terms(set, space.Branches);
        var ranking = new ExhaustiveRanking(space, new RankedSet(set), table, minDistinct: 0.8);
        long branches = space.Branches.Length;
        var rankings = branches * (branches + 1) / 2 * 3;
        var ours = rankings / Timing.Best(runs, () => ranking.RankAll(top: 100));

        var proxies = space.Branches.Take(200).SelectMany((left, i) => space.Branches.Skip(i + 1).Take(100)
            .Select(right => new Coordinator.Pruning.CanonicalProxy(false, left, BinaryOperation.Product, right, null))).Take(YardstickProxies).ToList();
        var scores = new double[set.Networks.Length];
        var truth = set.Truths;
        var theirs = proxies.Count / Timing.Best(Math.Max(1, runs / 2), () =>
        {
            foreach (var proxy in proxies)
            {
                ProxyScores.Compute(table, proxy, LayerReduction.Sum, scores);
                Correlation.Spearman(set.NetworkOf.Select(network => scores[network]), truth);
            }
        });
        yield return new Row(
            $"ranking all {branches:N0} x {branches + 1:N0} / 2 pairs x 3 binaries over {Architectures} architectures, one thread",
            $"{ours / 1e6:F2} M proxies/s", $"MathNet {theirs / 1e6:F3} M proxies/s", $"{ours / theirs:F0} x faster", "20 x, 1 M/s per core");
    }
}
