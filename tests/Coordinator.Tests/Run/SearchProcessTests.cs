using LPZero.Coordinator.Run;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>What commands lead to, apart from what is bred.</summary>
public sealed class SearchProcessTests
{
    [Fact]
    public void The_first_round_fills_the_population()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        var decision = search.Do(search.Start());
        Assert.Collection(
            decision.Events,
            e => Assert.Equal(SyntheticSearch.Small, Assert.IsType<SearchStarted>(e).Configuration),
            e => Assert.Equal(SyntheticSearch.Small.Population, Assert.IsType<RoundProposed>(e).Proposals.Length));
        Assert.Equal(search.State.Pending, decision.Effect!.Proposals);
        Assert.Equal((0, 1), (decision.Effect.Iteration, decision.Effect.Round));
    }

    [Fact]
    public void The_population_is_filled_up_for_those_that_scored_invalid()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        while (!search.State.IsPopulated)
        {
            Assert.Equal(0, search.Open!.Iteration);
            search.ScoreOpenRound();
        }

        Assert.True(search.State.InvalidEvaluations > 0);
        Assert.Equal(SyntheticSearch.Small.Population + search.State.InvalidEvaluations, search.State.Evaluations);
        Assert.Equal(1, search.State.Iteration);
    }

    [Fact]
    public void A_second_start_is_refused()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        Assert.Throws<InvalidOperationException>(() => search.Do(search.Start()));
    }

    [Fact]
    public void Late_and_repeated_scores_change_nothing()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        var first = search.Report(search.Open!);
        search.ScoreOpenRound();
        var state = search.State;
        Assert.Equal(Decision.None, search.Do(first));
        Assert.Equal(Decision.None, search.Do(first with { Round = first.Round + 7 }));
        Assert.Equal(state, search.State);

        search.Do(new PauseSearch());
        var second = search.Report(search.Open!);
        search.ScoreOpenRound();
        Assert.Equal(Decision.None, search.Do(second));
    }

    [Fact]
    public void Scores_of_another_number_than_was_asked_for_are_refused()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        var report = search.Report(search.Open!);
        Assert.Throws<InvalidOperationException>(() => search.Do(report with { Outcomes = report.Outcomes[1..] }));
    }

    [Fact]
    public void A_paused_search_takes_the_scores_under_way_and_proposes_nothing()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        search.Do(new PauseSearch());
        var decision = search.ScoreOpenRound();
        Assert.IsType<RoundScored>(Assert.Single(decision.Events));
        Assert.Null(decision.Effect);
        Assert.Equal(SearchPhase.Paused, search.State.Phase);

        Assert.Equal(Decision.None, search.Do(new PauseSearch()));
        Assert.Collection(
            search.Do(new ResumeSearch()).Events,
            e => Assert.IsType<SearchResumed>(e),
            e => Assert.IsType<RoundProposed>(e));
        Assert.Equal(Decision.None, search.Do(new ResumeSearch()));
    }

    [Fact]
    public void A_stopped_search_takes_no_more_scores()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        Assert.Equal(new SearchStopped("enough"), Assert.Single(search.Do(new StopSearch("enough")).Events));
        Assert.Equal(Decision.None, search.ScoreOpenRound());
        Assert.Equal(Decision.None, search.Do(new ResumeSearch()));
        Assert.Equal(Decision.None, search.Do(new RecoverSearch()));
        Assert.Equal(Decision.None, search.Do(new StopSearch("again")));
        Assert.Equal(SearchPhase.Stopped, search.State.Phase);
    }

    [Fact]
    public void What_is_recorded_of_a_round_is_its_own_iteration()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        var decision = search.Do(search.Report(search.Open!) with { Iteration = 99 });
        Assert.Equal(0, Assert.IsType<RoundScored>(decision.Events[0]).Iteration);
    }
}
