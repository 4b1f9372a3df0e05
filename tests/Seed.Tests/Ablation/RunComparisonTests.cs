using System.Text.Json;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Seed.Ablation;
using LPZero.Seed.Tests.Reporting;

namespace LPZero.Seed.Tests.Ablation;

/// <summary>What several runs give in the mean.</summary>
public sealed class RunComparisonTests
{
    private static readonly ReportData[] Reports = [.. new ulong[] { 1, 2, 3 }.Select(seed => SampleReport.Of(insight: 1, seed))];

    [Fact]
    public void The_figures_of_each_ranking_are_the_means_and_deviations_of_the_runs()
    {
        var comparison = RunComparison.Of(Reports);
        Assert.Equal(
            ["answer", "best proxy", .. Reports[0].Baselines.Select(baseline => baseline.Name)],
            comparison.Rankings.Select(ranking => ranking.Name));
        var proxies = Reports.Select(report => report.Proxies[0].HeldOut!.Rho).ToList();
        var rho = comparison.Rankings[1].Of(figures => figures.Rho);
        Assert.Equal(proxies.Average(), rho.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(proxies.Sum(value => Math.Pow(value - proxies.Average(), 2)) / 2), rho.Deviation, 1e-12);

        // Without an answer of its own a run's answer is its best proxy.
        Assert.Equal(comparison.Rankings[1].HeldOut.AsEnumerable(), comparison.Rankings[0].HeldOut);
        var layers = comparison.Rankings.Single(ranking => ranking.Name == "layers");
        Assert.Equal(
            Reports.Select(report => report.Proxies[0].Differences.Single(difference => difference.Baseline == "layers")),
            layers.ProxyMinus);
        Assert.Equal(Reports.Select(report => report.Baselines.Single(entry => entry.Name == "layers").HeldOut), layers.HeldOut);
        Assert.Null(comparison.Truths);
    }

    [Fact]
    public void A_baseline_that_one_run_lacks_is_left_out()
    {
        var without = Reports[1] with { Baselines = Reports[1].Baselines.RemoveAll(baseline => baseline.Name == "layers") };
        Assert.DoesNotContain("layers", RunComparison.Of([Reports[0], without]).Rankings.Select(ranking => ranking.Name));
    }

    [Fact]
    public void The_truths_are_means_over_the_runs()
    {
        var comparison = RunComparison.Of([.. Reports.Select((report, i) => report with
        {
            Truths = [new TruthColumn("one", IsTask: true, 0.5 + (0.1 * i), double.NaN)],
            Baselines = [.. report.Baselines.Select(baseline => baseline with { ByTruth = [new TruthRho(0.25 * i, double.NaN)] })],
            Proxies = [.. report.Proxies.Select(proxy => proxy with { ByTruth = [new TruthRho(0.5, double.NaN)] })],
        })]);
        var table = RunComparisonReport.Tables(comparison).Last();
        Assert.Contains(table.Rows, row => row[0].Lines[0] == "noise ceiling" && row[1].Lines[0] == "0.600");
        Assert.Contains(table.Rows, row => row[0].Lines[0] == "layers" && row[1].Lines[0] == "0.250");
    }

    [Fact]
    public void The_table_and_the_JSON_say_in_how_many_runs_a_difference_is_distinguishable()
    {
        var comparison = RunComparison.Of(Reports);
        var layers = comparison.Rankings.Single(ranking => ranking.Name == "layers");
        var above = layers.ProxyMinus.Count(difference => difference.Interval.Low > 0);
        Assert.True(above > 0);
        var row = RunComparisonReport.Tables(comparison)[0].Rows.Single(row => row[0].Lines[0] == "layers");
        Assert.EndsWith($"({above} above, 0 below)", row[^1].Lines[0], StringComparison.Ordinal);

        var json = JsonSerializer.SerializeToNode(RunComparisonReport.Json(comparison), MessageJson.Options)!;
        Assert.Equal(3, json["runs"]!.AsArray().Count);
        var fields = json["rankings"]!.AsArray().Single(ranking => (string)ranking!["name"]! == "layers")!;
        Assert.Equal(above, (int)fields["proxyMinus"]!["above"]!);
        Assert.Equal(layers.Of(figures => figures.TauA).Mean, (double)fields["tauA"]!["mean"]!);
        Assert.Null(json["rankings"]![0]!["answerMinus"]);
    }
}
