using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>A scored proxy.</summary>
/// <param name="Proxy">As it was drawn or bred.</param>
/// <param name="Canonical">Its canonical form.</param>
/// <param name="Fitness">How well it ranks the search architectures.</param>
/// <param name="Iteration">When it was scored.</param>
/// <param name="Forms">In the hall of fame, how many canonical forms with the same ranking it stands for; 1 elsewhere.</param>
public sealed record Member(Proxy Proxy, CanonicalProxy Canonical, Fitness Fitness, int Iteration, int Forms = 1);

/// <summary>The best that selection could choose from after an iteration: what it compares, rho with the truth unless configured.</summary>
public sealed record ConvergencePoint(int Iteration, double BestRho);

/// <summary>Whether a search goes on.</summary>
public enum SearchPhase
{
    /// <summary>Not begun.</summary>
    New,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Paused until resumed.</summary>
    Paused,

    /// <summary>Reached its end.</summary>
    Finished,

    /// <summary>Stopped from outside for good.</summary>
    Stopped,
}

/// <summary>Where a search stands: a fold over its events. Immutable.</summary>
public sealed record SearchState
{
    /// <summary>How many of the best proxies are remembered.</summary>
    public const int HallOfFameSize = 100;

    /// <summary>Whether the search goes on.</summary>
    public SearchPhase Phase { get; init; }

    /// <summary>The iteration whose round is pending or was scored last; 0 while the first population is filled.</summary>
    public int Iteration { get; init; }

    /// <summary>Number of rounds proposed so far.</summary>
    public long Round { get; init; }

    /// <summary>Proxies scored so far, invalid ones included.</summary>
    public int Evaluations { get; init; }

    /// <summary>Proxies that scored invalid.</summary>
    public int InvalidEvaluations { get; init; }

    /// <summary>How many proxies scored invalid for which reason.</summary>
    public ImmutableSortedDictionary<InvalidReason, int> InvalidByReason { get; init; } =
        ImmutableSortedDictionary<InvalidReason, int>.Empty;

    /// <summary>The population, best first; of equal fitness the older first.</summary>
    public ImmutableArray<Member> Population { get; init; } = [];

    /// <summary>Whether the first population is complete.</summary>
    public bool IsPopulated { get; init; }

    /// <summary>
    /// The best proxies of the whole run, best first. Those that rank the search set identically are one proxy in other clothes: they
    /// have one member, the simplest of them (of equally simple ones the oldest).
    /// </summary>
    public ImmutableArray<Member> HallOfFame { get; init; } = [];

    /// <summary>
    /// The proxy of the whole run that ranks the search set best by the truth, the oldest of equals, where selection does not look for
    /// that: where it compares residuals or sums; null elsewhere.
    /// </summary>
    public Member? BestByTruth { get; init; }

    /// <summary>
    /// The proxies to show, best first: the hall of fame, behind the best one by the truth where selection does not look for that.
    /// </summary>
    public ImmutableArray<Member> Leaders => BestByTruth is not { } best ? HallOfFame :
    [
        HallOfFame.FirstOrDefault(member => member.Fitness.Ranking == best.Fitness.Ranking) ?? best,
        .. HallOfFame.Where(member => member.Fitness.Ranking != best.Fitness.Ranking),
    ];

    /// <summary>The canonical forms that members of the hall of fame stand for, or stood for while they were in it.</summary>
    public ImmutableHashSet<CanonicalProxy> FormsInHallOfFame { get; init; } = [];

    /// <summary>Canonical forms that scored invalid.</summary>
    public ImmutableHashSet<CanonicalProxy> KnownInvalid { get; init; } = [];

    /// <summary>Proposals that wait for their outcomes.</summary>
    public ImmutableArray<Proposal> Pending { get; init; } = [];

    /// <summary>How often each pruning rule acted.</summary>
    public ImmutableSortedDictionary<string, long> RuleHits { get; init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The iteration in which the best proxy was found.</summary>
    public int BestSince { get; init; }

    /// <summary>The best rho so far, one point for each iteration that improved on it.</summary>
    public ImmutableArray<ConvergencePoint> Convergence { get; init; } = [];

    /// <summary>Why the search has ended, in words; null while it has not.</summary>
    public string? Ended { get; init; }

    /// <summary>State of the random generator.</summary>
    public ulong RandomState { get; init; }
}
