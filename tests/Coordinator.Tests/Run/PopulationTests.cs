using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Run;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>What holds of the population and the hall of fame after every event.</summary>
public sealed class PopulationTests
{
    [Theory]
    [InlineData(PruningMode.Sound, 1)]
    [InlineData(PruningMode.Sound, 12)]
    [InlineData(PruningMode.None, 5)]
    public void The_population_is_full_sorted_and_without_duplicates(PruningMode mode, int offspring)
    {
        var configuration = SyntheticSearch.Small with
        {
            Pruning = mode,
            OffspringPerIteration = offspring,
            UnaryOperations = 1,
            LayerReductions = [LayerReduction.Sum, LayerReduction.AllButLast],
        };
        var search = new SyntheticSearch(configuration);
        search.Do(search.Start());
        while (!search.IsOver)
        {
            search.ScoreOpenRound();
            var state = search.State;
            Assert.Equal(state.IsPopulated, state.Population.Length == configuration.Population);
            AssertSortedAndDistinct(state.Population);
            AssertSortedAndDistinct(state.HallOfFame);
            Assert.Equal(Math.Min(SearchState.HallOfFameSize, state.HallOfFame.Length), state.HallOfFame.Length);
            Assert.All(state.Population, m => Assert.DoesNotContain(m.Canonical, state.KnownInvalid));
        }
    }

    [Theory]
    [InlineData(FitnessTarget.Residual)]
    [InlineData(FitnessTarget.Sum)]
    public void Selection_goes_by_the_criterion_and_the_best_by_the_truth_leads_all_the_same(FitnessTarget target)
    {
        var search = new SyntheticSearch(SyntheticSearch.Small with { Fitness = target, OffspringPerIteration = 4 });
        search.Run();

        var found = search.Events.OfType<RoundScored>().SelectMany(round => round.Outcomes)
            .Where(outcome => outcome.Fitness is not null).Select(outcome => outcome.Fitness!)
            .DistinctBy(fitness => fitness.Ranking).ToList();
        var state = search.State;
        Assert.Equal(
            found.Select(fitness => fitness.Criterion!.Value).OrderDescending().Take(state.HallOfFame.Length),
            state.HallOfFame.Select(member => member.Fitness.Compared));
        Assert.Equal(state.Population.Select(m => m.Fitness.Compared).OrderDescending(), state.Population.Select(m => m.Fitness.Compared));
        Assert.Equal(found.Max(fitness => fitness.Criterion!.Value), state.Convergence[^1].BestRho);

        Assert.Equal(found.Max(fitness => fitness.Rho), state.Leaders[0].Fitness.Rho);
        Assert.True(state.Leaders[0].Fitness.Rho > state.HallOfFame[0].Fitness.Rho, "both orders have the same best: nothing is shown");
        Assert.Equal(state.Leaders.Length, state.Leaders.Select(member => member.Fitness.Ranking).Distinct().Count());
        Assert.Equal(state.Leaders.AsEnumerable(), search.ThroughSnapshot().State.Leaders);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_hall_of_fame_holds_the_best_rankings_that_ever_were_each_in_its_simplest_form_and_counted(int unaryOperations)
    {
        var search = new SyntheticSearch(
            SyntheticSearch.Small with { UnaryOperations = unaryOperations, Iterations = 300, OffspringPerIteration = 4 });
        search.Run();
        var rounds = search.Events.OfType<RoundProposed>().Zip(search.Events.OfType<RoundScored>());
        var forms = rounds
            .SelectMany(round => round.First.Proposals.Zip(round.Second.Outcomes))
            .Where(scored => scored.Second.Fitness is not null)
            .Select(scored => (Canonical: search.Process.Pruning.Judge(scored.First.Proxy).Canonical!, Fitness: scored.Second.Fitness!))
            .DistinctBy(scored => scored.Canonical)
            .ToList();
        var rankings = forms.GroupBy(form => form.Fitness.Ranking).ToDictionary(group => group.Key, group => group.ToList());

        var hall = search.State.HallOfFame;
        Assert.Equal(rankings.Values.Select(alike => alike[0].Fitness.Rho).OrderDescending().Take(SearchState.HallOfFameSize),
            hall.Select(m => m.Fitness.Rho));
        Assert.Equal(hall.Length, hall.Select(m => m.Fitness.Ranking).Distinct().Count());
        Assert.True(rankings.Count < forms.Count, "no two proxies of the synthetic search rank alike: nothing is shown");
        Assert.All(hall, member =>
        {
            Assert.Equal(rankings[member.Fitness.Ranking].Min(form => form.Canonical.Operations), member.Canonical.Operations);
            Assert.Equal(rankings[member.Fitness.Ranking].Count, member.Forms);
        });
    }

    [Fact]
    public void A_form_that_is_scored_again_is_not_counted_again()
    {
        var configuration = SyntheticSearch.Small with
        {
            Population = 4,
            Iterations = 3000,
            UnaryOperations = 1,
            Strategy = SearchStrategy.Random,
        };
        var search = new SyntheticSearch(configuration);
        search.Run();
        var proposed = search.Events.OfType<RoundProposed>().SelectMany(e => e.Proposals)
            .Select(p => search.Process.Pruning.Judge(p.Proxy).Canonical).ToList();
        Assert.NotEqual(proposed.Count, proposed.Distinct().Count());
        Assert.True(search.State.HallOfFame.Sum(m => m.Forms) <= search.State.FormsInHallOfFame.Count);
        Assert.Subset(proposed.ToHashSet(), search.State.FormsInHallOfFame.ToHashSet<CanonicalProxy?>());
    }

    [Fact]
    public void A_member_came_by_in_the_iteration_that_it_names()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Run();
        var proposed = search.Events.OfType<RoundProposed>().SelectMany(e => e.Proposals.Select(p => (p.Proxy, e.Iteration))).ToHashSet();
        Assert.All(search.State.HallOfFame, m => Assert.Contains((m.Proxy, m.Iteration), proposed));
    }

    private static void AssertSortedAndDistinct(IReadOnlyList<Member> members)
    {
        Assert.Equal(members.Count, members.Select(m => m.Canonical).Distinct().Count());
        foreach (var (better, worse) in members.Zip(members.Skip(1)))
        {
            Assert.True(better.Fitness.Rho > worse.Fitness.Rho
                || (better.Fitness.Rho == worse.Fitness.Rho && (better.Iteration <= worse.Iteration || better.Forms > 1)));
        }
    }
}
