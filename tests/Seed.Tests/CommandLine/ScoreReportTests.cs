using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class ScoreReportTests
{
    private static readonly Benchmark Small = SmallBenchmark.Create();

    private static readonly ArchitectureSet Set = ArchitectureSet.Of(Small.Architectures, Small.Shapes);

    private static readonly StructuralBaselines Structures = new(Small, sequenceLength: 16);

    [Fact]
    public void A_line_of_the_proxy_is_followed_by_one_for_each_baseline()
    {
        var lines = Report([.. Set.Truths], seconds: 0.25).Text().Split(Environment.NewLine);
        Assert.StartsWith("proxy: rho 1.0000, tau-a ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($" on 18 architectures ({Set.Networks.Length} networks), 0.25 s a network", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            Structures.All.Select(baseline => $"  baseline {baseline.Name}"),
            lines[1..].Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
        Assert.All(lines[1..], line => Assert.Matches("rho -?0[.][0-9]{4}, tau-a -?0[.][0-9]{4}, tau-b -?0[.][0-9]{4}$", line));
    }

    [Fact]
    public void Where_a_proxy_has_no_figures_the_baselines_have_theirs()
    {
        foreach (var (report, reason) in new[]
        {
            (Report([], reason: "no layer has attention probabilities"), "it is not defined here: no layer has attention probabilities"),
            (Report([.. Set.Truths.Select(_ => 2.0)]), "every architecture has the same score"),
            (Report([.. Set.Truths.Select((truth, i) => i == 3 ? double.NaN : truth)]), "some scores are not finite"),
        })
        {
            var json = JsonSerializer.SerializeToNode(report.Json(), MessageJson.Options)!;
            Assert.Null(json["rho"]);
            Assert.Equal(reason, (string)json["invalid"]!);
            Assert.All(json["baselines"]!.AsArray(), baseline => Assert.InRange((double)baseline!["rho"]!, -1, 1));
            Assert.Contains("rho -, tau-a ", report.Text(), StringComparison.Ordinal);
            Assert.Contains($"; {reason}{Environment.NewLine}", report.Text(), StringComparison.Ordinal);
        }
    }

    private static ScoreReport Report(ImmutableArray<double> scores, double? seconds = null, string? reason = null) =>
        ScoreReport.Of(new ScoredProxy("proxy", ProxyKind.Expression, scores, seconds, reason), Set, Structures);
}
