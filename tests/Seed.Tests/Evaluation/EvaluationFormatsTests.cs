using System.Collections.Immutable;
using System.Text.Json;
using System.Xml.Linq;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Evaluation;

namespace LPZero.Seed.Tests.Evaluation;

public class EvaluationFormatsTests
{
    private static readonly ImmutableArray<double> Truth = [.. Enumerable.Range(0, 24).Select(i => (double)i)];

    private static readonly EvaluationReport Report = new([Benchmark("one & only"), Benchmark("second")], "9.9", "lpzero evaluate <all>");

    [Fact]
    public void Json_has_the_documented_fields_and_leaves_out_what_there_is_not()
    {
        var root = JsonDocument.Parse(EvaluationFormats.Json(Report)).RootElement;
        Assert.Equal(1, root.GetProperty("schemaVersion").GetInt32());
        var rows = root.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(8, rows.Count);
        var good = rows.First(row => row.GetProperty("proxy").GetString() == "square(W)");
        Assert.Equal(
            [
                "proxy", "kind", "benchmark", "architectures", "networks", "rho", "rhoLow", "rhoHigh", "rhoTiesAtRandom", "tauA", "tauALow",
                "tauAHigh", "tauB", "tauBLow", "tauBHigh", "precisionTop10", "regretTop1", "regretTop10", "pairAccuracy", "partialRho",
                "minusBaseline", "minusBaselineLow", "minusBaselineHigh", "secondsPerArchitecture",
            ],
            good.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("expression", "one & only", 24, 24, 0.25), (
            good.GetProperty("kind").GetString(), good.GetProperty("benchmark").GetString(), good.GetProperty("architectures").GetInt32(),
            good.GetProperty("networks").GetInt32(), good.GetProperty("secondsPerArchitecture").GetDouble()));
        var undefined = rows.First(row => row.GetProperty("proxy").GetString() == "broken_%");
        Assert.Equal(
            ["proxy", "kind", "benchmark", "architectures", "networks", "reason"],
            undefined.EnumerateObject().Select(field => field.Name));
        Assert.False(rows.First(row => row.GetProperty("proxy").GetString() == "layers").TryGetProperty("partialRho", out _));
    }

    [Fact]
    public void What_a_reader_has_to_know_besides_is_in_every_format_for_readers()
    {
        const string Note = "The predictor may have been made on some of them.";
        var report = Report with { Notes = [Note] };
        Assert.Contains($"\n- {Note}\n", EvaluationFormats.Markdown(report), StringComparison.Ordinal);
        Assert.Contains($"\n% {Note}\n", EvaluationFormats.Latex(report), StringComparison.Ordinal);
        Assert.Contains(Note, EvaluationPage.Render(report), StringComparison.Ordinal);
        Assert.Equal(Note, JsonDocument.Parse(EvaluationFormats.Json(report)).RootElement.GetProperty("notes")[0].GetString());
        Assert.False(JsonDocument.Parse(EvaluationFormats.Json(Report)).RootElement.TryGetProperty("notes", out _));
    }

    [Fact]
    public void Csv_has_the_names_and_values_of_the_Json()
    {
        var lines = EvaluationFormats.Csv(Report).TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToList();
        var rows = JsonDocument.Parse(EvaluationFormats.Json(Report)).RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(rows.Count + 1, lines.Count);
        foreach (var (line, row) in lines.Skip(1).Zip(rows))
        {
            foreach (var (name, text) in lines[0].Zip(line))
            {
                Assert.Equal(row.TryGetProperty(name, out var value) ? value.ToString() : "", text);
            }
        }
    }

    [Fact]
    public void Where_scores_are_published_two_more_columns_say_how_they_rank()
    {
        var benchmark = Benchmark("one");
        var report = new EvaluationReport(
            [
                benchmark with
                {
                    Rows = [.. benchmark.Rows.Select(row => row.Proxy.Name == "square(W)"
                        ? row with { Published = new PublishedRanking(0.25, double.NaN) }
                        : row)],
                },
            ], "9.9", "lpzero evaluate");
        var row = JsonDocument.Parse(EvaluationFormats.Json(report)).RootElement.GetProperty("rows").EnumerateArray()
            .Single(row => row.GetProperty("proxy").GetString() == "square(W)");
        Assert.Equal(0.25, row.GetProperty("rhoWithPublished").GetDouble());
        Assert.False(row.TryGetProperty("rhoOfPublished", out _));
        Assert.EndsWith(",rhoWithPublished,rhoOfPublished", EvaluationFormats.Csv(report).Split('\n')[0], StringComparison.Ordinal);
        var table = EvaluationFormats.Markdown(report).Split('\n').Where(line => line.StartsWith('|')).ToList();
        Assert.Contains("| rho with published | published rho |", table[0], StringComparison.Ordinal);
        Assert.Single(table.Select(line => line.Count(c => c == '|')).Distinct());
        Assert.Contains(table, line => line.Contains("`square(W)`", StringComparison.Ordinal)
            && line.Contains("| 0.250 |", StringComparison.Ordinal));
        Assert.DoesNotContain("published", EvaluationFormats.Markdown(Report), StringComparison.Ordinal);
        var latex = EvaluationFormats.Latex(report);
        Assert.Contains("\\begin{tabular}{lrrrrrrrr}", latex, StringComparison.Ordinal);
        Assert.Contains(" & 0.250 & -- \\\\\n", latex, StringComparison.Ordinal);
        Assert.Single(latex.Split('\n').Where(line => line.Contains('&')).Select(line => line.Count(c => c == '&')).Distinct());
        Assert.DoesNotContain("ublished", EvaluationFormats.Latex(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_is_one_table_of_all_benchmarks()
    {
        var lines = EvaluationFormats.Markdown(Report).Split('\n');
        var table = lines.Where(line => line.StartsWith('|')).ToList();
        Assert.Equal(2 + 8, table.Count);
        Assert.Single(table.Select(line => line.Count(c => c == '|')).Distinct());
        Assert.StartsWith(
            "| one & only | `square(W)` | expression | 1.000<br>1.000 to 1.000 |", table[2], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith(
            "- second: 24 architectures, 24 networks. The best structural baseline is 'layers' with rho", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(
            "Of 2 proxies, 1 ranked better, 0 not distinguishably, 1 worse", StringComparison.Ordinal));
        Assert.Contains(table, line => line.Contains("scores: every architecture has the same score", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_split_holds_out_is_in_every_format()
    {
        var benchmark = Benchmark("one");
        var regression = benchmark.Rows.First(row => row.Proxy.Kind == ProxyKind.Baseline);
        var part = benchmark with { Rows = benchmark.Rows.Add(regression with { Proxy = regression.Proxy with { Name = "fitted" } }) };
        var report = new EvaluationReport(
            [
                benchmark with
                {
                    HeldOut = new HeldOutPart(
                        part, new SetSize(10, 9), new SearchConfiguration { Preset = "default" } with { SplitSeed = 5 }),
                },
                Benchmark("two"),
            ], "9.9", "lpzero evaluate");
        const string From = "none of them in the search set: 10 architectures, 9 networks, drawn with split seed 5";

        var json = JsonDocument.Parse(EvaluationFormats.Json(report)).RootElement;
        var heldOut = json.GetProperty("heldOut").EnumerateArray().Single();
        Assert.Equal(("one", 5, 10, 9), (
            heldOut.GetProperty("benchmark").GetString(), heldOut.GetProperty("splitSeed").GetInt32(),
            heldOut.GetProperty("searchArchitectures").GetInt32(), heldOut.GetProperty("searchNetworks").GetInt32()));
        Assert.Contains(
            heldOut.GetProperty("rows").EnumerateArray(), row => row.GetProperty("proxy").GetString() == "fitted");
        foreach (var row in json.GetProperty("rows").EnumerateArray())
        {
            var isHeldOut = row.GetProperty("benchmark").GetString() == "one" && row.TryGetProperty("rho", out _);
            Assert.Equal(isHeldOut, row.TryGetProperty("heldOutRho", out var rho));
            Assert.True(!isHeldOut || rho.GetDouble() == row.GetProperty("rho").GetDouble());
        }

        Assert.Contains(",heldOutRho,heldOutRhoLow,heldOutRhoHigh,heldOutTauA,", EvaluationFormats.Csv(report), StringComparison.Ordinal);
        foreach (var text in new[]
        {
            EvaluationFormats.Markdown(report), EvaluationFormats.Latex(report), EvaluationPage.Render(report),
            EvaluationText.Plain(report),
        })
        {
            Assert.Contains("fitted", text, StringComparison.Ordinal);
            Assert.Contains(From, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("held out", EvaluationFormats.Markdown(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_predictor_is_counted_as_a_ranking_and_not_as_a_proxy()
    {
        var benchmark = Benchmark("one");
        var verdict = EvaluationReport.Verdict(benchmark with
        {
            Rows =
            [
                .. benchmark.Rows.Select(row => row.Proxy.Name == "reversed"
                    ? row with { Proxy = row.Proxy with { Kind = ProxyKind.Predictor } }
                    : row),
            ],
        });
        Assert.Contains("Of 2 rankings, 1 ranked better", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Latex_escapes_names_and_has_a_block_for_each_benchmark()
    {
        var text = EvaluationFormats.Latex(Report);
        var rows = text.Split('\n').Where(line => line.EndsWith("\\\\", StringComparison.Ordinal)).ToList();
        Assert.Contains("\\multicolumn{7}{l}{one \\& only} \\\\", rows);
        Assert.Equal(1 + 2 + (2 * 3), rows.Count);
        Assert.All(
            rows.Where(row => !row.Contains("multicolumn", StringComparison.Ordinal)),
            row => Assert.Equal(6, row.Replace("\\&", "", StringComparison.Ordinal).Count(c => c == '&')));
        Assert.Contains("\\texttt{square(W)} & 1.000 [1.000, 1.000] & 1.000", text, StringComparison.Ordinal);
        Assert.Contains("\n% broken_% on second: every architecture has the same score\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere_and_plots_every_ranking()
    {
        var html = EvaluationPage.Render(Report);
        var page = XDocument.Parse(html[html.IndexOf('\n')..]);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        var drawings = page.Descendants("svg").ToList();
        Assert.Equal(2 * 3, drawings.Count);
        Assert.Equal(drawings.Count, drawings.Select(drawing => drawing.Attribute("id")!.Value).Distinct().Count());
        Assert.All(drawings, drawing => Assert.Equal(Truth.Length, drawing.Descendants("circle").Count()));
        Assert.Equal(8, page.Descendants("tbody").Single().Elements("tr").Count());
        Assert.Contains(page.Descendants("circle"), dot => dot.Value == "a3: score 3, truth 3");
    }

    [Fact]
    public void Truths_of_a_benchmark_are_in_every_format()
    {
        var benchmark = Benchmark("one");
        ImmutableArray<TruthColumn> truths =
        [
            new("GLUE", IsTask: false, 0.96, 0.97), new("by reliability", IsTask: false, 0.98, 0.99),
            new("co_la", IsTask: true, 0.5, 0.625),
        ];
        var report = new EvaluationReport(
            [
                benchmark with
                {
                    Ceiling = new NoiseCeiling(
                        0.96, 0.97, 0.75, Failed: 2, [new GroupCeiling("2 layers, hidden 8", 10, 8, double.NaN, 0.7)]),
                    Truths = truths,
                    Rows = [.. benchmark.Rows.Select(row => row.Proxy.Name == "square(W)"
                        ? row with { ByTruth = [new(0.1, 0.2), new(0.3, 0.4), new(0.5, double.NaN)] }
                        : row)],
                },
                Benchmark("two"),
            ], "9.9", "lpzero evaluate");
        var json = JsonDocument.Parse(EvaluationFormats.Json(report)).RootElement;
        var ceiling = json.GetProperty("benchmarks")[0].GetProperty("ceiling");
        Assert.Equal((0.96, 0.97, 0.75), (
            ceiling.GetProperty("rho").GetDouble(), ceiling.GetProperty("rhoWithoutFailed").GetDouble(),
            ceiling.GetProperty("noise").GetDouble()));
        Assert.Equal(0.7, ceiling.GetProperty("groups")[0].GetProperty("rho").GetDouble());
        Assert.False(json.GetProperty("benchmarks")[1].TryGetProperty("ceiling", out _));
        var row = json.GetProperty("rows").EnumerateArray().First(row => row.GetProperty("proxy").GetString() == "square(W)");
        Assert.Equal((0.1, 0.2, 0.3, 0.4, 0.5), (
            row.GetProperty("rhoAsGiven").GetDouble(), row.GetProperty("rhoWithoutFailed").GetDouble(),
            row.GetProperty("rhoByReliability").GetDouble(), row.GetProperty("rhoByReliabilityWithoutFailed").GetDouble(),
            row.GetProperty("rho.co_la").GetDouble()));
        Assert.False(row.TryGetProperty("rhoWithoutFailed.co_la", out _));
        var broken = json.GetProperty("rows").EnumerateArray().First(row => row.TryGetProperty("reason", out _));
        Assert.DoesNotContain(broken.EnumerateObject(), figure => figure.Name.StartsWith("rho", StringComparison.Ordinal));

        var csv = EvaluationFormats.Csv(report).TrimEnd('\n').Split('\n');
        Assert.EndsWith(",rho.co_la,rhoWithoutFailed.co_la", csv[0], StringComparison.Ordinal);
        Assert.Single(csv.Select(line => line.Count(c => c == ',')).Distinct());
        Assert.Contains(csv, line => line.EndsWith(",0.1,0.2,0.3,0.4,0.5,", StringComparison.Ordinal));

        var markdown = EvaluationFormats.Markdown(report);
        Assert.Contains("## Rho by truth and by task on one\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| `square(W)` | 0.100<br>0.200 | 0.300<br>0.400 | 0.500 |\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| `noise ceiling` | 0.960<br>0.970 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| 2 layers, hidden 8 | 10 | 8 | n/a | 0.700 |\n", markdown, StringComparison.Ordinal);
        Assert.Contains(
            "Noise leaves a perfect ranking a rho of 0.960, 0.970 without the 2 failed trainings.", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("on two\n", markdown, StringComparison.Ordinal);

        Assert.Contains(
            "\\texttt{square(W)} & 0.100 / 0.200 & 0.300 / 0.400 & 0.500 \\\\\n", EvaluationFormats.Latex(report),
            StringComparison.Ordinal);
        Assert.Contains("one & GLUE & by reliability & co\\_la \\\\\n", EvaluationFormats.Latex(report), StringComparison.Ordinal);
        var html = EvaluationPage.Render(report);
        Assert.Contains(
            XDocument.Parse(html[html.IndexOf('\n')..]).Descendants("h2"), heading => heading.Value == "Rho by truth and by task on one");
    }

    private static BenchmarkEvaluation Benchmark(string name)
    {
        var evaluator = new ProxyEvaluator(new EvaluatedSet(
            Truth, [.. Truth.Select(t => $"{t}")], [.. Truth.Select(t => 100 + (t * 7 % 24))], [.. Truth.Select(t => Math.Floor(t / 8))]));
        return new BenchmarkEvaluation(
            name, "made-up quality", "0123", [.. Truth.Select(t => $"a{t}")], Truth, evaluator.Networks,
            BenchmarkEvaluation.RowsOf(evaluator,
            [
                new ScoredProxy("layers", ProxyKind.Baseline, [.. Truth.Select(t => Math.Floor(t / 8))]),
                new ScoredProxy("square(W)", ProxyKind.Expression, Truth, SecondsPerArchitecture: 0.25),
                new ScoredProxy("reversed", ProxyKind.Scores, [.. Truth.Select(t => -t)]),
                new ScoredProxy("broken_%", ProxyKind.Scores, [.. Truth.Select(_ => 1.0)]),
            ]));
    }
}
