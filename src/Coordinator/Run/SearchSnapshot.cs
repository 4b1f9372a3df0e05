using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>A scored proxy as a snapshot keeps it; its canonical form follows from the rules.</summary>
public sealed record SnapshotMember(Proxy Proxy, Fitness Fitness, int Iteration, int Forms);

/// <summary>A <see cref="SearchState"/> as plain data, so that a resumed run need not read all its events.</summary>
public sealed record SearchSnapshot(
    SearchPhase Phase, int Iteration, long Round, int Evaluations, int InvalidEvaluations,
    ImmutableArray<SnapshotMember> Population, bool IsPopulated, ImmutableArray<SnapshotMember> HallOfFame,
    ImmutableArray<Proxy> FormsInHallOfFame, ImmutableArray<Proxy> KnownInvalid, ImmutableArray<Proposal> Pending,
    ImmutableSortedDictionary<string, long> RuleHits, int BestSince, ulong RandomState, string? Ended = null,
    ImmutableSortedDictionary<InvalidReason, int>? InvalidByReason = null, ImmutableArray<ConvergencePoint>? Convergence = null,
    SnapshotMember? BestByTruth = null)
{
    /// <summary>The snapshot of a state.</summary>
    public static SearchSnapshot Of(SearchState state) => new(
        state.Phase, state.Iteration, state.Round, state.Evaluations, state.InvalidEvaluations,
        [.. state.Population.Select(ToSnapshot)], state.IsPopulated, [.. state.HallOfFame.Select(ToSnapshot)],
        ToSnapshot(state.FormsInHallOfFame), ToSnapshot(state.KnownInvalid),
        state.Pending, state.RuleHits, state.BestSince, state.RandomState, state.Ended, state.InvalidByReason, state.Convergence,
        state.BestByTruth is { } best ? ToSnapshot(best) : null);

    /// <summary>The state of this snapshot.</summary>
    /// <param name="pruning">The run's rules.</param>
    public SearchState Restore(RuleBasedPruning pruning) => new()
    {
        Phase = Phase,
        Iteration = Iteration,
        Round = Round,
        Evaluations = Evaluations,
        InvalidEvaluations = InvalidEvaluations,
        Population = [.. Population.Select(m => Restore(m, pruning))],
        IsPopulated = IsPopulated,
        HallOfFame = [.. HallOfFame.Select(m => Restore(m, pruning))],
        FormsInHallOfFame = [.. FormsInHallOfFame.Select(proxy => Canonical(proxy, pruning))],
        KnownInvalid = [.. KnownInvalid.Select(proxy => Canonical(proxy, pruning))],
        Pending = Pending,
        RuleHits = RuleHits,
        BestSince = BestSince,
        RandomState = RandomState,
        Ended = Ended,
        InvalidByReason = InvalidByReason ?? ImmutableSortedDictionary<InvalidReason, int>.Empty,
        Convergence = Convergence ?? [],
        BestByTruth = BestByTruth is { } best ? Restore(best, pruning) : null,
    };

    private static Member Restore(SnapshotMember member, RuleBasedPruning pruning) =>
        new(member.Proxy, Canonical(member.Proxy, pruning), member.Fitness, member.Iteration, member.Forms);

    private static CanonicalProxy Canonical(Proxy proxy, RuleBasedPruning pruning) =>
        pruning.Judge(proxy).Canonical ?? throw new InvalidOperationException($"the snapshot holds a proxy that the rules refuse: {proxy}");

    private static SnapshotMember ToSnapshot(Member member) => new(member.Proxy, member.Fitness, member.Iteration, member.Forms);

    private static ImmutableArray<Proxy> ToSnapshot(IEnumerable<CanonicalProxy> forms) =>
        [.. forms.Select(canonical => canonical.ToProxy()).OrderBy(proxy => proxy.ToString(), StringComparer.Ordinal)];
}
