using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LPZero.Coordinator.Ranking;

/// <summary>Architectures with known truth that no choice was made on.</summary>
/// <param name="Truth">[n] ground truth, higher is better.</param>
/// <param name="Networks">[n] key of the network that each architecture builds; resampling goes by it.</param>
/// <param name="Groups">[n] name of the group of equal layers and hidden size.</param>
public sealed record EvaluationSet(ImmutableArray<double> Truth, ImmutableArray<string> Networks, ImmutableArray<string> Groups)
{
    /// <summary>[n] parameters outside embedding and output, NaN where not known; empty where nothing is held against size.</summary>
    public ImmutableArray<double> Parameters { get; init; } = [];

    /// <summary>[n] number of layers; empty where <see cref="Parameters"/> is.</summary>
    public ImmutableArray<double> Layers { get; init; } = [];
}

/// <summary>A named score vector: a baseline's or a proxy's.</summary>
/// <param name="Name">Its name in reports: a baseline's name, a proxy's expression.</param>
/// <param name="Scores">[n] scores in the order of the set, higher is better.</param>
public sealed record ScoredRanking(string Name, ImmutableArray<double> Scores);

/// <summary>How well a score vector ranks a set. A figure is NaN where the scores are constant or hold a NaN.</summary>
/// <param name="Rho">Spearman's rho, average ranks for ties.</param>
/// <param name="RhoInterval">Its bootstrap 95% interval, resampled by network.</param>
/// <param name="RhoTiesAtRandom">Expected rho when equal scores are put in random order.</param>
/// <param name="TauA">Kendall's tau-a.</param>
/// <param name="TauB">Kendall's tau-b.</param>
/// <param name="RhoWithinGroups">Rho inside groups of equal layers and hidden size: what is known beyond those two.</param>
/// <param name="DistinctScores">Number of different scores.</param>
/// <param name="RegretTop1">
/// See <see cref="Regret"/>; in the truth's unit. NaN in reports that an earlier version stored, as are the next ones.
/// </param>
/// <param name="RegretTop10">The same for the ten best by score.</param>
/// <param name="PairAccuracy">See <see cref="ClosePairs.Accuracy"/>; NaN where no two networks are of nearly the same size.</param>
/// <param name="PartialRho">Rho given parameters and layers, see <see cref="PartialSpearman"/>.</param>
public sealed record RankingFigures(
    double Rho,
    ConfidenceInterval RhoInterval,
    double RhoTiesAtRandom,
    double TauA,
    double TauB,
    double RhoWithinGroups,
    int DistinctScores,
    double RegretTop1 = double.NaN,
    double RegretTop10 = double.NaN,
    double PairAccuracy = double.NaN,
    double PartialRho = double.NaN);

/// <summary>A proxy's rho minus a baseline's on the same architectures.</summary>
/// <param name="Baseline">The baseline's name.</param>
/// <param name="Difference">The difference of the two rhos.</param>
/// <param name="Interval">Its paired bootstrap 95% interval, resampled by network.</param>
public sealed record RhoDifference(string Baseline, double Difference, ConfidenceInterval Interval)
{
    /// <summary>What the interval allows to be said.</summary>
    public Comparison Comparison =>
        Interval.Low > 0 ? Comparison.Better : Interval.High < 0 ? Comparison.Worse : Comparison.NotDistinguishable;

    /// <summary>
    /// The smallest difference that the set can show between these two: half the width of the paired 95% interval. A smaller one
    /// leaves 0 inside an interval around it. NaN where there is no interval.
    /// </summary>
    [JsonIgnore]
    public double SmallestShown => (Interval.High - Interval.Low) / 2;
}

/// <summary>What a paired 95% interval allows to be said.</summary>
public enum Comparison
{
    /// <summary>The whole interval is above 0.</summary>
    Better,

    /// <summary>The interval holds 0, or there is none.</summary>
    NotDistinguishable,

    /// <summary>The whole interval is below 0.</summary>
    Worse,
}

/// <summary>A baseline and its figures.</summary>
/// <param name="Name">The baseline's name.</param>
/// <param name="Figures">Its figures.</param>
public sealed record BaselineResult(string Name, RankingFigures Figures);

/// <summary>A proxy, its figures, and how it compares with every baseline.</summary>
/// <param name="Name">The proxy's name or expression.</param>
/// <param name="Figures">Its figures.</param>
/// <param name="Differences">One for each baseline, in the baselines' order.</param>
public sealed record ProxyResult(string Name, RankingFigures Figures, ImmutableArray<RhoDifference> Differences);

/// <summary>Figures of baselines and proxies on one set of architectures.</summary>
/// <param name="Architectures">Number of architectures.</param>
/// <param name="Networks">Number of distinct networks.</param>
/// <param name="Baselines">In the order given.</param>
/// <param name="Proxies">In the order given.</param>
public sealed record HeldOutEvaluation(
    int Architectures,
    int Networks,
    ImmutableArray<BaselineResult> Baselines,
    ImmutableArray<ProxyResult> Proxies)
{
    /// <summary>Evaluates baselines and proxies on the same architectures and the same resamples.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="baselines">Score vectors of the baselines.</param>
    /// <param name="proxies">Score vectors of the proxies.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="resamples">Number of bootstrap resamples.</param>
    /// <exception cref="ArgumentException">A score vector's length is not the set's.</exception>
    public static HeldOutEvaluation Evaluate(
        EvaluationSet set,
        IReadOnlyList<ScoredRanking> baselines,
        IReadOnlyList<ScoredRanking> proxies,
        ulong seed,
        int resamples = NetworkBootstrap.DefaultResamples)
    {
        var bootstrap = new NetworkBootstrap(set.Networks, seed, resamples);
        var evaluatedBaselines = baselines.Select(baseline => Evaluated.Of(baseline, set, bootstrap)).ToImmutableArray();
        var evaluatedProxies = proxies.Select(proxy => Evaluated.Of(proxy, set, bootstrap)).ToImmutableArray();
        return new HeldOutEvaluation(
            set.Truth.Length,
            bootstrap.Networks,
            [.. evaluatedBaselines.Select(baseline => new BaselineResult(baseline.Name, baseline.Figures))],
            [.. evaluatedProxies.Select(proxy => new ProxyResult(proxy.Name, proxy.Figures, [.. evaluatedBaselines.Select(proxy.Minus)]))]);
    }

    private sealed record Evaluated(string Name, RankingFigures Figures, ImmutableArray<double> Distribution)
    {
        public static Evaluated Of(ScoredRanking ranking, EvaluationSet set, NetworkBootstrap bootstrap)
        {
            var scores = ranking.Scores.AsSpan();
            var truth = set.Truth.AsSpan();
            var spearman = new SpearmanAgainst(truth);
            var distribution = bootstrap.RhoDistribution(scores, truth);
            var figures = new RankingFigures(
                spearman.Rho(scores),
                ConfidenceInterval.Percentile95(distribution),
                spearman.RhoWithTiesAtRandom(scores),
                Kendall.TauA(scores, truth),
                Kendall.TauB(scores, truth),
                WithinGroups.Rho(scores, truth, set.Groups),
                ranking.Scores.Distinct().Count(),
                Regret.OfTop(scores, truth, 1),
                Regret.OfTop(scores, truth, 10),
                set.Parameters.IsEmpty ? double.NaN : ClosePairs.Accuracy(scores, truth, set.Parameters.AsSpan(), set.Networks),
                set.Parameters.IsEmpty ? double.NaN : PartialSpearman.Rho(scores, truth, [.. set.Parameters], [.. set.Layers]));
            return new Evaluated(ranking.Name, figures, distribution);
        }

        public RhoDifference Minus(Evaluated baseline) => new(
            baseline.Name,
            Figures.Rho - baseline.Figures.Rho,
            NetworkBootstrap.Difference(Distribution, baseline.Distribution));
    }
}
