using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Ranking;
using LPZero.Seed.Reporting;

namespace LPZero.Seed.Ablation;

/// <summary>What several runs give, as a reader sees it and as JSON.</summary>
internal static class RunComparisonReport
{
    private static readonly ImmutableArray<(string Name, string Field, Func<RankingFigures, double> Of)> Columns =
    [
        ("rho", "rho", figures => figures.Rho), ("tau-a", "tauA", figures => figures.TauA), ("tau-b", "tauB", figures => figures.TauB),
        ("pairs", "pairAccuracy", figures => figures.PairAccuracy), ("partial rho", "partialRho", figures => figures.PartialRho),
        ("rho in groups", "rhoWithinGroups", figures => figures.RhoWithinGroups),
        ("regret of 1", "regretTop1", figures => figures.RegretTop1), ("regret of 10", "regretTop10", figures => figures.RegretTop10),
    ];

    /// <summary>The tables.</summary>
    public static ImmutableArray<ReportTable> Tables(RunComparison comparison) =>
    [
        new ReportTable(
            "Held out",
            $"Mean ± standard deviation over {Figures.Count(comparison.Runs.Length)} {(comparison.Runs.Length == 1 ? "run" : "runs")}." +
            " A difference is that of rho; behind it in how many runs its 95% interval lies above 0, and in how many below.",
            [
                new("ranking", CellKind.Code), .. Columns.Select(column => new Column(column.Name, CellKind.Number)),
                new("answer minus it", CellKind.Number), new("best proxy minus it", CellKind.Number),
            ],
            [
                .. comparison.Rankings.Select(ImmutableArray<Cell> (ranking) =>
                [
                    ranking.Name, .. Columns.Select(column => (Cell)StudyText.Correlation(ranking.Of(column.Of))),
                    Difference(ranking.AnswerMinus), Difference(ranking.ProxyMinus),
                ]),
            ]),
        .. StudyText.HeldOutByTruth(comparison.Truths),
    ];

    /// <summary>As JSON has it; docs/json.md names the fields.</summary>
    public static object Json(RunComparison comparison) => new
    {
        runs = comparison.Runs,
        rankings = comparison.Rankings.Select(ranking => new Dictionary<string, object?>(
        [
            new("name", ranking.Name), .. Columns.Select(column => new KeyValuePair<string, object?>(
                column.Field, StudyText.Json(ranking.Of(column.Of)))),
            new("answerMinus", DifferenceJson(ranking.AnswerMinus)), new("proxyMinus", DifferenceJson(ranking.ProxyMinus)),
        ])),
        truths = RankedTruthJson.Of(comparison.Truths),
    };

    private static Cell Difference(ImmutableArray<RhoDifference> differences)
    {
        if (differences.IsEmpty)
        {
            return "";
        }

        var spread = Spread.Of([.. differences.Select(difference => difference.Difference)]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Figures.Difference(spread.Mean)}{(differences.Length > 1 ? $" ± {Figures.Correlation(spread.Deviation)}" : "")} " +
            $"({Count(differences, Comparison.Better)} above, {Count(differences, Comparison.Worse)} below)");
    }

    private static object? DifferenceJson(ImmutableArray<RhoDifference> differences) => differences.IsEmpty ? null : new
    {
        spread = StudyText.Json(Spread.Of([.. differences.Select(difference => difference.Difference)])),
        above = Count(differences, Comparison.Better),
        below = Count(differences, Comparison.Worse),
    };

    private static int Count(ImmutableArray<RhoDifference> differences, Comparison comparison) =>
        differences.Count(difference => difference.Comparison == comparison);
}
