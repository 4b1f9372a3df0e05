using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;

namespace LPZero.Seed.Reporting;

/// <summary>The tables of a report, in the order in which they are read.</summary>
internal static class ReportTables
{
    private static readonly ImmutableArray<Column> FigureColumns =
    [
        new("search rho", CellKind.Number),
        new("held-out rho", CellKind.Number),
        new("95% interval", CellKind.Number),
        new("rho, ties at random", CellKind.Number),
        new("held-out tau-a", CellKind.Number),
        new("held-out tau-b", CellKind.Number),
        new("rho within groups", CellKind.Number),
        new("distinct scores", CellKind.Number),
    ];

    /// <summary>The findings.</summary>
    public static IEnumerable<ReportTable> Findings(ReportData data)
    {
        if (data.Best is { } best && !data.Proxies.IsEmpty)
        {
            yield return Answer(best, data.Proxies[0]);
        }

        yield return Proxies(data);
        yield return Baselines(data);
        yield return BeyondSize(data);
        if (data.Proxies.Any(proxy => !proxy.Differences.IsEmpty))
        {
            yield return Differences(data);
        }

        foreach (var table in TruthTables.Of(data.RankedTruths, data.Ceiling, data.HeldOut))
        {
            yield return table;
        }

        if (!data.Options.IsEmpty)
        {
            yield return Options(data);
        }
    }

    /// <summary>How the findings came about.</summary>
    public static IEnumerable<ReportTable> Background(ReportData data)
    {
        if (data.Origin is { } origin)
        {
            yield return Origin(origin);
        }

        yield return Effort(data);
        yield return Pruned(data);
        yield return new ReportTable(
            "Configuration",
            "",
            [new("setting", CellKind.Text), new("value", CellKind.Code)],
            [.. data.Configuration.Select(setting => Row(setting.Name, setting.Value))]);
    }

    private static ReportTable Answer(AnswerEntry best, ProxyEntry bestProxy) => new(
        "Best answer and best proxy",
        "The answer is what the configuration asks to be made of the best proxies and, where it says so, of the structure of the " +
        "networks; the best proxy is one expression. Both were made on the search set alone. A regression on structure is no proxy.",
        [new("", CellKind.Text), new("ranking", CellKind.Code), .. FigureColumns],
        [
            Row(["best", best.Predictor.Summary, .. FigureCells(best.SearchRho, best.HeldOut)]),
            Row(["best proxy", bestProxy.CanonicalExpression, .. FigureCells(bestProxy.SearchRho, bestProxy.HeldOut)]),
        ]);

    private static ReportTable Proxies(ReportData data)
    {
        // Where every proxy is of one form, as from a search of the whole space, a column of ones says nothing.
        var hasForms = data.Proxies.Any(proxy => proxy.Forms > 1);
        var hasCriterion = data.Proxies.Any(proxy => proxy.Criterion is not null);

        // Where selection does not look for the truth, the best by the truth comes first.
        var order = !hasCriterion ? ""
            : data.Proxies.Any(proxy => proxy.Criterion > data.Proxies[0].Criterion)
                ? $"{data.Compared}, behind the proxy of the best rho with the truth, on "
                : $"{data.Compared} on ";
        return new ReportTable(
            "Best proxies",
            $"Ordered by {order}the search set alone; nothing was chosen on the held-out set. Search rho is inflated, " +
            "because the best of many proxies was picked on it. " +
            (hasForms
                ? "Proxies that rank the search set identically are one row: the simplest form, and how many forms were found. "
                : "") +
            "Rho within groups compares architectures of equal layers and hidden size only: what the proxy knows beyond those two.",
            [
                new("#", CellKind.Number), new("proxy", CellKind.Code),
                .. hasForms ? [new Column("forms", CellKind.Number)] : ImmutableArray<Column>.Empty,
                .. hasCriterion ? [new Column($"search {data.Compared}", CellKind.Number)] : ImmutableArray<Column>.Empty,
                .. FigureColumns,
            ],
            [
                .. data.Proxies.Select((proxy, index) => Row(
                [
                    Number(index + 1), proxy.CanonicalExpression,
                    .. hasForms ? [Number(proxy.Forms)] : ImmutableArray<Cell>.Empty,
                    .. hasCriterion ? [Figures.Correlation(proxy.Criterion ?? double.NaN)] : ImmutableArray<Cell>.Empty,
                    .. FigureCells(proxy.SearchRho, proxy.HeldOut),
                ])),
            ]);
    }

    private static ReportTable Baselines(ReportData data) => new(
        "Structural baselines",
        "They need no network, only its description. Ties flatter a baseline with few distinct scores: rho, " +
        "ties at random is the mean over all orders of equal scores, and tau-a gives a tie nothing.",
        [new("baseline", CellKind.Text), .. FigureColumns],
        [.. data.Baselines.Select(baseline => Row([baseline.Name, .. FigureCells(baseline.SearchRho, baseline.HeldOut)]))]);

    private static ReportTable BeyondSize(ReportData data) => new(
        "Beyond size",
        "On the held-out set. Regret: the best truth minus the best among the first, and among the first ten, by score. Pairs: the " +
        "share in the right order among pairs of networks whose parameters outside embedding and output differ by at most 5%. Partial " +
        "rho: what is left of rho given parameters and layers.",
        [
            new("ranking", CellKind.Code), new("regret of the first", CellKind.Number), new("of the first ten", CellKind.Number),
            new("pairs of equal size", CellKind.Number), new("partial rho", CellKind.Number),
        ],
        [
            .. AnswerOf(data).Select(answer => (Name: answer.Predictor.Summary, answer.HeldOut))
                .Concat(data.Proxies.Select(proxy => (Name: proxy.CanonicalExpression, proxy.HeldOut)))
                .Concat(data.Baselines.Select(baseline => (baseline.Name, baseline.HeldOut)))
                .Select(ranking => Row(
                    ranking.Name, Figures.Truth(ranking.HeldOut?.RegretTop1), Figures.Truth(ranking.HeldOut?.RegretTop10),
                    Figures.Correlation(ranking.HeldOut?.PairAccuracy ?? double.NaN),
                    Figures.Correlation(ranking.HeldOut?.PartialRho ?? double.NaN))),
        ]);

    private static ReportTable Differences(ReportData data) => new(
        "Best proxies against the baselines",
        "Held-out rho of the proxy minus that of the baseline, with the paired bootstrap 95% interval. Bold: " +
        "the interval lies on one side of 0.",
        [new("proxy", CellKind.Code), .. data.Baselines.Select(baseline => new Column(baseline.Name, CellKind.Number))],
        [
            .. AnswerOf(data).Select(answer => DifferenceRow($"best: {answer.Predictor.Summary}", answer.Differences)),
            .. data.Proxies.Select(proxy => DifferenceRow(proxy.CanonicalExpression, proxy.Differences)),
        ]);

    /// <summary>The answer where it is no proxy of the report, before which it stands.</summary>
    private static IEnumerable<AnswerEntry> AnswerOf(ReportData data) => data.Answer is { } answer ? [answer] : [];

    private static ImmutableArray<Cell> DifferenceRow(string name, ImmutableArray<RhoDifference> differences) =>
    [
        name,
        .. differences.Select(difference => new Cell(
            [Figures.Difference(difference.Difference), Figures.DifferenceInterval(difference.Interval)],
            difference.Comparison != Comparison.NotDistinguishable)),
    ];

    private static ReportTable Options(ReportData data) => new(
        "Options considered",
        "Decided by nested cross-validation on the search set, split by network, before the held-out set was scored; " +
        "the held-out rho of the others is shown for information and had no say.",
        [new("option", CellKind.Text), new("cross-validated rho", CellKind.Number), new("held-out rho", CellKind.Number),
            new("chosen", CellKind.Text)],
        [
            .. data.Options.Select(option => Row(
                new Cell(option.Name, option.Chosen),
                new Cell(Figures.Correlation(option.CrossValidatedRho), option.Chosen),
                new Cell(Figures.Correlation(option.HeldOutRho), option.Chosen),
                new Cell(option.Chosen ? "chosen" : "", option.Chosen))),
        ]);

    private static ReportTable Origin(ReportOrigin origin) => new(
        "Origin",
        "The command does the same again where the run's database is at hand; elsewhere, " +
        "give it the file of the benchmark with that digest.",
        [new("what", CellKind.Text), new("value", CellKind.Code)],
        [
            Row("written", origin.Date.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            Row("program", $"lpzero {origin.Version}"),
            Row("benchmark (SHA-256)", origin.BenchmarkDigest),
            Row("command", origin.Command),
        ]);

    private static ReportTable Effort(ReportData data)
    {
        var terms = data.TermCache.Hits + data.TermCache.Misses;
        return new ReportTable(
            "Effort",
            "",
            [new("quantity", CellKind.Text), new("value", CellKind.Number)],
            [
                Row("architectures searched", Figures.Count(data.Search.Genotypes)),
                Row("networks searched", Figures.Count(data.Search.Networks)),
                Row("architectures held out", Figures.Count(data.HeldOut.Genotypes)),
                Row("networks held out", Figures.Count(data.HeldOut.Networks)),
                Row("proxies scored", Count(data.Scored)),
                Row("of them invalid", Count(data.Invalid)),
                Row("why the search ended", data.Ended ?? Figures.Missing),
                Row("wall-clock time", Figures.Duration(data.Seconds)),
                Row("terms found in the cache", Figures.Count(data.TermCache.Hits)),
                Row("terms computed", Figures.Count(data.TermCache.Misses)),
                Row("cache hit rate", terms == 0
                    ? Figures.Missing
                    : string.Create(CultureInfo.InvariantCulture, $"{100.0 * data.TermCache.Hits / terms:0.0}%")),
            ]);
    }

    private static ReportTable Pruned(ReportData data) => new(
        "Pruned before anything was computed",
        "How often each rule of the Rule-based Pruning Strategy acted.",
        [new("rule", CellKind.Text), new("proxies", CellKind.Number)],
        [.. data.Pruned.Select(rule => Row(rule.Rule, Figures.Count(rule.Count)))]);

    private static IEnumerable<Cell> FigureCells(double searchRho, RankingFigures? heldOut)
    {
        yield return Figures.Correlation(searchRho);
        yield return new Cell(Figures.Correlation(heldOut?.Rho ?? double.NaN), true);
        yield return heldOut is null ? Figures.Missing : Figures.Interval(heldOut.RhoInterval);
        yield return Figures.Correlation(heldOut?.RhoTiesAtRandom ?? double.NaN);
        yield return Figures.Correlation(heldOut?.TauA ?? double.NaN);
        yield return Figures.Correlation(heldOut?.TauB ?? double.NaN);
        yield return Figures.Correlation(heldOut?.RhoWithinGroups ?? double.NaN);
        yield return heldOut is null ? Figures.Missing : Number(heldOut.DistinctScores);
    }

    private static string Count(long? count) => count is { } known ? Figures.Count(known) : Figures.Missing;

    private static Cell Number(int number) => Figures.Count(number);

    private static ImmutableArray<Cell> Row(params ImmutableArray<Cell> cells) => cells;
}
