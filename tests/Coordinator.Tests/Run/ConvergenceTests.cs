using LPZero.Coordinator.Run;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

public sealed class ConvergenceTests
{
    [Fact]
    public void Each_iteration_that_improves_on_the_best_has_one_point()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Run();

        var expected = new List<ConvergencePoint>();
        foreach (var round in search.Events.OfType<RoundScored>())
        {
            var best = round.Outcomes.Max(outcome => outcome.Fitness?.Rho ?? double.NegativeInfinity);
            if (best > (expected.Count == 0 ? double.NegativeInfinity : expected[^1].BestRho))
            {
                expected.RemoveAll(point => point.Iteration == round.Iteration);
                expected.Add(new ConvergencePoint(round.Iteration, best));
            }
        }

        Assert.True(expected.Count > 2, "the search hardly improves: nothing is shown");
        Assert.Equal(expected, search.State.Convergence);
    }

    [Fact]
    public void A_search_that_goes_on_from_a_snapshot_knows_how_it_came_there()
    {
        var whole = new SyntheticSearch(SyntheticSearch.Small);
        whole.Run();
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        while (search.State.Iteration < SyntheticSearch.Small.Iterations / 2)
        {
            search.ScoreOpenRound();
        }

        search = search.ThroughSnapshot();
        search.Do(new RecoverSearch());
        search.Run();

        Assert.Equal(whole.State.Convergence.AsEnumerable(), search.State.Convergence);
    }
}
