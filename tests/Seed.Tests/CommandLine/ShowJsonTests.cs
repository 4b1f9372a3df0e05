using System.Text.Json;
using LPZero.Coordinator.Reporting;
using LPZero.Messages;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Reporting;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Reporting;

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
        var report = With(PredictorGroup.StructureFirst(Proxy));
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
    public void Differences_are_those_of_the_answer_and_without_one_of_the_best_proxy()
    {
        var report = With(PredictorGroup.StructureFirst(Proxy));
        Assert.Equal(report.Proxies[1].Differences.Select(d => (double?)d.Difference), DifferenceJson.Of(report).Select(d => d.Mean));
        var before = DifferenceJson.Of(report with { Best = null });
        Assert.Equal(report.Baselines.Select(baseline => baseline.Name), before.Select(difference => difference.Baseline));
        Assert.Equal(report.Proxies[0].Differences.Select(d => (double?)d.Interval.Low), before.Select(d => d.Low));
        Assert.Empty(DifferenceJson.Of(report: null));
    }

    [Fact]
    public void A_report_shows_answer_and_best_proxy_side_by_side_and_writes_the_predictor()
    {
        using var folder = new TemporaryFolder();
        var report = With(PredictorGroup.StructureFirst(Proxy)) with { RunName = "first" };
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
