using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Truths;

namespace LPZero.Coordinator.Ablation;

/// <summary>What several runs on one benchmark give on networks that they never saw, such as one search with ten seeds.</summary>
/// <param name="Runs">The runs' names.</param>
/// <param name="Rankings">The answer, the best proxy, then the structural baselines that all runs have.</param>
/// <param name="Truths">The means of what the rankings make of each truth; null of a benchmark without tasks.</param>
public sealed record RunComparison(ImmutableArray<string> Runs, ImmutableArray<RankingOfRuns> Rankings, RankedTruths? Truths)
{
    /// <summary>What the answers are called here, which differ from run to run.</summary>
    public const string Answer = "answer";

    /// <summary>What the best proxies are called here.</summary>
    public const string BestProxy = "best proxy";

    /// <summary>Compares runs.</summary>
    /// <param name="reports">Their reports, at least one; each has a proxy.</param>
    public static RunComparison Of(IReadOnlyList<ReportData> reports)
    {
        var answers = reports.Select(report => report.Best is { } best
            ? new Ranked(best.HeldOut, best.Differences, best.ByTruth)
            : Ranked.Of(report.Proxies[0])).ToList();
        var proxies = reports.Select(report => Ranked.Of(report.Proxies[0])).ToList();
        var baselines = reports[0].Baselines.Select(baseline => baseline.Name)
            .Where(name => reports.All(report => report.Baselines.Any(baseline => baseline.Name == name)))
            .Select(name => (Name: name, Ranked: reports.Select(report => Ranked.Of(Named(report, name))).ToList()));
        var rankings = new[] { (Name: Answer, Ranked: answers), (Name: BestProxy, Ranked: proxies) }.Concat(baselines).ToList();
        return new RunComparison(
            [.. reports.Select(report => report.RunName)],
            [
                .. rankings.Select((ranking, i) => new RankingOfRuns(ranking.Name, [.. ranking.Ranked.Select(ranked => ranked.Figures)])
                {
                    AnswerMinus = i < 2 ? [] : Minus(answers, ranking.Name),
                    ProxyMinus = i < 2 ? [] : Minus(proxies, ranking.Name),
                }),
            ],
            RankedTruths.Of(
                MeanTruths.Of([.. reports.Select(report => report.Truths)]),
                rankings.Select(ranking => (ranking.Name, MeanTruths.Of([.. ranking.Ranked.Select(ranked => ranked.ByTruth)])))));
    }

    private static BaselineEntry Named(ReportData report, string name) => report.Baselines.First(baseline => baseline.Name == name);

    private static ImmutableArray<RhoDifference> Minus(IEnumerable<Ranked> ranked, string baseline) =>
        [.. ranked.SelectMany(each => each.Differences.Where(difference => difference.Baseline == baseline))];

    /// <summary>What one run says of one ranking.</summary>
    private sealed record Ranked(RankingFigures? Figures, ImmutableArray<RhoDifference> Differences, ImmutableArray<TruthRho> ByTruth)
    {
        public static Ranked Of(ProxyEntry proxy) => new(proxy.HeldOut, proxy.Differences, proxy.ByTruth);

        public static Ranked Of(BaselineEntry baseline) => new(baseline.HeldOut, [], baseline.ByTruth);
    }
}

/// <summary>A ranking in several runs.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="HeldOut">Its held-out figures in each run; null where nothing is held out.</param>
public sealed record RankingOfRuns(string Name, ImmutableArray<RankingFigures?> HeldOut)
{
    /// <summary>Of a baseline: each run's answer minus it, where the run has a held-out set.</summary>
    public ImmutableArray<RhoDifference> AnswerMinus { get; init; } = [];

    /// <summary>Of a baseline: each run's best proxy minus it, where the run has a held-out set.</summary>
    public ImmutableArray<RhoDifference> ProxyMinus { get; init; } = [];

    /// <summary>A figure over the runs; NaN where one has none.</summary>
    public Spread Of(Func<RankingFigures, double> figure) =>
        Spread.Of([.. HeldOut.Select(figures => figures is null ? double.NaN : figure(figures))]);
}
