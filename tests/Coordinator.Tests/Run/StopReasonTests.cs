using LPZero.Coordinator.Run;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>Why a search ends by itself, and where it stands then.</summary>
public sealed class StopReasonTests
{
    [Fact]
    public void It_ends_after_the_configured_iterations()
    {
        var search = Completed(SyntheticSearch.Small, FinishReason.Iterations);
        Assert.Equal(SyntheticSearch.Small.Iterations, search.State.Iteration);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(1, 53)]
    [InlineData(10, 53)]
    public void It_ends_after_exactly_the_configured_evaluations(int offspring, int evaluations)
    {
        var search = Completed(
            SyntheticSearch.Small with { Evaluations = evaluations, OffspringPerIteration = offspring }, FinishReason.Evaluations);
        Assert.Equal(evaluations, search.State.Evaluations);
    }

    [Fact]
    public void It_ends_when_the_target_is_reached()
    {
        var reachable = Completed(SyntheticSearch.Small, FinishReason.Iterations).State.Population[0].Fitness.Rho;
        var search = Completed(SyntheticSearch.Small with { Target = reachable }, FinishReason.Target);
        Assert.Equal(reachable, search.State.Population[0].Fitness.Rho);
        Assert.Equal(search.State.BestSince, search.State.Iteration);
    }

    [Fact]
    public void It_ends_after_the_configured_iterations_without_a_better_proxy()
    {
        var search = Completed(SyntheticSearch.Small with { Plateau = 9, Iterations = 5000 }, FinishReason.Plateau);
        Assert.Equal(9, search.State.Iteration - search.State.BestSince);
    }

    [Fact]
    public void It_ends_when_the_space_holds_no_further_proxy()
    {
        // Nothing but invalid outcomes: the population never fills, and no canonical form is tried twice.
        var search = new SyntheticSearch(
            SyntheticSearch.Small with { UnaryOperations = 1, Inputs = [InputKind.A], Population = 4000 });
        search.Do(search.Start());
        while (!search.IsOver)
        {
            var round = search.Open!;
            search.Do(new ReportScores(
                round.Iteration, round.Round, [.. round.Proposals.Select(_ => new Outcome(Fitness: null, InvalidReason.NonFinite))]));
        }

        Assert.Equal(new SearchFinished(FinishReason.SpaceExhausted), search.Events[^1]);
        Assert.Empty(search.State.Population);
        Assert.Equal(search.State.Evaluations, search.State.KnownInvalid.Count);
    }

    [Theory]
    [InlineData(FinishReason.Iterations, "all 40 iterations done")]
    [InlineData(FinishReason.Evaluations, "all 50 evaluations done")]
    [InlineData(FinishReason.Target, "target rho of 0.5 reached")]
    [InlineData(FinishReason.Plateau, "no better proxy for 9 iterations")]
    [InlineData(FinishReason.SpaceExhausted, "no further proxy to draw that the rules let through")]
    public void The_state_and_its_snapshot_say_why_it_ended(FinishReason reason, string words)
    {
        var process = new SearchProcess(SyntheticSearch.Small with { Iterations = 40, Evaluations = 50, Target = 0.5, Plateau = 9 });
        var ended = process.Apply(new SearchState(), new SearchFinished(reason));
        Assert.Equal(words, ended.Ended);
        Assert.Equal(words, SearchSnapshot.Of(ended).Restore(process.Pruning).Ended);
        Assert.Equal("enough", process.Apply(new SearchState(), new SearchStopped("enough")).Ended);
    }

    [Fact]
    public void A_target_of_another_correlation_is_not_called_rho()
    {
        var process = new SearchProcess(SyntheticSearch.Small with { Target = 0.5, Fitness = FitnessTarget.Residual });
        Assert.Equal(
            "target of 0.5 reached (rho with the residual of structure)",
            process.Apply(new SearchState(), new SearchFinished(FinishReason.Target)).Ended);
    }

    [Fact]
    public void It_ends_with_the_reasons_when_no_proxy_is_valid()
    {
        var configuration = SyntheticSearch.Small;
        var search = new SyntheticSearch(configuration);
        search.Do(search.Start());
        while (!search.IsOver)
        {
            var round = search.Open!;
            search.Do(new ReportScores(
                round.Iteration, round.Round,
                [.. round.Proposals.Select((_, i) =>
                    new Outcome(Fitness: null, i == 0 ? InvalidReason.NonFinite : InvalidReason.Constant))]));
        }

        var draws = 100 * configuration.Population;
        Assert.Equal(draws, search.State.Evaluations);
        Assert.Equal(new SearchFinished(FinishReason.FewValid), search.Events[^1]);
        Assert.Equal(
            $"only 0 of {draws} proxies are valid: 100 have a score that is not finite, {draws - 100} score every network the same",
            search.State.Ended);
    }

    [Fact]
    public void It_ends_when_too_few_are_valid_to_fill_the_first_population_and_keeps_those()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        while (!search.IsOver)
        {
            var round = search.Open!;
            var valid = search.State.Evaluations == 0;
            search.Do(new ReportScores(round.Iteration, round.Round, [.. round.Proposals.Select((_, i) =>
                valid && i == 0
                    ? new Outcome(new Fitness(0.5, 0.4, 0.4, Ranking: 1), Invalid: null)
                    : new Outcome(Fitness: null, InvalidReason.TooFewDistinct))]));
        }

        Assert.Equal(FinishReason.FewValid, Assert.IsType<SearchFinished>(search.Events[^1]).Reason);
        Assert.Single(search.State.HallOfFame);
    }

    [Fact]
    public void The_reasons_are_counted_through_a_snapshot()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        var round = search.Open!;
        search.Do(new ReportScores(
            round.Iteration, round.Round, [.. round.Proposals.Select(_ => new Outcome(Fitness: null, InvalidReason.Constant))]));
        Assert.Equal(round.Proposals.Length, search.ThroughSnapshot().State.InvalidByReason[InvalidReason.Constant]);
    }

    [Fact]
    public void Random_search_proposes_draws_alone()
    {
        var search = Completed(
            SyntheticSearch.Small with { Strategy = SearchStrategy.Random, OffspringPerIteration = 3 }, FinishReason.Iterations);
        Assert.All(
            search.Events.OfType<RoundProposed>().SelectMany(e => e.Proposals),
            proposal => Assert.Equal(ProposalOrigin.Drawn, proposal.Origin));
    }

    [Fact]
    public void Every_iteration_proposes_the_configured_number_of_offspring()
    {
        var search = Completed(SyntheticSearch.Small with { OffspringPerIteration = 7, Iterations = 30 }, FinishReason.Iterations);
        var rounds = search.Events.OfType<RoundProposed>().Where(e => e.Iteration > 0).ToList();
        Assert.Equal(Enumerable.Range(1, 30), rounds.Select(r => r.Iteration));
        Assert.All(rounds, round => Assert.Equal(7, round.Proposals.Length));
    }

    [Fact]
    public void A_search_that_finds_nothing_better_keeps_its_best()
    {
        var search = Completed(SyntheticSearch.Small with { Iterations = 200 }, FinishReason.Iterations);
        var best = search.Events.OfType<RoundScored>().SelectMany(e => e.Outcomes).Max(o => o.Fitness?.Rho);
        Assert.Equal(best, search.State.Population[0].Fitness.Rho);
        Assert.Equal(best, search.State.HallOfFame[0].Fitness.Rho);
    }

    private static SyntheticSearch Completed(SearchConfiguration configuration, FinishReason reason)
    {
        var search = new SyntheticSearch(configuration);
        search.Run();
        Assert.Equal(new SearchFinished(reason), search.Events[^1]);
        return search;
    }
}
