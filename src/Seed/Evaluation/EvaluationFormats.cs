using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Evaluation;

/// <summary>An evaluation as Markdown, LaTeX, CSV or JSON. The last two have the same names and full precision.</summary>
internal static class EvaluationFormats
{
    /// <summary>Raised where a field of the JSON changes its meaning; new ones do not raise it.</summary>
    public const int SchemaVersion = 1;

    /// <summary>A page of Markdown.</summary>
    public static string Markdown(EvaluationReport report)
    {
        var text = new StringBuilder();
        text.Append($"# {report.Title}\n\n");
        foreach (var benchmark in report.Benchmarks)
        {
            text.Append($"- {EvaluationReport.Verdict(benchmark)}\n");
        }

        foreach (var note in report.Notes)
        {
            text.Append($"- {note}\n");
        }

        MarkdownReport.Append(text, report.Table());
        if (report.HeldOutTable() is { } heldOut)
        {
            MarkdownReport.Append(text, heldOut);
        }

        foreach (var table in report.TruthsOfEach())
        {
            MarkdownReport.Append(text, table);
        }

        MarkdownReport.AppendOrigin(text, report.Version, report.Command);
        return text.ToString();
    }

    /// <summary>
    /// A booktabs table, a block of rows for each benchmark and one for what a split holds out of it, and one more for each benchmark with
    /// tasks; proxies without figures are comments below them.
    /// </summary>
    public static string Latex(EvaluationReport report)
    {
        var (text, isCompared) = (new StringBuilder(), report.IsCompared);
        var columns = isCompared ? 9 : 7;
        text.Append("% needs \\usepackage{booktabs}\n");
        text.Append($"% {SingleLine(report.Command)}\n");
        foreach (var note in report.Notes)
        {
            text.Append($"% {SingleLine(note)}\n");
        }

        text.Append($"\\begin{{tabular}}{{l{new string('r', columns - 1)}}}\n\\toprule\n");
        text.Append("Proxy & $\\rho$ [95\\%] & $\\tau_a$ & $\\tau_b$ & Top 10\\% & Pairs & Partial $\\rho$");
        text.Append(isCompared ? " & $\\rho$ with published & Published $\\rho$ \\\\\n" : " \\\\\n");
        foreach (var (heading, evaluation) in LatexBlocks(report))
        {
            text.Append(CultureInfo.InvariantCulture, $"\\midrule\n\\multicolumn{{{columns}}}{{l}}{{{LatexText(heading)}}} \\\\\n");
            foreach (var row in evaluation.Rows)
            {
                if (row.Figures is { } figures)
                {
                    text.Append(
                        $"{LatexName(row)} & {LatexNumber(figures.Rho)}{LatexInterval(figures.RhoInterval)} & " +
                        $"{LatexNumber(figures.TauA)} & {LatexNumber(figures.TauB)} & {LatexNumber(figures.PrecisionTop10)} & " +
                        $"{LatexNumber(figures.PairAccuracy)} & {LatexNumber(figures.PartialRho)}");
                    text.Append(isCompared
                        ? $" & {LatexNumber(row.Published?.RhoWithOurs)} & {LatexNumber(row.Published?.Rho)} \\\\\n"
                        : " \\\\\n");
                }
            }
        }

        text.Append("\\bottomrule\n\\end{tabular}\n");
        foreach (var benchmark in report.Benchmarks.Where(benchmark => !benchmark.Truths.IsEmpty))
        {
            AppendTruths(text, benchmark);
        }

        foreach (var (benchmark, row) in report.Benchmarks.SelectMany(benchmark => benchmark.Rows.Select(row => (benchmark, row))))
        {
            if (row.Reason is { } reason)
            {
                text.Append($"% {SingleLine($"{row.Proxy.Name} on {benchmark.Name}: {reason}")}\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(string Heading, BenchmarkEvaluation Evaluation)> LatexBlocks(EvaluationReport report) =>
        report.Benchmarks.SelectMany(benchmark => benchmark.HeldOut is { } heldOut
            ? [(benchmark.Name, benchmark), ($"{benchmark.Name}, {EvaluationReport.HeldOutFrom(heldOut)}", heldOut.Evaluation)]
            : new[] { (benchmark.Name, benchmark) });

    /// <summary>A line for each row; an absent figure is an empty cell.</summary>
    public static string Csv(EvaluationReport report)
    {
        var isCompared = report.IsCompared;
        var rows = report.Benchmarks
            .SelectMany(benchmark => benchmark.Rows.Select(row => Fields(benchmark, row, isCompared).ToList())).ToList();

        // Each benchmark has columns for its own tasks.
        List<string> names = [.. rows.SelectMany(row => row.Select(field => field.Name)).Distinct(StringComparer.Ordinal)];
        return TableExport.Csv([.. names], rows.Select(row =>
        {
            var values = row.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
            return names.Select(name => values.GetValueOrDefault(name));
        }));
    }

    /// <summary>What docs/json.md describes; an absent figure is absent.</summary>
    public static string Json(EvaluationReport report) => JsonSerializer.Serialize(
        new
        {
            schemaVersion = SchemaVersion,
            version = report.Version,
            command = report.Command,
            notes = report.Notes.IsEmpty ? null : report.Notes.AsEnumerable(),
            bootstrap = new { seed = ProxyEvaluator.DefaultSeed, resamples = NetworkBootstrap.DefaultResamples },
            benchmarks = report.Benchmarks.Select(benchmark => new
            {
                name = benchmark.Name,
                metric = benchmark.Metric,
                digest = benchmark.Digest,
                architectures = benchmark.Truth.Length,
                networks = benchmark.Networks,
                bestBaseline = benchmark.BestBaseline?.Proxy.Name,
                ceiling = CeilingJson.Of(benchmark.Ceiling),
                truths = benchmark.Truths.IsEmpty ? null : benchmark.Truths.Select(TruthJson.Of),
                smallestDifference = Finite(benchmark.BestMinusBaseline?.SmallestShown),
            }),
            rows = report.Benchmarks.SelectMany(benchmark => Rows(benchmark, report.IsCompared)),
            heldOut = report.HeldOut.Select(HeldOut),
        },
        MessageJson.Indented) + "\n";

    /// <summary>What a split holds out as JSON has it.</summary>
    public static object HeldOut(HeldOutPart heldOut) => new
    {
        benchmark = heldOut.Evaluation.Name,
        splitSeed = heldOut.SplitSeed,
        searchArchitectures = heldOut.Search.Genotypes,
        searchNetworks = heldOut.Search.Networks,
        architectures = heldOut.Evaluation.Ids.Length,
        networks = heldOut.Evaluation.Networks,
        bestBaseline = heldOut.Evaluation.BestBaseline?.Proxy.Name,
        smallestDifference = Finite(heldOut.Evaluation.BestMinusBaseline?.SmallestShown),
        ceiling = CeilingJson.Of(heldOut.Evaluation.Ceiling),
        rows = Rows(heldOut.Evaluation, isCompared: false),
    };

    /// <summary>The rows of a benchmark as JSON has them.</summary>
    private static IEnumerable<Dictionary<string, object?>> Rows(BenchmarkEvaluation benchmark, bool isCompared) =>
        benchmark.Rows.Select(row => Fields(benchmark, row, isCompared).Where(field => field.Value is not null)
            .ToDictionary(field => field.Name, field => field.Value));

    /// <summary>The fields of a row, by their names in JSON and CSV, which stay.</summary>
    private static IEnumerable<(string Name, object? Value)> Fields(
        BenchmarkEvaluation benchmark, EvaluationRow row, bool isCompared)
    {
        var figures = row.Figures;
        var heldOut = benchmark.HeldOut?.Evaluation.Rows
            .First(held => (held.Proxy.Kind, held.Proxy.Name) == (row.Proxy.Kind, row.Proxy.Name));
        return
        [
            ("proxy", row.Proxy.Name),
            ("kind", EvaluationReport.Kind(row)),
            ("benchmark", benchmark.Name),
            ("architectures", benchmark.Truth.Length),
            ("networks", benchmark.Networks),
            ("rho", Finite(figures?.Rho)),
            ("rhoLow", Finite(figures?.RhoInterval.Low)),
            ("rhoHigh", Finite(figures?.RhoInterval.High)),
            ("rhoTiesAtRandom", Finite(figures?.RhoTiesAtRandom)),
            ("tauA", Finite(figures?.TauA)),
            ("tauALow", Finite(figures?.TauAInterval.Low)),
            ("tauAHigh", Finite(figures?.TauAInterval.High)),
            ("tauB", Finite(figures?.TauB)),
            ("tauBLow", Finite(figures?.TauBInterval.Low)),
            ("tauBHigh", Finite(figures?.TauBInterval.High)),
            ("precisionTop10", Finite(figures?.PrecisionTop10)),
            ("regretTop1", Finite(figures?.RegretTop1)),
            ("regretTop10", Finite(figures?.RegretTop10)),
            ("pairAccuracy", Finite(figures?.PairAccuracy)),
            ("partialRho", Finite(figures?.PartialRho)),
            ("minusBaseline", Finite(row.MinusBaseline?.Difference)),
            ("minusBaselineLow", Finite(row.MinusBaseline?.Interval.Low)),
            ("minusBaselineHigh", Finite(row.MinusBaseline?.Interval.High)),
            ("heldOutRho", Finite(heldOut?.Figures?.Rho)),
            ("heldOutRhoLow", Finite(heldOut?.Figures?.RhoInterval.Low)),
            ("heldOutRhoHigh", Finite(heldOut?.Figures?.RhoInterval.High)),
            ("heldOutTauA", Finite(heldOut?.Figures?.TauA)),
            ("secondsPerArchitecture", Finite(row.Proxy.SecondsPerArchitecture)),
            ("reason", row.Reason),
            .. isCompared
                ?
                [
                    ("rhoWithPublished", Finite(row.Published?.RhoWithOurs)),
                    ("rhoOfPublished", Finite(row.Published?.Rho)),
                ]
                : Array.Empty<(string, object?)>(),
            .. benchmark.Truths.SelectMany((truth, i) => ByTruth(benchmark.Truths, i, row.ByTruth.IsEmpty ? null : row.ByTruth[i])),
        ];
    }

    /// <summary>The rho by a truth; the first of them is the benchmark's own, whose rho is there unless another was asked for.</summary>
    private static IEnumerable<(string Name, object? Value)> ByTruth(ImmutableArray<TruthColumn> truths, int index, TruthRho? rho)
    {
        var (all, withoutFailed) = truths[index] switch
        {
            { IsTask: true } task => ($"rho.{task.Name}", $"rhoWithoutFailed.{task.Name}"),
            { Name: TruthColumns.ByReliability } => ("rhoByReliability", "rhoByReliabilityWithoutFailed"),
            _ => ("rhoAsGiven", "rhoWithoutFailed"),
        };
        return [(all, Finite(rho?.All)), (withoutFailed, Finite(rho?.WithoutFailed))];
    }

    /// <summary>Rho by truth and by task; behind a slash that without failed trainings.</summary>
    private static void AppendTruths(StringBuilder text, BenchmarkEvaluation benchmark)
    {
        text.Append($"\n\\begin{{tabular}}{{l{new string('r', benchmark.Truths.Length)}}}\n\\toprule\n");
        text.Append($"{LatexText(benchmark.Name)} & {string.Join(" & ", benchmark.Truths.Select(truth => LatexText(truth.Name)))} \\\\\n");
        text.Append("\\midrule\n");
        AppendRow("Noise ceiling", benchmark.Truths.Select(truth => new TruthRho(truth.Ceiling, truth.CeilingWithoutFailed)));
        foreach (var row in benchmark.Rows.Where(row => !row.ByTruth.IsEmpty))
        {
            AppendRow(LatexName(row), row.ByTruth);
        }

        text.Append("\\bottomrule\n\\end{tabular}\n");

        void AppendRow(string name, IEnumerable<TruthRho> rhos) =>
            text.Append($"{name} & {string.Join(" & ", rhos.Select(LatexBoth))} \\\\\n");
    }

    private static string LatexBoth(TruthRho rho) =>
        double.IsNaN(rho.WithoutFailed) ? LatexNumber(rho.All) : $"{LatexNumber(rho.All)} / {LatexNumber(rho.WithoutFailed)}";

    private static string LatexName(EvaluationRow row) =>
        row.Proxy.Kind == ProxyKind.Baseline ? $"\\textit{{{LatexText(row.Proxy.Name)}}}" : $"\\texttt{{{LatexText(row.Proxy.Name)}}}";

    private static string LatexNumber(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("0.000", CultureInfo.InvariantCulture) : "--";

    private static string LatexInterval(ConfidenceInterval interval) =>
        double.IsFinite(interval.Low) ? $" [{LatexNumber(interval.Low)}, {LatexNumber(interval.High)}]" : "";

    /// <summary>Text in which nothing is a command.</summary>
    private static string LatexText(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' => "\\textbackslash{}",
        '^' => "\\textasciicircum{}",
        '~' => "\\textasciitilde{}",
        '#' or '$' or '%' or '&' or '_' or '{' or '}' => $"\\{c}",
        '\r' or '\n' => " ",
        _ => c.ToString(),
    }));

    private static string SingleLine(string text) => text.ReplaceLineEndings(" ");
}
