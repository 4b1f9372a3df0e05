using System.Collections.Immutable;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Ablation;

public sealed class AblationFiguresTests
{
    private static readonly SearchConfiguration OneOperation = new()
    {
        Preset = "default",
        UnaryOperations = 1,
        MinDistinct = 0.5,
    };

    [Fact]
    public void Win_rates_of_a_whole_space_are_those_of_its_proxies_one_by_one()
    {
        var set = MadeUpTerms.Set(30);
        var space = new ProxySpace(OneOperation);
        var table = MadeUpTerms.Table(set, space.Branches);
        var tally = new ExhaustiveRanking(space, new RankedSet(set), table, OneOperation.MinDistinct).RankAll(top: (int)space.Count);

        var whole = WinRates.Of(tally);
        var oneByOne = WinRates.Of((int)space.Count, [.. tally.Best.Select(best => best.Rho)]);
        Assert.Equal(oneByOne.Reaching.AsEnumerable(), whole.Reaching);
        Assert.Equal((oneByOne.Proxies, oneByOne.Valid, oneByOne.BestRho), (whole.Proxies, whole.Valid, whole.BestRho));
        Assert.Equal(tally.Best.LongCount(best => best.Rho >= 0.4), whole.Reaching[0]);
        Assert.True(whole.Reaching[0] > 0);
    }

    [Fact]
    public void The_win_rate_is_of_the_valid_proxies_and_the_published_one_of_those_that_reach_a_half()
    {
        var rates = WinRates.Of(10, [0.3, 0.5, 0.55, 0.6, 0.9]);
        Assert.Equal([4, 4, 2, 1, 1], rates.Reaching.AsEnumerable());
        Assert.Equal((0.4, 0.5, 0.9), (rates.WinRate, rates.AsPublished, rates.BestRho));
        Assert.True(double.IsNaN(WinRates.Of(3, [0.2]).AsPublished));
        Assert.True(double.IsNaN(WinRates.Of(3, []).WinRate));
    }

    [Fact]
    public void A_sample_is_of_different_forms_that_the_rules_let_through_and_the_same_with_one_seed()
    {
        var configuration = OneOperation with { UnaryOperations = 4 };
        var drawn = SampledProxies.Draw(configuration, 200);
        Assert.Equal(200, drawn.Distinct().Count());
        Assert.Equal(drawn.AsEnumerable(), SampledProxies.Draw(configuration, 200));
        Assert.NotEqual(drawn.AsEnumerable(), SampledProxies.Draw(configuration with { Seed = 43 }, 200));
        Assert.Contains(drawn, proxy => proxy.Left.Chain.Count > 2);
    }

    [Fact]
    public void A_band_holds_what_each_run_had_at_every_iteration()
    {
        var band = ConvergenceBand.Of(
            [[new ConvergencePoint(0, 0.1), new ConvergencePoint(2, 0.5)], [new ConvergencePoint(0, 0.3)]], iterations: 3);
        Assert.Equal([0, 1, 2, 3], band.Select(point => point.Iteration));
        Assert.Equal([0.2, 0.2, 0.4, 0.4], band.Select(point => Math.Round(point.BestRho.Mean, 12)));
        Assert.Equal((0.3, 0.5), (band[3].BestRho.Lowest, band[3].BestRho.Highest));
        Assert.Equal(Math.Sqrt(0.02), band[3].BestRho.Deviation, 12);
        Assert.True(double.IsNaN(Spread.Of(0.5).Deviation));
        Assert.True(double.IsNaN(Spread.Of().Mean));
    }

    [Fact]
    public void Truths_of_several_sets_are_means_and_a_set_without_failed_trainings_counts_with_all_of_its_own()
    {
        TruthColumn[] columns = [new("glue", IsTask: false, 0.9, 0.94), new("glue", IsTask: false, 0.8, double.NaN)];
        var mean = Assert.Single(MeanTruths.Of(columns.Select(ImmutableArray<TruthColumn> (column) => [column]).ToList()));
        Assert.Equal("glue", mean.Name);
        Assert.Equal((0.85, 0.87), (Math.Round(mean.Ceiling, 12), Math.Round(mean.CeilingWithoutFailed, 12)));

        var none = MeanTruths.Of([[new TruthRho(0.2, double.NaN)], [new TruthRho(0.4, double.NaN)]]).Single();
        Assert.Equal(0.3, none.All, 12);
        Assert.True(double.IsNaN(none.WithoutFailed));
        Assert.Empty(MeanTruths.Of([[new TruthRho(0.2, 0.3)], []]));
    }
}
