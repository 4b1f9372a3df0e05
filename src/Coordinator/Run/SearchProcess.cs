using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Randomness;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>What a decision leads to.</summary>
/// <param name="Events">To be stored, then applied, in this order.</param>
/// <param name="Effect">To be carried out after the events are stored, if any.</param>
public sealed record Decision(ImmutableArray<SearchEvent> Events, ScoreRound? Effect)
{
    /// <summary>Nothing happens.</summary>
    public static readonly Decision None = new([], Effect: null);
}

/// <summary>
/// The search as a pure process: <see cref="Decide"/> says what a command leads to, <see cref="Apply"/> what an event
/// changes. No clock, no I/O, no thread; random numbers come from the state.
/// </summary>
public sealed class SearchProcess
{
    // The first population is given up after so many scored proxies for each of its members: fewer than one in a hundred is valid.
    private const long FirstDraws = 100;

    private readonly SearchConfiguration configuration;
    private readonly RuleBasedPruning pruning;
    private readonly Breeding breeding;

    /// <summary>The process of one run.</summary>
    public SearchProcess(SearchConfiguration configuration)
    {
        this.configuration = configuration;
        pruning = RuleBasedPruning.Of(configuration);
        breeding = new Breeding(configuration, pruning);
    }

    /// <summary>The rules in force.</summary>
    public RuleBasedPruning Pruning => pruning;

    /// <summary>What a command leads to.</summary>
    /// <exception cref="InvalidOperationException">The command does not fit the state, such as a second start.</exception>
    public Decision Decide(SearchState state, SearchCommand command) => command switch
    {
        StartSearch start => Start(state, start),
        RecoverSearch => Recover(state),
        ReportScores report => Report(state, report),
        PauseSearch when state.Phase == SearchPhase.Running => new Decision([new SearchPaused()], Effect: null),
        ResumeSearch when state.Phase == SearchPhase.Paused => GoOn(state, new SearchResumed()),
        StopSearch stop when state.Phase is SearchPhase.Running or SearchPhase.Paused =>
            new Decision([new SearchStopped(stop.Reason)], Effect: null),
        PauseSearch or ResumeSearch or StopSearch => Decision.None,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };

    /// <summary>The state after an event.</summary>
    public SearchState Apply(SearchState state, SearchEvent happened) => happened switch
    {
        SearchStarted => state with { Phase = SearchPhase.Running, RandomState = configuration.Seed },
        RoundProposed proposed => ApplyProposed(state, proposed),
        RoundScored scored => ApplyScored(state, scored),
        SearchFinished finished =>
            state with { Phase = SearchPhase.Finished, Pending = [], Ended = EndReason.InWords(finished.Reason, configuration, state) },
        SearchPaused => state with { Phase = SearchPhase.Paused },
        SearchResumed => state with { Phase = SearchPhase.Running },
        SearchStopped stopped => state with { Phase = SearchPhase.Stopped, Ended = stopped.Reason },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };

    private Decision Start(SearchState state, StartSearch start)
    {
        if (state.Phase != SearchPhase.New)
        {
            throw new InvalidOperationException("the search has begun already");
        }

        return GoOn(state, new SearchStarted(configuration, start.BenchmarkDigest, start.SearchArchitectures));
    }

    private Decision Recover(SearchState state)
    {
        if (state.Phase != SearchPhase.Running)
        {
            return Decision.None;
        }

        return state.Pending.IsEmpty ? GoOn(state) : new Decision([], EffectOf(state));
    }

    private Decision Report(SearchState state, ReportScores report)
    {
        if (state.Pending.IsEmpty || report.Round != state.Round || state.Phase is not (SearchPhase.Running or SearchPhase.Paused))
        {
            return Decision.None;
        }

        if (report.Outcomes.Length != state.Pending.Length)
        {
            throw new InvalidOperationException($"{report.Outcomes.Length} outcomes for {state.Pending.Length} proposals");
        }

        return GoOn(state, new RoundScored(state.Iteration, report.Outcomes));
    }

    /// <summary>Follows an event by what comes next: the end, the next round, or nothing while paused.</summary>
    private Decision GoOn(SearchState state, SearchEvent? first = null)
    {
        var events = ImmutableArray.CreateBuilder<SearchEvent>(2);
        if (first is not null)
        {
            events.Add(first);
            state = Apply(state, first);
        }

        if (state.Phase == SearchPhase.Running && state.Pending.IsEmpty)
        {
            var next = FinishReasonOf(state) is { } reason ? new SearchFinished(reason) : Propose(state);
            events.Add(next);
            state = Apply(state, next);
        }

        return new Decision(events.ToImmutable(), EffectOf(state));
    }

    private static ScoreRound? EffectOf(SearchState state) =>
        state.Phase == SearchPhase.Running && !state.Pending.IsEmpty ? new ScoreRound(state.Iteration, state.Round, state.Pending) : null;

    private SearchEvent Propose(SearchState state)
    {
        var missing = configuration.Population - state.Population.Length;
        var count = state.IsPopulated ? configuration.OffspringPerIteration : missing;
        if (configuration.Evaluations is { } limit)
        {
            count = Math.Min(count, limit - state.Evaluations);
        }

        var random = new SplittableRandom(state.RandomState);
        var ruleHits = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var proposals = breeding.Propose(state, count, ref random, ruleHits);
        return proposals.IsEmpty
            ? new SearchFinished(FinishReason.SpaceExhausted)
            : new RoundProposed(state.IsPopulated ? state.Iteration + 1 : 0, proposals,
                ruleHits.ToImmutableSortedDictionary(StringComparer.Ordinal), random.State);
    }

    private FinishReason? FinishReasonOf(SearchState state)
    {
        if (state.Population.Length > 0 && state.Population[0].Fitness.Compared >= configuration.Target)
        {
            return FinishReason.Target;
        }

        if (state.Evaluations >= configuration.Evaluations)
        {
            return FinishReason.Evaluations;
        }

        if (!state.IsPopulated)
        {
            return state.Evaluations >= FirstDraws * configuration.Population ? FinishReason.FewValid : null;
        }

        if (state.Iteration >= configuration.Iterations)
        {
            return FinishReason.Iterations;
        }

        return state.Iteration - state.BestSince >= configuration.Plateau ? FinishReason.Plateau : null;
    }

    private static SearchState ApplyProposed(SearchState state, RoundProposed proposed)
    {
        var hits = state.RuleHits.ToBuilder();
        foreach (var (rule, count) in proposed.RuleHits)
        {
            hits[rule] = hits.GetValueOrDefault(rule) + count;
        }

        return state with
        {
            Iteration = proposed.Iteration,
            Round = state.Round + 1,
            Pending = proposed.Proposals,
            RandomState = proposed.RandomState,
            RuleHits = hits.ToImmutable(),
        };
    }

    private SearchState ApplyScored(SearchState state, RoundScored scored)
    {
        var population = state.Population.ToBuilder();
        var hallOfFame = state.HallOfFame.ToBuilder();
        var forms = state.FormsInHallOfFame;
        var knownInvalid = state.KnownInvalid;
        var invalid = state.InvalidByReason.ToBuilder();
        var best = state.Population.IsEmpty ? double.NegativeInfinity : state.Population[0].Fitness.Compared;
        var bestSince = state.BestSince;
        var convergence = state.Convergence;
        var bestByTruth = state.BestByTruth;
        for (var i = 0; i < scored.Outcomes.Length; i++)
        {
            var proxy = state.Pending[i].Proxy;
            var canonical = pruning.Judge(proxy).Canonical
                ?? throw new InvalidOperationException($"a proxy without a canonical form was scored: {proxy}");
            if (scored.Outcomes[i].Fitness is not { } fitness)
            {
                knownInvalid = knownInvalid.Add(canonical);
                if (scored.Outcomes[i].Invalid is { } reason)
                {
                    invalid[reason] = invalid.GetValueOrDefault(reason) + 1;
                }

                continue;
            }

            var member = new Member(proxy, canonical, fitness, scored.Iteration);
            if (Enters(population, fitness, configuration.Population))
            {
                Insert(population, member);
            }

            if (!forms.Contains(canonical) && EntersHallOfFame(hallOfFame, member))
            {
                forms = forms.Add(canonical);
            }

            if (configuration.Fitness is FitnessTarget.Residual or FitnessTarget.Sum && !(fitness.Rho <= bestByTruth?.Fitness.Rho))
            {
                bestByTruth = member;
            }

            if (fitness.Compared > best)
            {
                best = fitness.Compared;
                bestSince = scored.Iteration;
                convergence = Improved(convergence, new ConvergencePoint(scored.Iteration, best));
            }
        }

        Trim(population, configuration.Population);
        Trim(hallOfFame, SearchState.HallOfFameSize);
        return state with
        {
            Population = population.ToImmutable(),
            IsPopulated = state.IsPopulated || population.Count == configuration.Population,
            HallOfFame = hallOfFame.ToImmutable(),
            FormsInHallOfFame = forms,
            KnownInvalid = knownInvalid,
            Pending = [],
            Evaluations = state.Evaluations + scored.Outcomes.Length,
            InvalidEvaluations = state.InvalidEvaluations + scored.Outcomes.Count(outcome => outcome.Fitness is null),
            InvalidByReason = invalid.ToImmutable(),
            BestSince = bestSince,
            Convergence = convergence,
            BestByTruth = bestByTruth,
        };
    }

    private static ImmutableArray<ConvergencePoint> Improved(ImmutableArray<ConvergencePoint> points, ConvergencePoint best) =>
        points is [.., var last] && last.Iteration == best.Iteration ? points.SetItem(points.Length - 1, best) : points.Add(best);

    /// <summary>
    /// Takes a form in, as a member of its own or into the one that ranks the search set as it does, if it is good enough for either.
    /// </summary>
    private static bool EntersHallOfFame(ImmutableArray<Member>.Builder hallOfFame, Member member)
    {
        for (var i = 0; i < hallOfFame.Count; i++)
        {
            if (hallOfFame[i].Fitness.Ranking == member.Fitness.Ranking)
            {
                var simplest = member.Canonical.Operations < hallOfFame[i].Canonical.Operations ? member : hallOfFame[i];
                hallOfFame[i] = simplest with { Forms = hallOfFame[i].Forms + 1 };
                return true;
            }
        }

        var enters = Enters(hallOfFame, member.Fitness, SearchState.HallOfFameSize);
        if (enters)
        {
            Insert(hallOfFame, member);
        }

        return enters;
    }

    /// <summary>Whether a fitness would be among the best that are kept.</summary>
    private static bool Enters(ImmutableArray<Member>.Builder members, Fitness fitness, int size) =>
        members.Count < size || fitness.Compared > members[size - 1].Fitness.Compared;

    /// <summary>Inserts behind all that are at least as good, so that of equals the older stays ahead.</summary>
    private static void Insert(ImmutableArray<Member>.Builder members, Member member)
    {
        var low = 0;
        var high = members.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (members[middle].Fitness.Compared >= member.Fitness.Compared)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        members.Insert(low, member);
    }

    private static void Trim(ImmutableArray<Member>.Builder members, int size)
    {
        if (members.Count > size)
        {
            members.RemoveRange(size, members.Count - size);
        }
    }
}
