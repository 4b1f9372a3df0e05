using BenchmarkDotNet.Attributes;
using LPZero.Bench.Fixtures;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Search;
using MathNet.Numerics.Statistics;

namespace LPZero.Bench.Micro;

/// <summary>One score vector, and a block of a whole space.</summary>
[MemoryDiagnoser]
public class RankingBenchmarks
{
    private double[] scores = [];
    private double[] truth = [];
    private SpearmanAgainst? against;
    private ExhaustiveRanking.Worker? worker;

    [Params(50, 100)]
    public int Architectures { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new SplittableRandom(3);
        scores = [.. Enumerable.Range(0, Architectures).Select(_ => random.NextDouble())];
        truth = [.. Enumerable.Range(0, Architectures).Select(_ => random.NextDouble())];
        against = new SpearmanAgainst(truth);
        var set = MadeUpBenchmark.Architectures(Architectures);
        var space = new ProxySpace(new SearchConfiguration { Preset = "default" } with { UnaryOperations = 1 });
        worker = new ExhaustiveRanking(space, new RankedSet(set), MadeUpBenchmark.Terms(set, space.Branches), 0.8)
            .CreateWorker(top: 100, keepKeys: false);
    }

    [Benchmark(Baseline = true)]
    public double MathNetSpearman() => Correlation.Spearman(scores, truth);

    [Benchmark]
    public double SpearmanOfOne() => against!.Rho(scores);

    [Benchmark]
    public void FirstBlockOfTheSpaceOfOneOperation() => worker!.Rank(0);
}
