using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using Spectre.Console;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class ScoreReportTests
{
    private static readonly Benchmark Small = SmallBenchmark.Create();

    private static readonly ArchitectureSet Set = ArchitectureSet.Of(Small.Architectures, Small.Shapes);

    private static readonly StructuralBaselines Structures = new(Small, sequenceLength: 16);

    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        SearchArchitectures = 10,
        SequenceLength = 16,
        SplitSeed = 7,
    };

    private static readonly SearchSample Sample = SearchSample.Of(Small, Configuration);

    [Fact]
    public void A_line_of_the_proxy_is_followed_by_one_for_each_baseline()
    {
        var lines = Text(Report([.. Set.Truths], seconds: 0.25)).Split(Environment.NewLine).TakeWhile(
            line => !line.StartsWith("held out: ", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("proxy: rho 1.0000, tau-a ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($" on 18 architectures ({Set.Networks.Length} networks), 0.25 s a network", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            Structures.All.Select(baseline => $"  baseline {baseline.Name}"),
            lines.Skip(1).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
        Assert.All(lines.Skip(1), line => Assert.Matches("rho -?0[.][0-9]{4}, tau-a -?0[.][0-9]{4}, tau-b -?0[.][0-9]{4}$", line));
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
            Assert.Contains("rho -, tau-a ", Text(report), StringComparison.Ordinal);
            Assert.Contains($"; {reason}{Environment.NewLine}", Text(report), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_held_out_table_has_the_proxy_among_the_baselines_and_says_what_it_is_held_out_from()
    {
        var text = Text(Report([.. Set.Truths]));
        Assert.Contains(
            $"held out: 8 architectures, {Sample.HeldOut.Networks.Length} networks, none of them in the search set: 10 architectures, " +
            $"{Sample.Search.Networks.Length} networks, drawn with split seed 7", text, StringComparison.Ordinal);
        var table = text[text.IndexOf("held out: ", StringComparison.Ordinal)..];
        Assert.All(Structures.All.Select(baseline => baseline.Name).Append("proxy"), name =>
            Assert.Contains($" {name} ", table, StringComparison.Ordinal));
        Assert.Contains(". The best structural baseline is '", table, StringComparison.Ordinal);

        var json = JsonSerializer.SerializeToNode(Report([.. Set.Truths]).Json(), MessageJson.Options)!["heldOut"]!;
        Assert.Equal(
            (7, 10, Sample.Search.Networks.Length, 8, Sample.HeldOut.Networks.Length),
            ((int)json["splitSeed"]!, (int)json["searchArchitectures"]!, (int)json["searchNetworks"]!, (int)json["architectures"]!,
                (int)json["networks"]!));
        var rows = json["rows"]!.AsArray();
        Assert.Equal("proxy", (string)rows[0]!["proxy"]!);
        Assert.Equal(1.0, (double)rows[0]!["rho"]!, 1e-12);
        Assert.Equal((string)json["bestBaseline"]!, (string)rows[1]!["proxy"]!);
        Assert.True((double)json["smallestDifference"]! > 0);
    }

    private static ScoreReport Report(ImmutableArray<double> scores, double? seconds = null, string? reason = null)
    {
        var (search, heldOut) = Sample;
        ImmutableArray<double> ofHeldOut =
            scores.IsEmpty ? [] : [.. heldOut.Architectures.Select(architecture => scores[Set.Architectures.IndexOf(architecture)])];
        var evaluation = BenchmarkEvaluation.Of(
            Small.Name, Small, Configuration, heldOut, [.. ScoredProxy.BaselinesOf(Structures, heldOut), Scored(ofHeldOut)], seed: 1);
        return new ScoreReport(
            Scored(scores), Set, [.. ScoredProxy.BaselinesOf(Structures, Set)],
            new HeldOutPart(evaluation, new SetSize(search.Architectures.Length, search.Networks.Length), Configuration));

        ScoredProxy Scored(ImmutableArray<double> own) => new("proxy", ProxyKind.Expression, own, seconds, reason);
    }

    private static string Text(ScoreReport report)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        report.Write(console);
        return output.ToString();
    }
}
