using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Search;

/// <summary>How a proposed proxy came about.</summary>
public enum ProposalOrigin
{
    /// <summary>Drawn at random for the first population, or by random search.</summary>
    Drawn,

    /// <summary>Bred by crossover, mutation or both.</summary>
    Bred,

    /// <summary>Drawn at random after breeding was refused too often.</summary>
    Regenerated,

    /// <summary>Known before: named by <see cref="SearchConfiguration.StartWith"/>.</summary>
    Given,
}

/// <summary>A proxy that passed the pruning rules and is to be scored.</summary>
/// <param name="Proxy">The proxy as it was drawn or bred.</param>
/// <param name="Origin">How it came about.</param>
public sealed record Proposal(Proxy Proxy, ProposalOrigin Origin);

/// <summary>How well a proxy ranks the search architectures.</summary>
/// <param name="Rho">Spearman's rho with the truth, with average ranks for ties.</param>
/// <param name="TauA">Kendall's tau-a.</param>
/// <param name="TauB">Kendall's tau-b.</param>
/// <param name="Ranking">A digest of the ranking: equal for proxies that rank the search architectures identically, ties included.</param>
/// <param name="Criterion">What selection compares where that is not <paramref name="Rho"/>; see <see cref="FitnessTarget"/>.</param>
public sealed record Fitness(double Rho, double TauA, double TauB, ulong Ranking, double? Criterion = null)
{
    /// <summary>What selection compares.</summary>
    [JsonIgnore]
    public double Compared => Criterion ?? Rho;
}

/// <summary>Why a proxy has no fitness.</summary>
public enum InvalidReason
{
    /// <summary>A score is NaN or infinite.</summary>
    NonFinite,

    /// <summary>Every architecture has the same score.</summary>
    Constant,

    /// <summary>Fewer distinct scores than <see cref="SearchConfiguration.MinDistinct"/> asks for.</summary>
    TooFewDistinct,
}

/// <summary>What scoring a proxy gave: a fitness, or the reason why there is none.</summary>
public sealed record Outcome(Fitness? Fitness, InvalidReason? Invalid);

/// <summary>Why a search ended by itself.</summary>
public enum FinishReason
{
    /// <summary>The configured number of iterations.</summary>
    Iterations,

    /// <summary>The configured number of scored proxies.</summary>
    Evaluations,

    /// <summary>The target was reached.</summary>
    Target,

    /// <summary>No better proxy for the configured number of iterations.</summary>
    Plateau,

    /// <summary>No further proxy could be drawn that the rules let through.</summary>
    SpaceExhausted,

    /// <summary>So few of the proxies drawn are valid that the first population was given up.</summary>
    FewValid,
}

/// <summary>Something that happened to a search. The state is a fold over these.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(SearchStarted), "searchStarted")]
[JsonDerivedType(typeof(RoundProposed), "roundProposed")]
[JsonDerivedType(typeof(RoundScored), "roundScored")]
[JsonDerivedType(typeof(SearchFinished), "searchFinished")]
[JsonDerivedType(typeof(SearchPaused), "searchPaused")]
[JsonDerivedType(typeof(SearchResumed), "searchResumed")]
[JsonDerivedType(typeof(SearchStopped), "searchStopped")]
public abstract record SearchEvent
{
    /// <summary>
    /// True for what comes from outside and is no part of the event stream that two runs of the same configuration,
    /// data and seed have in common.
    /// </summary>
    [JsonIgnore]
    public virtual bool IsLifecycle => false;
}

/// <summary>The search began.</summary>
/// <param name="Configuration">What determines it.</param>
/// <param name="BenchmarkDigest">SHA-256 of the benchmark's content.</param>
/// <param name="SearchArchitectures">Identifiers of the architectures that it ranks, in the benchmark's order.</param>
public sealed record SearchStarted(
    SearchConfiguration Configuration, string BenchmarkDigest, ImmutableArray<string> SearchArchitectures) : SearchEvent;

/// <summary>Proxies were chosen for scoring.</summary>
/// <param name="Iteration">0 while the first population is filled.</param>
/// <param name="Proposals">The proxies, in the order in which their outcomes will count.</param>
/// <param name="RuleHits">How often each pruning rule acted while they were chosen.</param>
/// <param name="RandomState">State of the generator afterwards.</param>
public sealed record RoundProposed(
    int Iteration, ImmutableArray<Proposal> Proposals, ImmutableSortedDictionary<string, int> RuleHits, ulong RandomState) : SearchEvent;

/// <summary>The proposals of the round were scored.</summary>
/// <param name="Iteration">The round's.</param>
/// <param name="Outcomes">In the order of the proposals.</param>
public sealed record RoundScored(int Iteration, ImmutableArray<Outcome> Outcomes) : SearchEvent;

/// <summary>The search reached its end.</summary>
public sealed record SearchFinished(FinishReason Reason) : SearchEvent;

/// <summary>Somebody paused the search.</summary>
public sealed record SearchPaused : SearchEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsLifecycle => true;
}

/// <summary>Somebody resumed the search.</summary>
public sealed record SearchResumed : SearchEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsLifecycle => true;
}

/// <summary>Somebody stopped the search for good, or its time was up.</summary>
/// <param name="Reason">In words.</param>
public sealed record SearchStopped(string Reason) : SearchEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsLifecycle => true;
}
