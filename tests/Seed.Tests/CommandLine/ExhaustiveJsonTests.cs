using System.Collections.Immutable;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Reporting;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What an exhaustive search prints.</summary>
public sealed class ExhaustiveJsonTests
{
    [Fact]
    public void A_whole_space_has_the_differences_of_its_optimum_and_a_run_those_of_its_answer()
    {
        var configuration = new SearchConfiguration { Preset = "default" };
        var sample = SampleReport.Of(0.5);
        var proxy = new ProxyPart(ProxyText.ParseProxy("sum[abs(W)]"), Reduction.Mean, Reduction.Mean);
        var report = sample with
        {
            Best = new AnswerEntry(
                new Predictor("first", "flexibert", StructureFirst.Then(proxy), PredictorProbes.Of(configuration)), 0.95,
                sample.Proxies[1].HeldOut, sample.Proxies[1].Differences),
        };
        var result = new ExhaustiveResult
        {
            Proxies = 1, Valid = 0, Invalid = ImmutableSortedDictionary<InvalidReason, long>.Empty, DistinctRankings = 1,
            Histogram = [.. new long[(2 * ExhaustiveTally.BinsPerUnit) + 1]], Top = [], BestByInputs = [],
        };
        var space = ExhaustiveJson.Of(result, report, configuration, "key", "folder");
        Assert.Equal(
            report.Proxies[0].Differences.Select(difference => (double?)difference.Difference),
            space.Baselines.Select(baseline => baseline.BestMinusBaseline));
        Assert.Equal(
            report.Proxies[1].Differences.Select(difference => (double?)difference.Difference),
            ShowJson.BaselinesOf(report, DifferenceJson.DifferencesOfBest(report)).Select(baseline => baseline.BestMinusBaseline));
    }
}
