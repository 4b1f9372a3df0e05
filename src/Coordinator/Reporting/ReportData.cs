using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Reporting;

/// <summary>Everything that a report shows. Figures that do not exist are NaN.</summary>
public sealed record ReportData
{
    private static readonly JsonSerializerOptions Stored = new(MessageJson.Options)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Name of the run.</summary>
    public required string RunName { get; init; }

    /// <summary>Name of the benchmark.</summary>
    public required string BenchmarkName { get; init; }

    /// <summary>What the ground truth measures, with its unit: the label of the truth's axis.</summary>
    public required string Metric { get; init; }

    /// <summary>The run's configuration.</summary>
    public required ImmutableArray<Setting> Configuration { get; init; }

    /// <summary>The architectures that the search ranked.</summary>
    public required SetSize Search { get; init; }

    /// <summary>The architectures whose networks the search never saw; empty where all were searched.</summary>
    public required SetSize HeldOut { get; init; }

    /// <summary>The structural baselines.</summary>
    public required ImmutableArray<BaselineEntry> Baselines { get; init; }

    /// <summary>The name of the baseline that the verdict is about; reports that an earlier version stored do not say it.</summary>
    public string MainBaseline { get; init; } = "layers + hidden/1000";

    /// <summary>The best proxies of the search, best first, ordered by the search set alone.</summary>
    public required ImmutableArray<ProxyEntry> Proxies { get; init; }

    /// <summary>
    /// What the configuration asked to be made of the best proxies and of the structure; null where no proxy was found, and in reports that
    /// an earlier version stored.
    /// </summary>
    public AnswerEntry? Best { get; init; }

    /// <summary><see cref="Best"/> where it is something else than the first of <see cref="Proxies"/>; else null.</summary>
    [JsonIgnore]
    public AnswerEntry? Answer =>
        Best is { } best && !(Proxies is [var first, ..] && best.IsProxy(first.CanonicalExpression)) ? best : null;

    /// <summary>What noise leaves of a perfect ranking of the held-out set; null where that is not known.</summary>
    public NoiseCeiling? Ceiling { get; init; }

    /// <summary>The truths of the held-out set; empty where the benchmark has no tasks.</summary>
    public ImmutableArray<TruthColumn> Truths { get; init; } = [];

    /// <summary>What the search compared proxies by on the search set, in words; see <see cref="ComparedCorrelation"/>.</summary>
    public string Compared { get; init; } = ComparedCorrelation.Rho;

    /// <summary>The best so far by <see cref="Compared"/>, iteration by iteration.</summary>
    public required ImmutableArray<ConvergencePoint> Convergence { get; init; }

    /// <summary>Every architecture's truth and the best proxy's score.</summary>
    public required ImmutableArray<ScatterPoint> Scatter { get; init; }

    /// <summary>How many proxies each pruning rule refused or rewrote.</summary>
    public required ImmutableArray<PruneCount> Pruned { get; init; }

    /// <summary>How often a term was at hand.</summary>
    public required TermCacheUse TermCache { get; init; }

    /// <summary>Wall-clock time of the run, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Where the report comes from; null in reports that versions before 0.1.0 stored.</summary>
    public ReportOrigin? Origin { get; init; }

    /// <summary>How many proxies were scored, invalid ones included; null where that was not counted.</summary>
    public long? Scored { get; init; }

    /// <summary>How many of the scored proxies were invalid; null where that was not counted.</summary>
    public long? Invalid { get; init; }

    /// <summary>Why the search ended, in words; null where nothing was searched step by step.</summary>
    public string? Ended { get; init; }

    /// <summary>The options between which the search set alone decided, if there was a choice.</summary>
    public ImmutableArray<OptionEntry> Options { get; init; } = [];

    /// <summary>What a reader has to know besides, in sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>How the answer, the best proxies and the baselines rank each of the truths; null where there are none.</summary>
    [JsonIgnore]
    public RankedTruths? RankedTruths => RankedTruths.Of(
        Truths,
        [
            .. Answer is { } answer
                ? [(answer.Predictor.Summary, answer.ByTruth)]
                : ImmutableArray<(string, ImmutableArray<TruthRho>)>.Empty,
            .. Proxies.Select(proxy => (proxy.CanonicalExpression, proxy.ByTruth)),
            .. Baselines.Select(baseline => (baseline.Name, baseline.ByTruth)),
        ]);

    /// <summary>The report as a database keeps it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Stored);

    /// <summary>The report of what <see cref="ToJson"/> wrote.</summary>
    public static ReportData FromJson(string json) => JsonSerializer.Deserialize<ReportData>(json, Stored)!;
}

/// <summary>Where a report comes from.</summary>
/// <param name="Date">When it was written, UTC.</param>
/// <param name="Version">The program's version with its commit, as <c>--version</c> prints it.</param>
/// <param name="BenchmarkDigest">SHA-256 of the benchmark's content.</param>
/// <param name="Command">What to type to do the same again.</param>
public sealed record ReportOrigin(DateTime Date, string Version, string BenchmarkDigest, string Command);

/// <summary>A configured value.</summary>
public sealed record Setting(string Name, string Value);

/// <summary>A structural baseline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SearchRho">Spearman's rho on the search set.</param>
/// <param name="HeldOut">Its figures on the held-out set; null without one.</param>
public sealed record BaselineEntry(string Name, double SearchRho, RankingFigures? HeldOut)
{
    /// <summary>How it ranks each of the report's truths on the held-out set; empty where there are none.</summary>
    public ImmutableArray<TruthRho> ByTruth { get; init; } = [];
}

/// <summary>A proxy that was found.</summary>
/// <param name="Expression">The expression as it was found.</param>
/// <param name="CanonicalExpression">Its canonical form.</param>
/// <param name="SearchRho">Spearman's rho on the search set.</param>
/// <param name="HeldOut">Its figures on the held-out set; null without one.</param>
/// <param name="Differences">Its comparison with each baseline on the held-out set, in the baselines' order; empty without one.</param>
/// <param name="Forms">How many canonical forms that rank the search set identically it stands for.</param>
public sealed record ProxyEntry(
    string Expression,
    string CanonicalExpression,
    double SearchRho,
    RankingFigures? HeldOut,
    ImmutableArray<RhoDifference> Differences,
    int Forms = 1)
{
    /// <summary>What the search compared it by on the search set, see <see cref="ReportData.Compared"/>; null where that is rho.</summary>
    public double? Criterion { get; init; }

    /// <summary>How it ranks each of the report's truths on the held-out set; empty where there are none.</summary>
    public ImmutableArray<TruthRho> ByTruth { get; init; } = [];
}

/// <summary>The answer of a run, made on the search set alone.</summary>
/// <param name="Predictor">As data.</param>
/// <param name="SearchRho">Spearman's rho on the search set, which it was made on.</param>
/// <param name="HeldOut">Its figures on the held-out set; null without one.</param>
/// <param name="Differences">Its comparison with each baseline on the held-out set, in the baselines' order; empty without one.</param>
public sealed record AnswerEntry(
    Predictor Predictor, double SearchRho, RankingFigures? HeldOut, ImmutableArray<RhoDifference> Differences)
{
    /// <summary>Whether it is nothing but one proxy, and that one.</summary>
    /// <param name="canonicalExpression">The proxy in canonical form, with a layer reduction where that is a gene.</param>
    public bool IsProxy(string canonicalExpression) =>
        Predictor.Root.OnlyProxy is { Proxy.LayerReduction: { } reduction } only
        && (only.Source == canonicalExpression || only.Source == $"{OperationNames.Name(reduction)}[{canonicalExpression}]");

    /// <summary>Kendall's tau-a on the search set; null in reports of versions that did not keep it.</summary>
    public double? SearchTauA { get; init; }

    /// <summary>Kendall's tau-b on the search set; null in reports of versions that did not keep it.</summary>
    public double? SearchTauB { get; init; }

    /// <summary>How it ranks each of the report's truths on the held-out set; empty where there are none.</summary>
    public ImmutableArray<TruthRho> ByTruth { get; init; } = [];
}

/// <summary>On which side of the split an architecture is.</summary>
public enum Side
{
    /// <summary>The search ranked it.</summary>
    Search,

    /// <summary>The search never saw its network.</summary>
    HeldOut,
}

/// <summary>An architecture in the plot of score against truth.</summary>
public sealed record ScatterPoint(string ArchitectureId, double Score, double Truth, Side Set);

/// <summary>How many proxies a pruning rule caught.</summary>
public sealed record PruneCount(string Rule, long Count);

/// <summary>How many terms were found in the term cache, and how many had to be computed.</summary>
public sealed record TermCacheUse(long Hits, long Misses);

/// <summary>An option that was considered.</summary>
/// <param name="Name">What the option is.</param>
/// <param name="CrossValidatedRho">Its mean rho by nested cross-validation on the search set, split by network.</param>
/// <param name="HeldOutRho">Rho on the held-out set, computed after the choice.</param>
/// <param name="Chosen">True for the one that was chosen, before the held-out set was scored.</param>
public sealed record OptionEntry(string Name, double CrossValidatedRho, double HeldOutRho, bool Chosen);
