using LPZero.Coordinator.Run;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

public class RemainingTimeTests
{
    private static WorkPace Nothing => default;

    [Fact]
    public void Nothing_is_known_before_anything_was_done() =>
        Assert.Null(new RemainingTime(new WorkPace(0, 0, 64), new WorkPace(0, 0, 1080), new WorkPace(0, 0, 32)).Left);

    [Fact]
    public void While_terms_are_computed_those_of_the_held_out_set_count_too() =>
        Assert.Equal(TimeSpan.FromSeconds((44 + 32) * 0.5),
            new RemainingTime(new WorkPace(20, 10, 44), new WorkPace(0, 0, 1080), new WorkPace(0, 0, 32)).Left);

    [Fact]
    public void While_proxies_are_scored_the_time_that_terms_took_is_not_theirs() =>
        Assert.Equal(TimeSpan.FromSeconds((980 * 0.01) + (32 * 0.5)),
            new RemainingTime(new WorkPace(64, 32, 0), new WorkPace(100, 1, 980), new WorkPace(0, 0, 32)).Left);

    [Fact]
    public void Held_out_terms_go_at_their_own_pace_once_it_is_known() =>
        Assert.Equal(TimeSpan.FromSeconds(24 * 0.25),
            new RemainingTime(new WorkPace(64, 32, 0), new WorkPace(1080, 10, 0), new WorkPace(8, 2, 24)).Left);

    [Fact]
    public void With_a_warm_cache_scoring_is_all_there_is() =>
        Assert.Equal(TimeSpan.FromSeconds(9.8), new RemainingTime(Nothing, new WorkPace(100, 1, 980), new WorkPace(0, 0, 32)).Left);

    [Fact]
    public void What_is_done_adds_up()
    {
        var pace = new WorkPace(0, 0, 64).After(1, 2, 63).After(1, 4, 62);
        Assert.Equal((3.0, 62.0), (pace.SecondsEach, pace.Left));
        Assert.Null(Nothing.SecondsEach);
    }

    [Theory]
    [InlineData(0, false, 80 + 1000 * 2)]
    [InlineData(400, true, 600 * 2)]
    [InlineData(1000, true, 0)]
    public void A_search_scores_its_population_and_the_offspring_of_every_iteration(int iteration, bool isPopulated, double expected)
    {
        var configuration = new SearchConfiguration { Preset = "default" } with { OffspringPerIteration = 2 };
        Assert.Equal(
            expected, RemainingTime.EvaluationsLeft(configuration, new SearchState { Iteration = iteration, IsPopulated = isPopulated }));
    }

    [Fact]
    public void A_limit_on_evaluations_ends_it_earlier() =>
        Assert.Equal(
            20, RemainingTime.EvaluationsLeft(
                new SearchConfiguration { Preset = "default" } with { Evaluations = 100 },
                new SearchState { Evaluations = 80, IsPopulated = true }));
}
