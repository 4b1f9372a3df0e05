using System.Globalization;
using System.Text;
using System.Text.Json;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Messages;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;

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

        MarkdownReport.Append(text, report.Table());
        text.Append($"\nlpzero {report.Version}, `{report.Command}`\n");
        return text.ToString();
    }

    /// <summary>A booktabs table, a block of rows for each benchmark; proxies without figures are comments below it.</summary>
    public static string Latex(EvaluationReport report)
    {
        var text = new StringBuilder();
        text.Append("% needs \\usepackage{booktabs}\n");
        text.Append($"% {SingleLine(report.Command)}\n");
        text.Append("\\begin{tabular}{lrrrrrr}\n\\toprule\n");
        text.Append("Proxy & $\\rho$ [95\\%] & $\\tau_a$ & $\\tau_b$ & Top 10\\% & Pairs & Partial $\\rho$ \\\\\n");
        foreach (var benchmark in report.Benchmarks)
        {
            text.Append($"\\midrule\n\\multicolumn{{7}}{{l}}{{{LatexText(benchmark.Name)}}} \\\\\n");
            foreach (var row in benchmark.Rows)
            {
                if (row.Figures is { } figures)
                {
                    var name = row.Proxy.Kind == ProxyKind.Baseline
                        ? $"\\textit{{{LatexText(row.Proxy.Name)}}}"
                        : $"\\texttt{{{LatexText(row.Proxy.Name)}}}";
                    text.Append(
                        $"{name} & {LatexNumber(figures.Rho)}{LatexInterval(figures.RhoInterval)} & " +
                        $"{LatexNumber(figures.TauA)} & {LatexNumber(figures.TauB)} & {LatexNumber(figures.PrecisionTop10)} & " +
                        $"{LatexNumber(figures.PairAccuracy)} & {LatexNumber(figures.PartialRho)} \\\\\n");
                }
            }
        }

        text.Append("\\bottomrule\n\\end{tabular}\n");
        foreach (var (benchmark, row) in report.Benchmarks.SelectMany(benchmark => benchmark.Rows.Select(row => (benchmark, row))))
        {
            if (row.Reason is { } reason)
            {
                text.Append($"% {SingleLine($"{row.Proxy.Name} on {benchmark.Name}: {reason}")}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A line for each row; an absent figure is an empty cell.</summary>
    public static string Csv(EvaluationReport report)
    {
        var isCompared = report.IsCompared;
        var rows = report.Benchmarks
            .SelectMany(benchmark => benchmark.Rows.Select(row => Fields(benchmark, row, isCompared).ToList())).ToList();
        return TableExport.Csv([.. rows[0].Select(field => field.Name)], rows.Select(row => row.Select(field => field.Value)));
    }

    /// <summary>What docs/json.md describes; an absent figure is absent.</summary>
    public static string Json(EvaluationReport report) => JsonSerializer.Serialize(
        new
        {
            schemaVersion = SchemaVersion,
            version = report.Version,
            command = report.Command,
            bootstrap = new { seed = ProxyEvaluator.DefaultSeed, resamples = ProxyEvaluator.DefaultResamples },
            benchmarks = report.Benchmarks.Select(benchmark => new
            {
                name = benchmark.Name,
                metric = benchmark.Metric,
                digest = benchmark.Digest,
                architectures = benchmark.Truth.Length,
                networks = benchmark.Networks,
                bestBaseline = benchmark.BestBaseline?.Proxy.Name,
            }),
            rows = report.Benchmarks.SelectMany(benchmark => benchmark.Rows.Select(row =>
                Fields(benchmark, row, report.IsCompared).Where(field => field.Value is not null)
                    .ToDictionary(field => field.Name, field => field.Value))),
        },
        MessageJson.Indented) + "\n";

    /// <summary>The fields of a row, by their names in JSON and CSV, which stay.</summary>
    private static IEnumerable<(string Name, object? Value)> Fields(
        BenchmarkEvaluation benchmark, EvaluationRow row, bool isCompared)
    {
        var figures = row.Figures;
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
            ("secondsPerArchitecture", Finite(row.Proxy.SecondsPerArchitecture)),
            ("reason", row.Reason),
            .. isCompared
                ?
                [
                    ("rhoWithPublished", Finite(row.Published?.RhoWithOurs)),
                    ("rhoOfPublished", Finite(row.Published?.Rho)),
                ]
                : Array.Empty<(string, object?)>(),
        ];
    }

    /// <summary>JSON has no NaN.</summary>
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string LatexNumber(double value) =>
        double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "--";

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
