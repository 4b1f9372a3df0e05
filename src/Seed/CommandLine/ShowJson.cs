using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>Figures on the held-out set; docs/json.md describes the fields, which stay.</summary>
internal sealed record HeldOutJson(
    double? Rho, double? TauA, double? TauB, double? RhoLow, double? RhoHigh, double? RhoWithinGroups, int Networks, int Architectures,
    double? RegretTop1, double? RegretTop10, double? PairAccuracy, double? PartialRho)
{
    public static HeldOutJson? Of(RankingFigures? figures, SetSize heldOut) => figures is null ? null : new HeldOutJson(
        Finite(figures.Rho), Finite(figures.TauA), Finite(figures.TauB), Finite(figures.RhoInterval.Low), Finite(figures.RhoInterval.High),
        Finite(figures.RhoWithinGroups), heldOut.Networks, heldOut.Genotypes,
        Finite(figures.RegretTop1), Finite(figures.RegretTop10), Finite(figures.PairAccuracy), Finite(figures.PartialRho));
}

/// <summary>A proxy of the leaderboard.</summary>
internal sealed record ProxyJson(int Rank, string Expression, string Canonical, Fitness Search, int? Forms, HeldOutJson? HeldOut)
{
    /// <summary>Of the best one against each baseline on the held-out set; null of others, and before there is a report.</summary>
    public IReadOnlyList<DifferenceJson>? Differences { get; init; }
}

/// <summary>
/// The answer of the run: the best proxy, or what was made of several and of the structure. Then the expression is that in words, and the
/// search figures have rho alone.
/// </summary>
internal sealed record BestJson(
    int Rank, string Expression, string Canonical, object Search, int? Forms, HeldOutJson? HeldOut, PredictorSummaryJson? Predictor)
{
    public static BestJson? Of(ProxyJson? bestProxy, ReportData? report)
    {
        if (report?.Best is not { } answer || (bestProxy is not null && answer.IsProxy(bestProxy.Canonical)))
        {
            return bestProxy is null ? null : new BestJson(
                bestProxy.Rank, bestProxy.Expression, bestProxy.Canonical, bestProxy.Search, bestProxy.Forms, bestProxy.HeldOut, null);
        }

        var words = answer.Predictor.Summary;
        return new BestJson(
            1, words, words, new AnswerSearchJson(answer.SearchRho, Finite(answer.SearchTauA), Finite(answer.SearchTauB)), Forms: null,
            HeldOutJson.Of(answer.HeldOut, report.HeldOut), PredictorSummaryJson.Of(answer.Predictor));
    }
}

/// <summary>A predictor without its numbers; its file has them.</summary>
internal sealed record PredictorSummaryJson(string Name, string Digest, string Rule, ImmutableArray<string> Proxies, bool NeedsStructure)
{
    public static PredictorSummaryJson Of(Predictor predictor) => new(
        predictor.Name, PredictorJson.DigestOf(predictor), JsonNamingPolicy.CamelCase.ConvertName(predictor.Root.Rule.ToString()),
        [.. predictor.Proxies.Select(proxy => proxy.ToString())], predictor.NeedsStructure);
}

/// <summary>An answer on the architectures that the search ranked.</summary>
internal sealed record AnswerSearchJson(double Rho, double? TauA, double? TauB);

/// <summary>A held-out rho minus that of a baseline, with the paired interval.</summary>
internal sealed record DifferenceJson(string Baseline, double? Mean, double? Low, double? High)
{
    public static IReadOnlyList<DifferenceJson> Of(ReportData? report) => Of(DifferencesOfBest(report));

    public static IReadOnlyList<DifferenceJson> Of(ImmutableArray<RhoDifference> differences) =>
    [
        .. differences.Select(difference => new DifferenceJson(
            difference.Baseline, Finite(difference.Difference), Finite(difference.Interval.Low),
            Finite(difference.Interval.High))),
    ];

    public static ImmutableArray<RhoDifference> DifferencesOfBest(ReportData? report) =>
        report?.Best?.Differences ?? (report is { Proxies: [var first, ..] } ? first.Differences : []);
}

/// <summary>A structural baseline on the same held-out set.</summary>
internal sealed record BaselineJson(
    string Name, double? Rho, double? TauA, double? TauB, double? RhoLow, double? RhoHigh, double? RhoTiesAtRandom,
    double? BestMinusBaseline, double? BestMinusBaselineLow, double? BestMinusBaselineHigh, double? RegretTop1, double? RegretTop10,
    double? PairAccuracy, double? PartialRho);

/// <summary>Use of the term cache, counted in terms: one branch on one network.</summary>
internal sealed record TermCacheJson(long Hits, long Misses);

/// <summary>What <c>search show RUN --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record ShowJson(
    string Name, string State, SearchConfiguration Configuration, string BenchmarkDigest, string? NumericProfile,
    BestJson? Best, ProxyJson? BestProxy, string Compared, IReadOnlyList<ProxyJson> Leaderboard, IReadOnlyList<BaselineJson> Baselines,
    IReadOnlyList<DifferenceJson> Differences, CeilingJson? Ceiling, IReadOnlyList<RankedTruthJson>? Truths,
    int Evaluations, int InvalidEvaluations, int Iterations, IReadOnlyDictionary<string, long> PrunedByRule, TermCacheJson TermCache,
    string? Ended, double Seconds, string? Output, SpaceStanding? WholeSpace,
    double? SmallestDifference)
{
    public static ShowJson Of(RunView run)
    {
        var leaderboard = run.Leaderboard.Select((entry, index) => new ProxyJson(
            entry.Rank, entry.Expression, entry.Canonical, entry.Search, entry.Forms,
            run.Report is { } report && index < report.Proxies.Length
                ? HeldOutJson.Of(report.Proxies[index].HeldOut, report.HeldOut)
                : null))
            .ToList();
        var first = leaderboard.FirstOrDefault();
        var bestProxy = first is not null && run.Report is { Proxies: [var reported, ..] }
            ? first with { Differences = DifferenceJson.Of(reported.Differences) }
            : first;
        return new ShowJson(
            run.Name, run.State, run.Configuration, run.BenchmarkDigest, run.NumericProfile,
            BestJson.Of(bestProxy, run.Report), bestProxy, run.Compared, leaderboard,
            BaselinesOf(run.Report, DifferenceJson.DifferencesOfBest(run.Report)),
            DifferenceJson.Of(run.Report), CeilingJson.Of(run.Report?.Ceiling), RankedTruthJson.Of(run.Report?.RankedTruths),
            run.Evaluations, run.InvalidEvaluations, run.Iterations, run.PrunedByRule,
            new TermCacheJson(run.Usage.TermHits, run.Usage.TermMisses), run.Ended, run.Usage.Seconds, run.Output, run.WholeSpace,
            Finite(SmallestDifferenceOf(run.Report)));
    }

    /// <summary>The smallest difference between the best proxy and the main baseline that the held-out set can show.</summary>
    public static double? SmallestDifferenceOf(ReportData? report) => report is not { Proxies: [var best, ..] } ? null
        : best.Differences.FirstOrDefault(difference => difference.Baseline == report.MainBaseline)?.SmallestShown;

    /// <summary>The baselines of a report.</summary>
    /// <param name="report">The report; null where there is none yet.</param>
    /// <param name="differences">What is held against them minus each of them; empty where nothing is.</param>
    public static IReadOnlyList<BaselineJson> BaselinesOf(ReportData? report, ImmutableArray<RhoDifference> differences) =>
        report is null ? [] :
    [
        .. report.Baselines.Select((baseline, i) =>
        {
            var difference = differences.ElementAtOrDefault(i);
            var figures = baseline.HeldOut;
            return new BaselineJson(
                baseline.Name, Finite(figures?.Rho), Finite(figures?.TauA), Finite(figures?.TauB),
                Finite(figures?.RhoInterval.Low), Finite(figures?.RhoInterval.High), Finite(figures?.RhoTiesAtRandom),
                Finite(difference?.Difference), Finite(difference?.Interval.Low), Finite(difference?.Interval.High),
                Finite(figures?.RegretTop1), Finite(figures?.RegretTop10), Finite(figures?.PairAccuracy), Finite(figures?.PartialRho));
        }),
    ];
}
