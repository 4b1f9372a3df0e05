using System.Globalization;
using System.Xml.Linq;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Truths;
using LPZero.Seed.Reporting;

namespace LPZero.Seed.Tests.Reporting;

public class ReportTests
{
    private static readonly ReportData Insightful = SampleReport.Of(insight: 1);
    private static readonly ReportData DepthOnly = SampleReport.Of(insight: 0);

    [Fact]
    public void The_page_is_well_formed_and_escapes_what_it_is_given()
    {
        var page = Parse(HtmlReport.Render(Insightful));
        Assert.Equal("sample & <run>: zero-cost proxies on generated", page.Descendants("h1").Single().Value);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        var html = HtmlReport.Render(Insightful);
        var page = Parse(html);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe" or "use");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "href");
    }

    [Fact]
    public void What_noise_leaves_and_the_rho_by_each_truth_are_in_the_report_and_stay_in_the_database()
    {
        var noisy = Insightful with
        {
            Ceiling = new NoiseCeiling(0.96, 0.97, 0.75, Failed: 3, [new GroupCeiling("2 layers, hidden 128", 60, 20, double.NaN, 0.7)]),
            Truths = [new TruthColumn("GLUE", IsTask: false, 0.96, 0.97), new TruthColumn("cola", IsTask: true, 0.9, double.NaN)],
            Proxies = [.. Insightful.Proxies.Select(proxy => proxy with { ByTruth = [new(0.125, 0.25), new(-0.5, double.NaN)] })],
            Baselines = [.. Insightful.Baselines.Select(baseline => baseline with { ByTruth = [new(0.375, 0.5), new(0.625, double.NaN)] })],
        };
        var report = MarkdownReport.Render(ReportData.FromJson(noisy.ToJson()));
        Assert.Contains("| `noise ceiling` | 0.960<br>0.970 | 0.900 |\n", report, StringComparison.Ordinal);
        Assert.Contains("` | 0.125<br>0.250 | -0.500 |\n", report, StringComparison.Ordinal);
        Assert.Contains("| `layers` | 0.375<br>0.500 | 0.625 |\n", report, StringComparison.Ordinal);
        Assert.Contains("| without failed trainings | 117 |  | 0.75 | 0.970 |\n", report, StringComparison.Ordinal);
        Assert.Contains("| 2 layers, hidden 128 | 60 | 20 | n/a | 0.700 |\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("ceiling", MarkdownReport.Render(Insightful), StringComparison.Ordinal);
    }

    [Fact]
    public void No_element_that_HTML_does_not_close_itself_is_written_as_empty()
    {
        string[] closedByThemselves = ["meta", "br", "line", "path", "circle"];
        var empty = Parse(HtmlReport.Render(Insightful)).Descendants().Where(element => element.IsEmpty)
            .Select(element => element.Name.LocalName);
        Assert.Empty(empty.Except(closedByThemselves));
    }

    [Fact]
    public void The_scatter_has_a_dot_for_every_architecture()
    {
        var search = Drawing("scatter-search", Insightful).Descendants("circle").ToList();
        var heldOut = Drawing("scatter-held-out", Insightful).Descendants("circle").ToList();
        Assert.Equal(SampleReport.SearchSize, search.Count);
        Assert.Equal(SampleReport.HeldOutSize, heldOut.Count);
        Assert.All(
            search.Concat(heldOut), dot => Assert.StartsWith("architecture a", dot.Element("title")!.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Extreme_scores_are_drawn_by_rank_so_that_the_others_stay_apart()
    {
        var points = Insightful.Scatter;
        var extreme = Insightful with { Scatter = points.SetItem(0, points[0] with { Score = 1e12 }) };
        var scatter = Drawing("scatter-search", extreme);
        Assert.Contains(scatter.Descendants("text"), text => text.Value.StartsWith("rank of the score", StringComparison.Ordinal));
        Assert.Equal(SampleReport.SearchSize, scatter.Descendants("circle").Count());
        Assert.True(scatter.Descendants("circle").Select(dot => (string?)dot.Attribute("cx")).Distinct().Count() > 15);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(350)]
    [InlineData(1100)]
    public void Every_drawing_has_a_title_a_description_and_labelled_axes_and_stays_within_a_frame_of_any_width(double width)
    {
        // As the widest of the usual faces at 13 pixels.
        const double PixelsPerCharacter = 7.3;
        var long1 = Insightful.Proxies[0] with
        {
            CanonicalExpression = "frobenius_norm(log_softmax(normalized_sum(S))) @ sigmoid(log_softmax(min_max(H)))",
        };
        var drawings = Parse(HtmlReport.Render(Insightful with { Proxies = Insightful.Proxies.Add(long1) })).Descendants("figure")
            .Select(figure => figure.Element("svg")!).ToList();
        Assert.Equal(["intervals", "scatter-search", "scatter-held-out", "convergence"],
            drawings.Select(drawing => (string?)drawing.Attribute("id")));
        foreach (var drawing in drawings)
        {
            var height = Number(drawing.Attribute("height")!.Value);
            Assert.Equal("100%", drawing.Attribute("width")!.Value);
            Assert.NotEmpty(drawing.Element("title")!.Value);
            Assert.NotEmpty(drawing.Element("desc")!.Value);
            Assert.Contains(drawing.Elements("text"), text => text.Attribute("class")!.Value.StartsWith("label", StringComparison.Ordinal));
            Assert.True(
                drawing.Elements("text").Count(text => text.Attribute("class")!.Value.StartsWith("tick", StringComparison.Ordinal)) >= 3);
            Assert.All(drawing.Descendants("circle"), dot =>
            {
                var radius = Number(dot.Attribute("r")!.Value);
                Assert.InRange(Pixels(dot.Attribute("cx")!), radius, width - radius);
                Assert.InRange(Number(dot.Attribute("cy")!.Value), radius, height - radius);
            });
            Assert.All(drawing.Descendants("line").Attributes().Where(end => end.Name.LocalName is "x1" or "x2"),
                end => Assert.InRange(Pixels(end), 0, width));
            Assert.All(drawing.Elements("text"), text =>
            {
                var (at, size) = (Pixels(text.Attribute("x")!), text.Value.Length * PixelsPerCharacter);
                var style = text.Attribute("class")!.Value;
                var left = style.EndsWith(" end", StringComparison.Ordinal)
                    ? at - size
                    : style.EndsWith(" middle", StringComparison.Ordinal) ? at - (size / 2) : at;
                Assert.True(left >= 0 && left + size <= width, $"'{text.Value}' reaches from {left} to {left + size} of {width}");
                Assert.InRange(Number(text.Attribute("y")!.Value), 9, height);
            });
            Assert.All(drawing.Elements("svg"),
                curve => Assert.Equal($"0 0 100 {curve.Attribute("height")!.Value}", curve.Attribute("viewBox")!.Value));
        }

        double Pixels(XAttribute position)
        {
            Assert.EndsWith("%", position.Value, StringComparison.Ordinal);
            return Number(position.Value[..^1]) / 100 * width;
        }
    }

    [Fact]
    public void Proxies_are_named_by_their_expressions_in_every_table_and_figure()
    {
        var page = Parse(HtmlReport.Render(Insightful));
        var expression = Insightful.Proxies[1].CanonicalExpression;
        var intervals = string.Join(
            ' ', page.Descendants("svg").Single(drawing => (string?)drawing.Attribute("id") == "intervals").Elements("text")
                .Select(text => text.Value));
        Assert.Contains(expression, intervals, StringComparison.Ordinal);
        Assert.Equal(3, page.Descendants("td").Count(cell => cell.Value == expression));
        Assert.DoesNotContain(Insightful.Proxies[1].Expression, page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("proxy 1", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_dark_colours_on_a_screen_and_keeps_headings_with_what_follows_in_print()
    {
        var style = Parse(HtmlReport.Render(Insightful)).Descendants("style").Single().Value;
        Assert.Contains("@media screen and (prefers-color-scheme: dark)", style, StringComparison.Ordinal);
        Assert.Matches("h2[^{]*h2 \\+ p[^{]*\\{[^}]*break-after: avoid", style);
        // Colours outside the two palettes would stay light on a dark page; printed pages are white.
        var rules = style[style.IndexOf("* {", StringComparison.Ordinal)..].Replace(
            "body { background: #fff; }", "", StringComparison.Ordinal);
        Assert.DoesNotContain("#", rules.Replace("svg#", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_formats_show_the_same_figures()
    {
        var best = Insightful.Proxies[0].HeldOut!;
        string[] expected =
        [
            Insightful.Proxies[0].Expression,
            Insightful.Proxies[1].CanonicalExpression,
            Text(best.Rho),
            $"{Text(best.RhoInterval.Low)} to {Text(best.RhoInterval.High)}",
            Text(best.TauA),
            Text(best.TauB),
            Text(best.RhoWithinGroups),
            "layers + hidden/1000",
            Text(Insightful.Baselines[2].HeldOut!.RhoTiesAtRandom),
            "abs-of-nonnegative",
            "1,234",
            "2026-11-26 05:26 UTC",
            "Written 2026-11-26 by lpzero 0.1.0.",
            "lpzero 0.1.0+0123abc",
            SampleReport.Digest,
            "lpzero search start --benchmark stored:0123 --name again --seed 42",
            "1,085",
            "65",
            "all iterations are done",
            "90.0%",
            "12 min 34 s",
            "all layers but the last, structural prefix",
            "The architectures of this report are generated.",
        ];
        var html = Parse(HtmlReport.Render(Insightful)).Root!.Value;
        var markdown = MarkdownReport.Render(Insightful);
        Assert.All(expected, text => Assert.Contains(text, html, StringComparison.Ordinal));
        Assert.All(expected, text => Assert.Contains(text, markdown, StringComparison.Ordinal));
    }

    [Fact]
    public void A_proxy_that_sees_more_than_structure_beats_the_baseline()
    {
        var best = Insightful.Proxies[0];
        var verdict = BaselineVerdict.On(Insightful with
        {
            Proxies =
            [
                best with
                {
                    Differences =
                        [.. best.Differences.Select(difference => difference with { Interval = new ConfidenceInterval(0.01, 0.03) })],
                },
            ],
        });
        Assert.Equal(Comparison.Better, verdict.Comparison);
        Assert.Equal("The best proxy beats the baseline layers + hidden/1000.", verdict.Headline);
        Assert.Contains("It beats every other structural baseline, too.", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void That_it_beats_one_baseline_but_not_every_other_is_in_the_headline()
    {
        var verdict = BaselineVerdict.On(Insightful);
        Assert.Equal("The best proxy beats the baseline layers + hidden/1000, but not all of the others.", verdict.Headline);
        Assert.Contains("It does not beat: layers, hidden, ", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_only_repeats_depth_and_width_is_called_that()
    {
        var verdict = BaselineVerdict.On(DepthOnly);
        Assert.NotEqual(Comparison.Better, verdict.Comparison);
        Assert.Contains("does not beat the baseline layers + hidden/1000", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains("depth, not insight", verdict.Explanation, StringComparison.Ordinal);
        Assert.Contains("depth, not insight", HtmlReport.Render(DepthOnly), StringComparison.Ordinal);
        Assert.Contains("depth, not insight", MarkdownReport.Render(DepthOnly), StringComparison.Ordinal);
    }

    [Fact]
    public void Over_a_few_held_out_networks_nothing_is_claimed_either_way()
    {
        var verdict = BaselineVerdict.On(DepthOnly with { HeldOut = new SetSize(12, 5) });
        Assert.Contains("only 5 networks", verdict.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain("insight", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_held_out_set_nothing_is_claimed()
    {
        var data = Insightful with
        {
            HeldOut = new SetSize(0, 0),
            Baselines = [.. Insightful.Baselines.Select(baseline => baseline with { HeldOut = null })],
            Proxies = [.. Insightful.Proxies.Select(proxy => proxy with { HeldOut = null, Differences = [] })],
            Scatter = [.. Insightful.Scatter.Where(point => point.Set == Side.Search)],
        };
        Assert.Null(BaselineVerdict.On(data).Comparison);
        Assert.Null(BaselineVerdict.On(Insightful with { HeldOut = new SetSize(0, 0) }).Comparison);
        var page = Parse(HtmlReport.Render(data));
        Assert.Equal(["scatter-search", "convergence"],
            page.Descendants("figure").Select(figure => figure.Element("svg")!).Select(drawing => (string?)drawing.Attribute("id")));
        Assert.Contains("there is no held-out set", MarkdownReport.Render(data), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_found_nothing_is_reported_too()
    {
        var data = Insightful with { Proxies = [], Convergence = [], Scatter = [] };
        Assert.Contains("no valid proxy", BaselineVerdict.On(data).Headline, StringComparison.Ordinal);
        Assert.Contains("None.", Parse(HtmlReport.Render(data)).Root!.Value, StringComparison.Ordinal);
        Assert.Contains("None.", MarkdownReport.Render(data), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Markdown_table_has_as_many_cells_in_every_row_even_where_a_name_holds_a_bar()
    {
        var data = Insightful with { Configuration = [new Setting("a|b", "c|d")] };
        var lines = MarkdownReport.Render(data).Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('|') && lines[i - 1].StartsWith('|'))
            {
                Assert.Equal(Bars(lines[i - 1]), Bars(lines[i]));
            }
        }
    }

    [Fact]
    public void Writing_replaces_both_files_and_leaves_nothing_else_behind()
    {
        var directory = Directory.CreateTempSubdirectory("lpzero-report");
        try
        {
            ReportFiles.Write(DepthOnly, directory.FullName);
            var files = ReportFiles.Write(Insightful, directory.FullName);
            Assert.Equal(HtmlReport.Render(Insightful), File.ReadAllText(files.Html));
            Assert.Equal(MarkdownReport.Render(Insightful), File.ReadAllText(files.Markdown));
            Assert.Equal(["report.html", "report.md"], directory.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static XDocument Parse(string html)
    {
        const string Doctype = "<!DOCTYPE html>\n";
        Assert.StartsWith(Doctype, html, StringComparison.Ordinal);
        return XDocument.Parse(html[Doctype.Length..]);
    }

    private static XElement Drawing(string id, ReportData data) =>
        Parse(HtmlReport.Render(data)).Descendants("svg").Single(drawing => (string?)drawing.Attribute("id") == id);

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Bars(string line) => line.Replace("\\|", "", StringComparison.Ordinal).Count(character => character == '|');
}
