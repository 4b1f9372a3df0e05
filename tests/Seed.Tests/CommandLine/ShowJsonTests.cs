using System.Text.Json;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Reporting;
using Spectre.Console;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What show and report say of a run's answer beside its best proxy.</summary>
public sealed class ShowJsonTests
{
    private static readonly ProxyPart Proxy = new(ProxyText.ParseProxy("sum[abs(W)]"), Reduction.Mean, Reduction.Mean);

    private static readonly ProxyJson BestProxy = new(1, "sum[abs(W) + abs(W)]", "sum[abs(W)]", new Fitness(0.9, 0.7, 0.8, 5), 2, null);

    [Fact]
    public void An_answer_of_one_proxy_is_the_best_proxy()
    {
        var best = BestJson.Of(BestProxy, With(PredictorGroup.Of(Proxy)))!;
        Assert.Equal((1, BestProxy.Expression, BestProxy.Canonical, 2), (best.Rank, best.Expression, best.Canonical, best.Forms));
        Assert.Null(best.Predictor);
        Assert.Equal(best, BestJson.Of(BestProxy, report: null));
        Assert.Null(BestJson.Of(bestProxy: null, report: null));
    }

    [Fact]
    public void An_answer_of_more_has_its_own_figures_and_is_described()
    {
        var report = With(StructureFirst.Then(Proxy));
        var best = BestJson.Of(BestProxy, report)!;
        Assert.Equal("layers, then hidden size, then sum[abs(W)]", best.Expression);
        Assert.Equal(report.Proxies[1].HeldOut!.Rho, best.HeldOut!.Rho);
        Assert.Equal(("lexicographic", true), (best.Predictor!.Rule, best.Predictor.NeedsStructure));
        Assert.Equal(PredictorJson.DigestOf(report.Best!.Predictor), best.Predictor.Digest);

        var json = JsonSerializer.SerializeToElement(best, MessageJson.Options);
        Assert.Equal(0.95, json.GetProperty("search").GetProperty("rho").GetDouble());
        Assert.Equal("sum[abs(W)]", json.GetProperty("predictor").GetProperty("proxies")[0].GetString());
    }

    [Fact]
    public void An_answer_of_one_proxy_that_is_another_is_the_answer()
    {
        var report = With(PredictorGroup.MeanRank(Proxy));
        var best = BestJson.Of(BestProxy with { Canonical = "sum[abs(G)]" }, report)!;
        Assert.Equal(("sum[abs(W)]", 0.95), (best.Expression, ((AnswerSearchJson)best.Search).Rho));
        Assert.Equal(report.Best, report.Answer);
        Assert.Null((report with { Proxies = [report.Proxies[0] with { CanonicalExpression = "abs(W)" }] }).Answer);
    }

    [Fact]
    public void An_answer_of_many_parts_is_described_by_their_kinds()
    {
        PredictorPart[] proxies =
        [
            .. from operation in new[] { "exp", "log", "square", "sqrt", "abs" }
               from between in new[] { "+", "*" }
               select Proxy with { Proxy = ProxyText.ParseProxy($"sum[abs(W) {between} {operation}(A)]") },
        ];
        var structure = new GroupPart(PredictorGroup.MeanRank(
            new GroupPart(new PredictorGroup(PredictorRule.Sum, [new FeaturePart("layers"), new FeaturePart("heads")]))));
        var mean = PredictorGroup.MeanRank(structure, new GroupPart(PredictorGroup.MeanRank(proxies)) { Coefficient = 0.5 });
        var best = BestJson.Of(BestProxy, With(mean))!;
        Assert.Equal("rank sum of structure regression and 10 proxies", best.Expression);
        Assert.Equal(10, best.Predictor!.Proxies.Length);
        Assert.Equal("rank sum of 10 proxies", PredictorGroup.MeanRank(proxies).Summary);
        Assert.Equal(
            "layers, then hidden size, then rank sum of 10 proxies",
            PredictorGroup.MeanRank(proxies.Select(proxy => new GroupPart(StructureFirst.Then(proxy)))).Summary);
        Assert.Equal(
            "regression on 2 structural features and 10 proxies",
            new PredictorGroup(
                PredictorRule.Sum,
                [
                    new FeaturePart("layers"), new FeaturePart("layers") { Transform = PartTransform.Log }, new FeaturePart("heads"),
                    .. proxies,
                ]).Summary);
        Assert.Equal(new PredictorGroup(PredictorRule.Sum, [Proxy]).ToString(), new PredictorGroup(PredictorRule.Sum, [Proxy]).Summary);
    }

    [Fact]
    public void Answer_and_best_proxy_have_a_verdict_each_and_stand_in_every_comparison()
    {
        var report = With(StructureFirst.Then(Proxy));
        var verdicts = BaselineVerdict.Of(report).ToList();
        Assert.StartsWith("The best answer ", verdicts[0].Headline, StringComparison.Ordinal);
        Assert.StartsWith("The best proxy ", verdicts[1].Headline, StringComparison.Ordinal);
        Assert.Equal(
            [Against(report.Best!.Differences), Against(report.Proxies[0].Differences)], verdicts.Select(verdict => verdict.Comparison));
        Assert.DoesNotContain("insight", verdicts[0].Explanation, StringComparison.Ordinal);
        var (text, page) = (MarkdownReport.Render(report), HtmlReport.Render(report));
        Assert.All(verdicts, verdict => Assert.Contains($"**{verdict.Headline}**", text, StringComparison.Ordinal));
        Assert.All(verdicts, verdict => Assert.Contains(verdict.Headline, page, StringComparison.Ordinal));
        Assert.Contains("\n| `layers, then hidden size, then sum[abs(W)]` |", text, StringComparison.Ordinal);
        Assert.Contains("best: layers, then hidden size, then sum[abs(W)]: ", page, StringComparison.Ordinal);
        Assert.Single(BaselineVerdict.Of(report with { Best = null }));

        Comparison? Against(IEnumerable<RhoDifference> differences) =>
            differences.Single(difference => difference.Baseline == report.MainBaseline).Comparison;
    }

    [Fact]
    public void An_answer_of_structure_too_is_held_against_structure_alone()
    {
        var report = With(StructureFirst.Then(Proxy));
        var against = report.Best!.Differences[0];
        foreach (var (low, words) in new[] { (0.001, "so it ranks better than that"), (-0.001, "does not show that it ranks better") })
        {
            var difference = against with
            {
                Baseline = RankingNames.StackedRegressions,
                Difference = 0.01,
                Interval = new ConfidenceInterval(low, 0.02),
            };
            var answer = report.Best with { Differences = report.Best.Differences.Add(difference) };
            Assert.Contains(words, BaselineVerdict.Of(report with { Best = answer }).First().Explanation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_correlation_is_not_called_rho()
    {
        var report = SampleReport.Of(0.5) with { Compared = "rho with the smoothed truth" };
        var page = HtmlReport.Render(report);
        Assert.Contains("The best rho with the smoothed truth on the search set after each iteration.", page, StringComparison.Ordinal);
        Assert.Contains("best search rho with the smoothed truth", page, StringComparison.Ordinal);
        var standing = new SpaceStanding(
            100, 50, 3, 3, new ExhaustiveEntry(1, "sum[abs(W)]", new Fitness(0.9, 0.7, 0.8, 5, Criterion: 0.95)));
        Assert.Contains(
            "the optimum has rho with the smoothed truth 0.9500", ExhaustiveNote.Sentence(standing, report.Compared),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_orders_the_leaderboard_is_a_column_wherever_it_is_shown()
    {
        var sample = SampleReport.Of(0.5) with { Compared = "rho of the sum with structure" };
        var report = sample with { Proxies = [sample.Proxies[0] with { Criterion = 0.5 }, sample.Proxies[1] with { Criterion = 0.625 }] };
        var text = MarkdownReport.Render(report);
        Assert.Contains(" | search rho of the sum with structure | search rho |", text, StringComparison.Ordinal);
        Assert.Contains(" | 0.625 | ", text, StringComparison.Ordinal);
        Assert.Contains(
            "Ordered by rho of the sum with structure, behind the proxy of the best rho with the truth, on the search set", text,
            StringComparison.Ordinal);
        Assert.Equal(0.625, ReportData.FromJson(report.ToJson()).Proxies[1].Criterion);
        Assert.DoesNotContain("sum with structure", MarkdownReport.Render(SampleReport.Of(0.5)), StringComparison.Ordinal);

        // A run that has not ended yet says what it is configured to compare.
        var configuration = SearchConfiguration.Presets["paper"] with { Prefix = "layers" };
        var view = new RunView(
            "first", "running", configuration, "digest", NumericProfile: null,
            [new LeaderboardEntry(1, "abs(W)", "abs(W)", new Fitness(0.5, 0.4, 0.4, 5, Criterion: 0.875), Iteration: 1, Forms: 1)],
            Evaluations: 1, InvalidEvaluations: 0, Iterations: 1, new Dictionary<string, long>(), new RunUsage(1, 0, 0), Ended: null,
            Output: null, Report: null, WholeSpace: null);
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        view.Write(output, console);
        Assert.Contains("search rho behind the prefix", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("0.875", output.ToString(), StringComparison.Ordinal);
        var json = JsonSerializer.SerializeToElement(ShowJson.Of(view), MessageJson.Options);
        Assert.Equal("rho behind the prefix", json.GetProperty("compared").GetString());
        Assert.Equal(0.875, json.GetProperty("leaderboard")[0].GetProperty("search").GetProperty("criterion").GetDouble());
    }

    [Fact]
    public void Differences_are_those_of_the_answer_and_without_one_of_the_best_proxy()
    {
        var report = With(StructureFirst.Then(Proxy));
        Assert.Equal(report.Proxies[1].Differences.Select(d => (double?)d.Difference), DifferenceJson.Of(report).Select(d => d.Mean));
        var before = DifferenceJson.Of(report with { Best = null });
        Assert.Equal(report.Baselines.Select(baseline => baseline.Name), before.Select(difference => difference.Baseline));
        Assert.Equal(report.Proxies[0].Differences.Select(d => (double?)d.Interval.Low), before.Select(d => d.Low));
        Assert.Empty(DifferenceJson.Of(report: null));
    }

    [Fact]
    public void The_best_proxy_is_held_against_the_baselines_too_and_no_other_of_the_leaderboard_is()
    {
        var report = With(StructureFirst.Then(Proxy));
        var json = JsonSerializer.SerializeToElement(ShowJson.Of(View(report)), MessageJson.Options);
        Assert.Equal(
            report.Proxies[0].Differences.Select(d => (d.Baseline, d.Difference, d.Interval.Low, d.Interval.High)),
            json.GetProperty("bestProxy").GetProperty("differences").EnumerateArray().Select(d => (
                d.GetProperty("baseline").GetString()!, d.GetProperty("mean").GetDouble(), d.GetProperty("low").GetDouble(),
                d.GetProperty("high").GetDouble())));
        Assert.All(
            json.GetProperty("leaderboard").EnumerateArray(), entry => Assert.False(entry.TryGetProperty("differences", out _)));
        Assert.NotEqual(
            json.GetProperty("differences").GetRawText(), json.GetProperty("bestProxy").GetProperty("differences").GetRawText());

        var running = JsonSerializer.SerializeToElement(ShowJson.Of(View(report: null)), MessageJson.Options);
        Assert.False(running.GetProperty("bestProxy").TryGetProperty("differences", out _));

        static RunView View(ReportData? report) => new(
            "first", "finished", SearchConfiguration.Presets["default"], "digest", NumericProfile: null,
            [
                new LeaderboardEntry(1, "abs(W)", "abs(W)", new Fitness(0.5, 0.4, 0.4, 5), Iteration: 1, Forms: 1),
                new LeaderboardEntry(2, "abs(A)", "abs(A)", new Fitness(0.4, 0.3, 0.3, 5), Iteration: 1, Forms: 1),
            ],
            Evaluations: 2, InvalidEvaluations: 0, Iterations: 1, new Dictionary<string, long>(), new RunUsage(1, 0, 0), Ended: null,
            Output: null, report, WholeSpace: null);
    }

    [Fact]
    public void A_report_shows_answer_and_best_proxy_side_by_side_and_writes_the_predictor()
    {
        using var folder = new TemporaryFolder();
        var report = With(StructureFirst.Then(Proxy)) with { RunName = "first" };
        var text = MarkdownReport.Render(report);
        Assert.Contains("## Best answer and best proxy", text, StringComparison.Ordinal);
        Assert.Contains("| best | `layers, then hidden size, then sum[abs(W)]` |", text, StringComparison.Ordinal);
        Assert.Contains($"| best proxy | `{report.Proxies[0].CanonicalExpression}` |", text, StringComparison.Ordinal);
        Assert.Contains("<code>layers, then hidden size, then sum[abs(W)]</code>", HtmlReport.Render(report), StringComparison.Ordinal);

        ReportFiles.Write(report, folder.Path);
        var written = PredictorFile.Read(folder.File("first.predictor.json"));
        Assert.Equal(PredictorJson.DigestOf(report.Best!.Predictor), PredictorJson.DigestOf(written));
        Assert.Equal(
            PredictorJson.DigestOf(written), PredictorJson.DigestOf(ReportData.FromJson(report.ToJson()).Best!.Predictor));
    }

    /// <summary>A report whose answer has the figures of its second proxy.</summary>
    private static ReportData With(PredictorGroup group)
    {
        var report = SampleReport.Of(0.5);
        return report with
        {
            Best = new AnswerEntry(
                new Predictor("first", "flexibert", group, PredictorProbes.Of(SearchConfiguration.Presets["default"])), 0.95,
                report.Proxies[1].HeldOut, report.Proxies[1].Differences),
        };
    }
}
