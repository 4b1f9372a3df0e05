using System.Collections.Immutable;
using FsCheck.Fluent;
using LPZero.Coordinator.Run;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>The same configuration and seed give the same events, whatever happens in between.</summary>
public sealed class DeterminismTests
{
    private static readonly ImmutableArray<SearchConfiguration> Configurations =
    [
        SyntheticSearch.Small,
        SyntheticSearch.Small with
        {
            OffspringPerIteration = 5,
            Iterations = 20,
            LayerReductions = [LayerReduction.Sum, LayerReduction.Mean, LayerReduction.Last],
        },
        SyntheticSearch.Small with { Strategy = SearchStrategy.Random },
        SyntheticSearch.Small with { Pruning = PruningMode.None, DrawWeights = DrawWeights.Published },
        SyntheticSearch.Small with { Pruning = PruningMode.Paper, UnaryOperations = 3 },
    ];

    public static TheoryData<int> ConfigurationIndexes() => [.. Enumerable.Range(0, Configurations.Length)];

    [Theory]
    [MemberData(nameof(ConfigurationIndexes))]
    public void Two_runs_have_the_same_events(int configuration) =>
        Assert.Equal(Completed(Configurations[configuration]).Stream, Completed(Configurations[configuration]).Stream);

    [Fact]
    public void Another_seed_gives_other_events() =>
        Assert.NotEqual(Completed(SyntheticSearch.Small).Stream, Completed(SyntheticSearch.Small with { Seed = 43 }).Stream);

    [Theory]
    [MemberData(nameof(ConfigurationIndexes))]
    public void Pauses_leave_the_events_as_they_are(int configuration)
    {
        var expected = Completed(Configurations[configuration]).Stream;
        Properties.Check(5, Gen.Choose(0, 3).ArrayOf(400), choices =>
        {
            var search = new SyntheticSearch(Configurations[configuration]);
            search.Do(search.Start());
            foreach (var choice in choices.TakeWhile(_ => !search.IsOver))
            {
                switch (choice)
                {
                    case 0:
                        search.Do(new PauseSearch());
                        break;
                    case 1:
                        search.Do(new ResumeSearch());
                        break;
                    default:
                        if (search.Open is not null)
                        {
                            search.ScoreOpenRound();
                        }

                        break;
                }
            }

            search.Do(new ResumeSearch());
            search.Run();
            Assert.Contains(search.Events, e => e is SearchPaused);
            Assert.Equal(expected, search.Stream);
        });
    }

    [Theory]
    [MemberData(nameof(ConfigurationIndexes))]
    public void A_search_recovered_from_any_prefix_of_its_events_goes_on_to_the_same_end(int configuration)
    {
        var expected = Completed(Configurations[configuration]);
        Properties.Check(8, Gen.Choose(1, expected.Stream.Count), length =>
        {
            var recovered = SyntheticSearch.Replay(Configurations[configuration], expected.Stream.Take(length));
            recovered.Do(new RecoverSearch());
            recovered.Run();
            Assert.Equal(expected.Stream, recovered.Stream);
            AssertSameState(expected.State, recovered.State);
        });
    }

    [Theory]
    [MemberData(nameof(ConfigurationIndexes))]
    public void A_search_recovered_from_a_snapshot_goes_on_to_the_same_end(int configuration)
    {
        var expected = Completed(Configurations[configuration]);
        Properties.Check(8, Gen.Choose(1, expected.Stream.Count), length =>
        {
            var recovered = SyntheticSearch.Replay(Configurations[configuration], expected.Stream.Take(length)).ThroughSnapshot();
            recovered.Do(new RecoverSearch());
            recovered.Run();
            Assert.Equal(expected.Stream, recovered.Stream);
            AssertSameState(expected.State, recovered.State);
        });
    }

    [Fact]
    public void Recovery_of_a_paused_search_waits_for_resume()
    {
        var search = new SyntheticSearch(SyntheticSearch.Small);
        search.Do(search.Start());
        search.Do(new PauseSearch());
        var recovered = SyntheticSearch.Replay(SyntheticSearch.Small, search.Events.Select(SyntheticSearch.Write));
        Assert.Equal(Decision.None, recovered.Do(new RecoverSearch()));
        Assert.NotNull(recovered.Do(new ResumeSearch()).Effect);
        recovered.Run();
        Assert.Equal(Completed(SyntheticSearch.Small).Stream, recovered.Stream);
    }

    private static void AssertSameState(SearchState expected, SearchState actual)
    {
        Assert.Equal(expected.Population.ToArray(), actual.Population.ToArray());
        Assert.Equal(expected.HallOfFame.ToArray(), actual.HallOfFame.ToArray());
        Assert.Equal(expected.RuleHits, actual.RuleHits);
        Assert.True(expected.KnownInvalid.SetEquals(actual.KnownInvalid));
        Assert.Equal(Numbers(expected), Numbers(actual));

        static object Numbers(SearchState state) =>
            (state.Phase, state.Iteration, state.Round, state.Evaluations, state.InvalidEvaluations, state.IsPopulated, state.BestSince,
                state.RandomState);
    }

    private static SyntheticSearch Completed(SearchConfiguration configuration)
    {
        var search = new SyntheticSearch(configuration);
        search.Run();
        Assert.Equal(SearchPhase.Finished, search.State.Phase);
        return search;
    }
}
