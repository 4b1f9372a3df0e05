using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Reporting;

/// <summary>The answer of a run in its report.</summary>
public sealed class RunAnswerTests
{
    private static readonly SearchConfiguration Configuration = new()
    {
        Preset = "default", UnaryOperations = 1, SearchArchitectures = 40, MinDistinct = 0, SequenceLength = 64,
        LayerReductions = [LayerReduction.AllButLast],
    };

    [Fact]
    public void The_best_proxy_is_the_answer_unless_another_is_asked_for()
    {
        var report = Report(Configuration);

        var proxy = report.Best!.Predictor.Root.OnlyProxy!.Proxy;
        Assert.Equal($"all_but_last[{report.Proxies[0].CanonicalExpression}]", proxy.ToString());
        Assert.Equal(report.Proxies[0].SearchRho, report.Best.SearchRho);
        Assert.Equal(report.Proxies[0].HeldOut!.Rho, report.Best.HeldOut!.Rho);
        Assert.Equal(report.Baselines.Length, report.Best.Differences.Length);
        Assert.Equal(RunReport.Proxies, report.Proxies.Length);
    }

    [Theory]
    [InlineData(AnswerRule.MeanRank)]
    [InlineData(AnswerRule.Ensemble)]
    [InlineData(AnswerRule.Sum)]
    [InlineData(AnswerRule.Regression)]
    public void An_answer_of_several_parts_is_made_on_the_search_set_and_judged_on_the_other(AnswerRule rule)
    {
        var report = Report(Configuration with { Answer = rule });
        var shuffled = Report(Configuration with { Answer = rule }, heldOutTruth: truth => -truth);

        Assert.NotEqual(report.Proxies[0].CanonicalExpression, report.Best!.Predictor.ToString());
        Assert.Null(report.Best.Predictor.FindProblem());
        Assert.Equal(report.Best.Predictor.Root.ToString(), shuffled.Best!.Predictor.Root.ToString());
        Assert.Equal(report.Best.SearchRho, shuffled.Best.SearchRho);
        Assert.Equal((report.Best.SearchTauA, report.Best.SearchTauB), (shuffled.Best.SearchTauA, shuffled.Best.SearchTauB));
        Assert.InRange(report.Best.SearchTauA!.Value, 0.1, report.Best.SearchTauB!.Value);
        Assert.Equal(-report.Best.HeldOut!.Rho, shuffled.Best.HeldOut!.Rho, 12);
        Assert.Equal(report.Best.Predictor.Root.ToString(), ReportData.FromJson(report.ToJson()).Best!.Predictor.Root.ToString());
    }

    [Fact]
    public void Behind_a_prefix_the_answer_has_it_first()
    {
        var report = Report(Configuration with { Prefix = RankingNames.LayersThenHiddenSize });
        Assert.StartsWith("layers, then hidden size, then ", report.Best!.Predictor.ToString().Trim('('), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_is_no_proxy_stands_before_them_in_every_truth()
    {
        var report = Report(Configuration with { Answer = AnswerRule.Sum });
        var (name, byTruth) = report.RankedTruths!.Rankings[0];
        Assert.Equal(report.Best!.Predictor.Summary, name);
        Assert.Equal(report.Truths.Length, byTruth.Length);
        Assert.Equal(report.Best.HeldOut!.Rho, byTruth[0].All, 12);
        Assert.Equal(1 + report.Proxies.Length + report.Baselines.Length, report.RankedTruths.Rankings.Length);

        var alone = Report(Configuration);
        Assert.Null(alone.Answer);
        Assert.Equal(alone.Proxies[0].CanonicalExpression, alone.RankedTruths!.Rankings[0].Name);
    }

    [Fact]
    public void Where_the_truth_cannot_be_smoothed_the_report_says_that_it_is_the_truth()
    {
        var report = Report(Configuration with { Fitness = FitnessTarget.Smoothed });
        Assert.Equal("rho", report.Compared);
        Assert.Contains(report.Notes, note => note.StartsWith(
            "Proxies were compared by the truth, not smoothed: the regression on structure ranks", StringComparison.Ordinal));
        var plain = Report(Configuration);
        Assert.DoesNotContain(plain.Notes, note => note.Contains("smoothed", StringComparison.Ordinal));
        Assert.Equal("rho of the sum with structure", Report(Configuration with { Fitness = FitnessTarget.Sum }).Compared);
    }

    private static ReportData Report(SearchConfiguration configuration, Func<double, double>? heldOutTruth = null)
    {
        var made = MadeUpTerms.Benchmark(MadeUpTerms.Set(60));
        var benchmark = made with
        {
            Tasks = new TruthTasks(["task"]),
            Architectures = [.. made.Architectures.Select(architecture => architecture with { Tasks = [-architecture.Truth] })],
        };
        var sample = SearchSample.Of(benchmark, configuration);
        if (heldOutTruth is not null)
        {
            sample = sample with
            {
                HeldOut = sample.HeldOut with
                {
                    Architectures = [.. sample.HeldOut.Architectures.Select(a => a with { Truth = heldOutTruth(a.Truth) })],
                },
            };
        }

        var space = new ProxySpace(configuration);
        var (search, heldOut) = (MadeUpTerms.Table(sample.Search, space.Branches), MadeUpTerms.Table(sample.HeldOut, space.Branches));
        var criterion = Criteria.Of(configuration, benchmark, sample.Search);
        var fitness = new FitnessFunction(configuration, sample.Search, search, criterion);
        var best = new ExhaustiveRanking(space, new RankedSet(sample.Search, criterion), search, minDistinct: 0).RankAll(300).Best
            .Select(ranked => space.At(ranked.Ordinal))
            .Where(proxy => ProxyScores.Of(sample.HeldOut, heldOut, proxy, configuration.LayerReductions[0]).All(double.IsFinite))
            .Select(proxy => new Member(proxy.ToProxy(), proxy, fitness.Evaluate(proxy).Fitness!, Iteration: 0))
            .DistinctBy(member => member.Fitness.Ranking);
        var run = new ReportedRun(
            "made-up", configuration, benchmark, sample, "profile",
            new SearchState { Phase = SearchPhase.Finished, HallOfFame = [.. best] }, new TermCacheUse(0, 0), 1,
            new ReportOrigin(DateTime.UnixEpoch, "1", "digest", ""));
        return RunReport.Create(run, search, heldOut);
    }
}
