using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Seed.Ablation;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Reproduction;

/// <summary>What searches found on networks that they never saw, over several seeds.</summary>
/// <param name="Rho">Spearman's rho.</param>
/// <param name="TauA">Kendall's tau-a.</param>
internal sealed record FoundFigures(Spread Rho, Spread TauA);

/// <summary>A published table of proxies beside the same proxies computed here, with the structural baselines (tables 3 and 4).</summary>
internal static class ComparisonStudy
{
    private const int RankCharts = 6;

    /// <summary>The study.</summary>
    /// <param name="table">What is published.</param>
    /// <param name="note">What is to be known of it.</param>
    /// <param name="evaluation">The proxies computed here.</param>
    /// <param name="found">What searches found here.</param>
    /// <param name="command">What to type to do the same again.</param>
    /// <param name="hasRanks">Whether to draw the ranks of the best proxies against the truth (figure 5).</param>
    public static Study Of(
        PublishedTable table, string note, BenchmarkEvaluation evaluation, FoundFigures found, string command, bool hasRanks)
    {
        var number = table.Table.ToString(CultureInfo.InvariantCulture);
        var rows = table.Rows.Select(row => new ComparedRow(
            row, evaluation.Proxies.FirstOrDefault(each => each.Proxy.Name == row.Id && row.Id is not null),
            row.Id == PublishedFigures.Found ? found : null)).ToImmutableArray();
        var baselines = evaluation.Rows.Where(row => row is { Proxy.Kind: ProxyKind.Baseline, Figures: not null }).ToImmutableArray();
        return new Study(
            $"table-{number}", $"Table {number}: proxies on {evaluation.Name}", command,
            [
                $"Published: {table.Benchmark}. {note}", EvaluationReport.Verdict(evaluation),
                "Ours of a search is mean ± standard deviation over the seeds on networks that it never saw; ours of the others is on " +
                "all architectures, as theirs is. No published table has structural baselines: they are the last rows.",
                "The command above computes ours of all but the search, whose are those of the searches of figure 6; published figures " +
                "stand beside them on this page alone.",
            ],
            [Table(number, rows, baselines), .. EvaluationReport.TruthsOf(evaluation)],
            [.. Chart(evaluation, rows, baselines), .. hasRanks ? Ranks(evaluation) : []],
            ["proxy", "id", "rho", "rhoLow", "rhoHigh", "tauA", "tauB", "paperRho", "paperTau", "filesRho", "filesTau"],
            [
                .. rows.Select(row => row.Values),
                .. baselines.Select(row => new ComparedRow(new PublishedRow(row.Proxy.Name), row, Found: null).Values),
            ],
            new
            {
                table = table.Table,
                benchmark = evaluation.Name,
                benchmarkDigest = evaluation.Digest,
                published = table.Benchmark,
                architectures = evaluation.Truth.Length,
                networks = evaluation.Networks,
                command,
                ceiling = CeilingJson.Of(evaluation.Ceiling),
                rows = rows.Select(row => row.Json()),
                baselines = baselines.Select(row => new
                {
                    name = row.Proxy.Name, rho = Finite(row.Figures!.Rho), tauA = Finite(row.Figures.TauA),
                }),
            });
    }

    private static ReportTable Table(string number, ImmutableArray<ComparedRow> rows, ImmutableArray<EvaluationRow> baselines) => new(
        $"Table {number}, ours beside the published",
        "Paper: the figures printed there. Files: those of the scores that the authors published.",
        [
            new("proxy", CellKind.Text), new("rho", CellKind.Number), new("tau-a", CellKind.Number), new("tau-b", CellKind.Number),
            new("paper, rho", CellKind.Number), new("paper, tau", CellKind.Number), new("files, rho", CellKind.Number),
            new("files, tau-b", CellKind.Number),
        ],
        [
            .. rows.Select(row => row.Cells()),
            .. baselines.Select(row => new ComparedRow(new PublishedRow($"structure: {row.Proxy.Name}"), row, Found: null).Cells()),
        ]);

    private static IEnumerable<StudyFigure> Chart(
        BenchmarkEvaluation evaluation, ImmutableArray<ComparedRow> rows, ImmutableArray<EvaluationRow> baselines)
    {
        var name = $"figure-1-{FileName(evaluation.Name)}";
        var caption = $"Rho of every proxy on {evaluation.Name} beside the published one (figure 1 of the paper)";
        var none = new ConfidenceInterval(double.NaN, double.NaN);
        var drawing = ComparisonChart.Draw(
            name, caption, "Spearman's rho",
            [
                .. rows.Select(row => new ComparedFigure(
                        row.Published.Name, row.Rho, row.Ours?.Figures?.RhoInterval ?? none,
                        row.Published.PaperRho ?? row.Published.FilesRho ?? double.NaN, IsBaseline: false))
                    .OrderByDescending(figure => figure.Ours),
                .. baselines.Select(row => new ComparedFigure(
                    row.Proxy.Name, row.Figures!.Rho, row.Figures.RhoInterval, double.NaN, IsBaseline: true)),
            ]);
        return drawing is null ? [] : [new StudyFigure(name, caption, drawing)];
    }

    private static IEnumerable<StudyFigure> Ranks(BenchmarkEvaluation evaluation) =>
        evaluation.Proxies.Where(row => row.Figures is not null).Take(RankCharts).Select(row =>
        {
            var name = $"figure-5-{FileName(row.Proxy.Name)}";
            var caption = $"{row.Proxy.Name}: rank of the score against the truth, rho {Figures.Correlation(row.Figures!.Rho)} " +
                "(figure 5 of the paper)";
            return new StudyFigure(name, caption, RankChart.Draw(
                name, row.Proxy.Name, evaluation.Metric, "search", evaluation.Ids, row.Proxy.Scores, evaluation.Truth));
        });

    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? char.ToLowerInvariant(c) : '-'));

    /// <summary>A published row, and ours: of the same proxy, or of what searches found.</summary>
    private sealed record ComparedRow(PublishedRow Published, EvaluationRow? Ours, FoundFigures? Found)
    {
        public double Rho => Found?.Rho.Mean ?? Ours?.Figures?.Rho ?? double.NaN;

        public double TauA => Found?.TauA.Mean ?? Ours?.Figures?.TauA ?? double.NaN;

        public ImmutableArray<object?> Values =>
        [
            Published.Name, Published.Id, Finite(Rho), Finite(Ours?.Figures?.RhoInterval.Low ?? double.NaN),
            Finite(Ours?.Figures?.RhoInterval.High ?? double.NaN), Finite(TauA),
            Finite(Ours?.Figures?.TauB ?? double.NaN), Published.PaperRho, Published.PaperTau, Published.FilesRho,
            Published.FilesTau,
        ];

        public ImmutableArray<Cell> Cells()
        {
            var figures = Ours?.Figures;
            return
            [
                Published.Name,
                Found is not null ? StudyText.Correlation(Found.Rho)
                    : figures is null ? Ours?.Reason ?? "not computed: no proxy here is this one"
                    : new Cell([Figures.Correlation(figures.Rho), Figures.Interval(figures.RhoInterval)]),
                Found is not null ? StudyText.Correlation(Found.TauA) : Figures.Correlation(figures?.TauA ?? double.NaN),
                Figures.Correlation(figures?.TauB ?? double.NaN),
                Text(Published.PaperRho), Text(Published.PaperTau), Text(Published.FilesRho), Text(Published.FilesTau),
            ];
        }

        public object Json() => new
        {
            name = Published.Name,
            id = Published.Id,
            rho = Finite(Rho),
            tauA = Finite(TauA),
            tauB = Finite(Ours?.Figures?.TauB ?? double.NaN),
            paperRho = Published.PaperRho,
            paperTau = Published.PaperTau,
            filesRho = Published.FilesRho,
            filesTau = Published.FilesTau,
            reason = Ours?.Reason,
        };

        private static string Text(double? value) => value is { } number ? Figures.Correlation(number) : "";
    }
}
