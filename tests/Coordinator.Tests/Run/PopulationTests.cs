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

    [Fact]
    public void The_hall_of_fame_holds_the_best_that_were_ever_scored()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small with { UnaryOperations = 1, Iterations = 300, OffspringPerIteration = 4 });
        search.Run();
        var rounds = search.Events.OfType<RoundProposed>().Zip(search.Events.OfType<RoundScored>());
        var best = rounds
            .SelectMany(round => round.First.Proposals.Zip(round.Second.Outcomes))
            .Where(scored => scored.Second.Fitness is not null)
            .GroupBy(scored => search.Process.Pruning.Judge(scored.First.Proxy).Canonical)
            .Select(group => group.First().Second.Fitness!.Rho)
            .OrderDescending()
            .Take(SearchState.HallOfFameSize);
        Assert.Equal(best, search.State.HallOfFame.Select(m => m.Fitness.Rho));
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
            Assert.True(better.Fitness.Rho > worse.Fitness.Rho || (better.Fitness.Rho == worse.Fitness.Rho && better.Iteration <= worse.Iteration));
        }
    }
}
