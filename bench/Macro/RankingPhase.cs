using LPZero.Bench.Fixtures;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using MathNet.Numerics.Statistics;

namespace LPZero.Bench.Macro;

/// <summary>All pairs of canonical branches with three binary operations over 50 architectures, against some of them proxy by proxy: the
/// scores from the term table, as for a proxy of an evolution, and MathNet's Spearman of them.</summary>
internal static class RankingPhase
{
    private const int Architectures = 50;
    private const int YardstickProxies = 20_000;

    public static IEnumerable<Row> Run(int runs)
    {
        var set = MadeUpBenchmark.Architectures(Architectures);
        var space = new ProxySpace(new SearchConfiguration { Preset = "default" });
        var table = MadeUpBenchmark.Terms(set, space.Branches);
        var ranking = new ExhaustiveRanking(space, new RankedSet(set), table, minDistinct: 0.8);
        long branches = space.Branches.Length;
        var rankings = branches * (branches + 1) / 2 * 3;
        var ours = rankings / Timing.Best(runs, () => ranking.RankAll(top: 100));

        var proxies = space.Branches.Take(200).SelectMany((left, i) => space.Branches.Skip(i + 1).Take(100)
            .Select(right => new Coordinator.Pruning.CanonicalProxy(false, left, BinaryOperation.Product, right, null)))
            .Take(YardstickProxies).ToList();
        var truth = set.Truths;
        var byNetwork = new double[set.Networks.Length];
        double[] Score(Coordinator.Pruning.CanonicalProxy proxy)
        {
            ProxyScores.Compute(table, proxy, LayerReduction.Sum, byNetwork);
            return [.. set.NetworkOf.Select(network => byNetwork[network])];
        }

        var ready = proxies.ConvertAll(Score);
        var alone = proxies.Count / Timing.Best(runs, () => ready.ForEach(scores => Correlation.Spearman(scores, truth)));
        var whole = proxies.Count / Timing.Best(runs, () => proxies.ForEach(proxy => Correlation.Spearman(Score(proxy), truth)));
        var work = $"ranking all {branches:N0} x {branches + 1:N0} / 2 pairs x 3 binaries over {Architectures} architectures, one thread";
        yield return new Row(work, $"{ours / 1e6:F2} M proxies/s", $"proxy by proxy, with MathNet {whole / 1e6:F3} M proxies/s",
            $"{ours / whole:F0} x faster", "20 x, 1 M/s per core");
        yield return new Row($"the same, against MathNet's Spearman of scores that lie ready", $"{ours / 1e6:F2} M proxies/s",
            $"MathNet {alone / 1e6:F3} M proxies/s", $"{ours / alone:F0} x faster", "");
    }
}
