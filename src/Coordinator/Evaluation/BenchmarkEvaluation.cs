using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Evaluation;

/// <summary>Where scores come from.</summary>
public enum ProxyKind
{
    /// <summary>A structural baseline: the description of the network alone.</summary>
    Baseline,

    /// <summary>A proxy that was given as an expression.</summary>
    Expression,

    /// <summary>A file with scores.</summary>
    Scores,

    /// <summary>A proxy that people designed.</summary>
    Designed,

    /// <summary>A predictor from a file: proxies, structure, or both.</summary>
    Predictor,
}

/// <summary>A proxy with its scores on one benchmark.</summary>
/// <param name="Name">Its expression, its name, or the heading of its column.</param>
/// <param name="Kind">Where its scores come from.</param>
/// <param name="Scores">[n] scores, higher is better; empty where it is not defined there.</param>
/// <param name="SecondsPerArchitecture">Seconds of one thread that a network took; null where nothing was computed.</param>
/// <param name="Reason">Why it is not defined there; null where it is.</param>
public sealed record ScoredProxy(
    string Name, ProxyKind Kind, ImmutableArray<double> Scores, double? SecondsPerArchitecture = null, string? Reason = null)
{
    /// <summary>The structural baselines of a space with their scores, in their order.</summary>
    /// <param name="structures">The baselines.</param>
    /// <param name="set">The n architectures that they rank.</param>
    public static IEnumerable<ScoredProxy> BaselinesOf(StructuralBaselines structures, ArchitectureSet set) => structures.All.Select(
        baseline => new ScoredProxy(baseline.Name, ProxyKind.Baseline, baseline.Rank(set.Architectures).Scores));
}

/// <summary>What one proxy is worth on one benchmark.</summary>
/// <param name="Proxy">The proxy with its scores.</param>
/// <param name="Figures">Its figures; null where there are none.</param>
/// <param name="MinusBaseline">Its rho minus that of the best structural baseline; null for a baseline, or without figures.</param>
/// <param name="Reason">Why there are no figures; null where there are.</param>
public sealed record EvaluationRow(ScoredProxy Proxy, ProxyFigures? Figures, RhoDifference? MinusBaseline, string? Reason)
{
    /// <summary>What scores that others published for the same proxy say; null where there are none.</summary>
    public PublishedRanking? Published { get; init; }

    /// <summary>How it ranks each of the benchmark's truths; empty without figures, and where there are none.</summary>
    public ImmutableArray<TruthRho> ByTruth { get; init; } = [];
}

/// <summary>Scores that others published for a proxy, beside ours.</summary>
/// <param name="RhoWithOurs">Spearman's rho of the two; NaN where one is constant or not finite.</param>
/// <param name="Rho">Theirs against the truth.</param>
public sealed record PublishedRanking(double RhoWithOurs, double Rho);

/// <summary>What proxies and structural baselines are worth on one benchmark.</summary>
/// <param name="Name">The benchmark's name.</param>
/// <param name="Metric">What its truth measures.</param>
/// <param name="Digest">SHA-256 of its content.</param>
/// <param name="Ids">[n] ids of the architectures.</param>
/// <param name="Truth">[n] their truths.</param>
/// <param name="Networks">Number of distinct networks.</param>
/// <param name="Rows">Best rho first; those without figures at the end, in the order given.</param>
public sealed record BenchmarkEvaluation(
    string Name, string Metric, string Digest, ImmutableArray<string> Ids, ImmutableArray<double> Truth, int Networks,
    ImmutableArray<EvaluationRow> Rows)
{
    /// <summary>What noise leaves of a perfect ranking; null where that is not known.</summary>
    public NoiseCeiling? Ceiling { get; init; }

    /// <summary>The truths that the rankings are held against besides; empty where the benchmark has no tasks.</summary>
    public ImmutableArray<TruthColumn> Truths { get; init; } = [];

    /// <summary>The same on the part that a split of a search holds out; null where there is none, and of that part itself.</summary>
    public HeldOutPart? HeldOut { get; init; }

    /// <summary>How many architectures, and how many networks they build.</summary>
    public SetSize Size => new(Truth.Length, Networks);

    /// <summary>The structural baseline of the highest rho; null where none has figures.</summary>
    public EvaluationRow? BestBaseline =>
        Rows.FirstOrDefault(row => row.Proxy.Kind == ProxyKind.Baseline && row.Figures is not null);

    /// <summary>
    /// What the best proxy's rho is above or below the best structural baseline's, of those that do not rank as the baseline itself does:
    /// one that does (the number of parameters) has a paired interval of no width, which would say that the set can show any difference.
    /// Null where there is none.
    /// </summary>
    public RhoDifference? BestMinusBaseline => Rows.Select(row => row.MinusBaseline).OfType<RhoDifference>()
        .FirstOrDefault(difference => difference.SmallestShown > 0);

    /// <summary>Rows of the proxies, without those of the baselines.</summary>
    public IEnumerable<EvaluationRow> Proxies => Rows.Where(row => row.Proxy.Kind != ProxyKind.Baseline);

    /// <summary>The evaluation of rankings on some of a benchmark's architectures.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="configuration">How its networks are probed, and by which truth proxies are judged.</param>
    /// <param name="set">The n architectures, with the truths that proxies are judged by.</param>
    /// <param name="scored">Baselines and proxies, with n scores each.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="published">Scores that others published, [n] by the names of the proxies; null for none.</param>
    public static BenchmarkEvaluation Of(
        string name, Benchmark benchmark, SearchConfiguration configuration, ArchitectureSet set, IReadOnlyList<ScoredProxy> scored,
        ulong seed, IReadOnlyDictionary<string, ImmutableArray<double>>? published = null)
    {
        var against = EvaluatedSet.Of(set, benchmark, configuration);
        var evaluator = new ProxyEvaluator(against, seed);
        var truths = TruthColumns.Of(benchmark, set.Architectures);
        return new BenchmarkEvaluation(
            name, TaskTruth.Metric(benchmark, configuration.Truth), BenchmarkDigest.Of(benchmark),
            [.. set.Architectures.Select(a => a.Id)], against.Truth, evaluator.Networks, RowsOf(evaluator, scored, published, truths))
        {
            Ceiling = NoiseCeiling.Of(benchmark, set.Architectures, configuration.Truth),
            Truths = truths.All,
        };
    }

    /// <summary>Makes a row of each, and compares each proxy with the best baseline on the same resamples.</summary>
    /// <param name="evaluator">Holds the truths.</param>
    /// <param name="proxies">Baselines and proxies.</param>
    /// <param name="published">Scores that others published, [n] by the names of the proxies; null for none.</param>
    /// <param name="truths">The truths that rankings are held against besides; null for none.</param>
    public static ImmutableArray<EvaluationRow> RowsOf(
        ProxyEvaluator evaluator, IReadOnlyList<ScoredProxy> proxies,
        IReadOnlyDictionary<string, ImmutableArray<double>>? published = null, TruthColumns? truths = null)
    {
        var rows = proxies.Select(proxy =>
        {
            var reason = proxy.Reason ?? evaluator.FindProblem(proxy.Scores);
            var theirs = proxy.Kind == ProxyKind.Baseline ? default : published?.GetValueOrDefault(proxy.Name) ?? default;
            return new EvaluationRow(proxy, reason is null ? evaluator.Evaluate(proxy.Scores) : null, MinusBaseline: null, reason)
            {
                Published = theirs.IsDefault || reason is not null ? null : evaluator.Compare(proxy.Scores, theirs),
                ByTruth = reason is null && truths is not null ? truths.Rank(proxy.Scores) : [],
            };
        }).OrderByDescending(row => row.Figures?.Rho ?? double.NegativeInfinity).ToList();
        var best = rows.FirstOrDefault(row => row is { Proxy.Kind: ProxyKind.Baseline, Figures: not null })?.Proxy;
        return
        [
            .. rows.Select(row => best is null || row is { Figures: null } or { Proxy.Kind: ProxyKind.Baseline } ? row : row with
            {
                MinusBaseline = evaluator.Compare(row.Proxy.Scores, new ScoredRanking(best.Name, best.Scores)),
            }),
        ];
    }
}
