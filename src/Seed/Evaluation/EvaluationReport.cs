using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Truths;
using LPZero.Seed.Reporting;

namespace LPZero.Seed.Evaluation;

/// <summary>All that <c>lpzero evaluate</c> has found, whatever format it is written in.</summary>
/// <param name="Benchmarks">A part for each benchmark, in the order given.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Command">What to type to do the same again.</param>
internal sealed record EvaluationReport(ImmutableArray<BenchmarkEvaluation> Benchmarks, string Version, string Command)
{
    /// <summary>What the figures mean.</summary>
    public const string Method =
        ReportText.Method + " Top 10%: the share of the best tenth by score that is in the best tenth by truth. Regret: the best truth " +
        "minus the best among the first, and below it among the first ten, by score. Pairs: the share in the right order among pairs of " +
        "networks whose parameters outside embedding and output differ by at most 5%; equal scores count half. Partial rho: the " +
        "correlation of what is left of the ranks of score and truth after a regression on the ranks of parameters and layers. Seconds " +
        "are those of one thread for a network.";

    /// <summary>What a reader has to know besides, in sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    private const string PublishedMethod =
        " Rho with published: of ours with the scores that others published for the same proxy; published rho: of theirs with the truth.";

    private static readonly ImmutableArray<Column> FigureColumns =
    [
        new("proxy", CellKind.Code), new("kind", CellKind.Text), new("rho", CellKind.Number), new("tau-a", CellKind.Number),
        new("tau-b", CellKind.Number), new("top 10%", CellKind.Number), new("regret", CellKind.Number),
        new("pairs", CellKind.Number), new("partial rho", CellKind.Number), new("rho minus best baseline", CellKind.Number),
        new("s/architecture", CellKind.Number),
    ];

    private static readonly ImmutableArray<Column> PublishedColumns =
        [new("rho with published", CellKind.Number), new("published rho", CellKind.Number)];

    /// <summary>Whether some proxies are held against scores that others published.</summary>
    public bool IsCompared => Compares(Benchmarks);

    /// <summary>What splits hold out, of each benchmark that has such a part.</summary>
    public IEnumerable<HeldOutPart> HeldOut => Benchmarks.Select(benchmark => benchmark.HeldOut).OfType<HeldOutPart>();

    /// <summary>The heading.</summary>
    public string Title => $"Zero-cost proxies on {string.Join(", ", Benchmarks.Select(benchmark => benchmark.Name))}";

    /// <summary>What a benchmark says of all proxies, in sentences.</summary>
    public static string Verdict(BenchmarkEvaluation benchmark)
    {
        var size = Figures.Size(benchmark.Size);
        var ceiling = TruthTables.Sentence(benchmark.Ceiling);
        if (benchmark.BestBaseline is not { Figures: { } figures } baseline)
        {
            return $"{benchmark.Name}: {size}.{ceiling}";
        }

        var compared = benchmark.Proxies.Select(row => row.MinusBaseline).OfType<RhoDifference>().ToList();

        // A predictor may be made of structure alone.
        var (one, many) = benchmark.Proxies.Any(row => row is { Proxy.Kind: ProxyKind.Predictor, MinusBaseline: not null })
            ? ("ranking", "rankings")
            : ("proxy", "proxies");
        var counts = compared.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" Of {compared.Count} {(compared.Count == 1 ? one : many)}, " +
            $"{Count(Comparison.Better)} ranked better, {Count(Comparison.NotDistinguishable)} not distinguishably, " +
            $"{Count(Comparison.Worse)} worse (paired 95% intervals).");
        return $"{benchmark.Name}: {size}. The best structural baseline is '{baseline.Proxy.Name}' " +
            $"with rho {Figures.Correlation(figures.Rho)}.{counts}{ceiling}" +
            (benchmark.BestMinusBaseline is { } best ? $" {ReportText.SmallestShown(best, benchmark.Networks)}" : "");

        int Count(Comparison comparison) => compared.Count(difference => difference.Comparison == comparison);
    }

    /// <summary>From what the networks of a held-out part are held out.</summary>
    public static string HeldOutFrom(HeldOutPart heldOut)
    {
        var searched = heldOut.SplitSeed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"drawn with split seed {seed}")
            : heldOut.Configuration.SearchIds.IsEmpty ? "the first of the benchmark"
            : "those of --search-ids";
        return $"held out: {Figures.Size(heldOut.Evaluation.Size)}, none of them in the search set: {Figures.Size(heldOut.Search)}, " +
            searched;
    }

    /// <summary>One table of all benchmarks.</summary>
    public ReportTable Table() => TableOf(Benchmarks);

    /// <summary>One table of several benchmarks.</summary>
    public static ReportTable TableOf(ImmutableArray<BenchmarkEvaluation> benchmarks)
    {
        // One benchmark need not be named in every row.
        var (isOne, isCompared) = (benchmarks.Length == 1, Compares(benchmarks));
        var columns = isCompared ? FigureColumns.AddRange(PublishedColumns) : FigureColumns;
        return new ReportTable(
            "Figures",
            "Best rho first, structural baselines among the proxies. Under a figure stands its 95% interval; bold is a difference whose " +
            "interval lies on one side of 0. " + Method + (isCompared ? PublishedMethod : ""),
            isOne ? columns : columns.Insert(0, new Column("benchmark", CellKind.Text)),
            [
                .. benchmarks.SelectMany(benchmark => benchmark.Rows.Select(row =>
                    isOne ? Cells(row, isCompared) : Cells(row, isCompared).Insert(0, benchmark.Name))),
            ]);
    }

    /// <summary>The table of what splits hold out, of all benchmarks; none where nothing is held out.</summary>
    public ReportTable? HeldOutTable()
    {
        ImmutableArray<HeldOutPart> parts = [.. HeldOut];
        return parts.IsEmpty ? null : TableOf([.. parts.Select(part => part.Evaluation)]) with
        {
            Title = "On networks that a search never sees",
            Explanation = "The same, and regressions on structure, which are fitted on the search set. " +
                string.Join(' ', parts.Select(part => $"{part.Evaluation.Name}, {HeldOutFrom(part)}. {Verdict(part.Evaluation)}")),
        };
    }

    /// <summary>The tables about the truths of each benchmark that has tasks, or whose noise is known.</summary>
    public IEnumerable<ReportTable> TruthsOfEach() =>
        Benchmarks.SelectMany(benchmark => TruthsOf(benchmark).Select(table =>
            // One benchmark need not be named.
            Benchmarks.Length == 1 ? table : table with { Title = $"{table.Title} on {benchmark.Name}" }));

    /// <summary>The tables about the truths of a benchmark; none where it has no tasks and its noise is not known.</summary>
    public static IEnumerable<ReportTable> TruthsOf(BenchmarkEvaluation benchmark) => TruthTables.Of(
        RankedTruths.Of(benchmark.Truths, benchmark.Rows.Select(row => (row.Proxy.Name, row.ByTruth))), benchmark.Ceiling,
        benchmark.Size);

    /// <summary>The word for where scores come from.</summary>
    public static string Kind(EvaluationRow row) => row.Proxy.Kind.ToString().ToLowerInvariant();

    /// <summary>Seconds with three digits.</summary>
    public static string Seconds(double? seconds) => seconds?.ToString("G3", CultureInfo.InvariantCulture) ?? Figures.Missing;

    private static bool Compares(ImmutableArray<BenchmarkEvaluation> benchmarks) =>
        benchmarks.Any(benchmark => benchmark.Rows.Any(row => row.Published is not null));

    private static ImmutableArray<Cell> Cells(EvaluationRow row, bool isCompared) => isCompared
        ?
        [
            .. Cells(row), Figures.Correlation(row.Published?.RhoWithOurs ?? double.NaN),
            Figures.Correlation(row.Published?.Rho ?? double.NaN),
        ]
        : Cells(row);

    private static ImmutableArray<Cell> Cells(EvaluationRow row)
    {
        if (row.Figures is not { } figures)
        {
            return
            [
                row.Proxy.Name, $"{Kind(row)}: {row.Reason}", .. Enumerable.Repeat(new Cell(Figures.Missing), FigureColumns.Length - 2),
            ];
        }

        return
        [
            row.Proxy.Name,
            Kind(row),
            new Cell([Figures.Correlation(figures.Rho), Figures.Interval(figures.RhoInterval)]),
            new Cell([Figures.Correlation(figures.TauA), Figures.Interval(figures.TauAInterval)]),
            new Cell([Figures.Correlation(figures.TauB), Figures.Interval(figures.TauBInterval)]),
            Figures.Correlation(figures.PrecisionTop10),
            new Cell([Figures.Truth(figures.RegretTop1), Figures.Truth(figures.RegretTop10)]),
            Figures.Correlation(figures.PairAccuracy),
            Figures.Correlation(figures.PartialRho),
            row.MinusBaseline is { } difference
                ? new Cell(
                    [Figures.Difference(difference.Difference), Figures.DifferenceInterval(difference.Interval)],
                    difference.Comparison != Comparison.NotDistinguishable)
                : "",
            Seconds(row.Proxy.SecondsPerArchitecture),
        ];
    }
}
