using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>Figures on the held-out set; docs/json.md describes the fields, which stay.</summary>
internal sealed record HeldOutJson(
    double? Rho, double? TauA, double? TauB, double? RhoLow, double? RhoHigh, double? RhoWithinGroups, int Networks, int Architectures)
{
    public static HeldOutJson? Of(RankingFigures? figures, SetSize heldOut) => figures is null ? null : new HeldOutJson(
        Finite(figures.Rho), Finite(figures.TauA), Finite(figures.TauB), Finite(figures.RhoInterval.Low), Finite(figures.RhoInterval.High),
        Finite(figures.RhoWithinGroups), heldOut.Networks, heldOut.Genotypes);

    /// <summary>JSON has no NaN; a figure that does not exist is absent.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>A proxy of the leaderboard.</summary>
internal sealed record ProxyJson(int Rank, string Expression, string Canonical, Fitness Search, int? Forms, HeldOutJson? HeldOut);

/// <summary>A structural baseline on the same held-out set.</summary>
internal sealed record BaselineJson(
    string Name, double? Rho, double? TauA, double? TauB, double? RhoLow, double? RhoHigh, double? RhoTiesAtRandom,
    double? BestMinusBaseline, double? BestMinusBaselineLow, double? BestMinusBaselineHigh);

/// <summary>Use of the term cache, counted in terms: one branch on one network.</summary>
internal sealed record TermCacheJson(long Hits, long Misses);

/// <summary>What <c>search show RUN --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record ShowJson(
    string Name, string State, SearchConfiguration Configuration, string BenchmarkDigest, string? NumericProfile,
    ProxyJson? Best, IReadOnlyList<ProxyJson> Leaderboard, IReadOnlyList<BaselineJson> Baselines,
    int Evaluations, int InvalidEvaluations, int Iterations, IReadOnlyDictionary<string, long> PrunedByRule, TermCacheJson TermCache,
    string? Ended, double Seconds, string? Output, SpaceStanding? WholeSpace)
{
    public static ShowJson Of(RunView run)
    {
        var leaderboard = run.Leaderboard.Select((entry, index) => new ProxyJson(
            entry.Rank, entry.Expression, entry.Canonical, entry.Search, entry.Forms,
            run.Report is { } report && index < report.Proxies.Length
                ? HeldOutJson.Of(report.Proxies[index].HeldOut, report.HeldOut)
                : null))
            .ToList();
        return new ShowJson(
            run.Name, run.State, run.Configuration, run.BenchmarkDigest, run.NumericProfile,
            leaderboard.FirstOrDefault(), leaderboard, BaselinesOf(run.Report),
            run.Evaluations, run.InvalidEvaluations, run.Iterations, run.PrunedByRule,
            new TermCacheJson(run.Usage.TermHits, run.Usage.TermMisses), run.Ended, run.Usage.Seconds, run.Output, run.WholeSpace);
    }

    public static IReadOnlyList<BaselineJson> BaselinesOf(ReportData? report) => report is null ? [] :
    [
        .. report.Baselines.Select((baseline, i) =>
        {
            var difference = report.Proxies.IsEmpty ? null : report.Proxies[0].Differences.ElementAtOrDefault(i);
            var figures = baseline.HeldOut;
            return new BaselineJson(
                baseline.Name, Finite(figures?.Rho), Finite(figures?.TauA), Finite(figures?.TauB),
                Finite(figures?.RhoInterval.Low), Finite(figures?.RhoInterval.High), Finite(figures?.RhoTiesAtRandom),
                Finite(difference?.Difference), Finite(difference?.Interval.Low), Finite(difference?.Interval.High));
        }),
    ];

    private static double? Finite(double? value) => value is { } number ? HeldOutJson.Finite(number) : null;
}
