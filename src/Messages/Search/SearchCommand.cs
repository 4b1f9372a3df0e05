using System.Collections.Immutable;

namespace LPZero.Messages.Search;

/// <summary>Something that a search is asked to do.</summary>
public abstract record SearchCommand;

/// <summary>Begin.</summary>
/// <param name="BenchmarkDigest">SHA-256 of the benchmark's content.</param>
/// <param name="SearchArchitectures">Identifiers of the architectures to rank, in the benchmark's order.</param>
public sealed record StartSearch(string BenchmarkDigest, ImmutableArray<string> SearchArchitectures) : SearchCommand;

/// <summary>Go on after the state was read back: repeats the effect that was under way.</summary>
public sealed record RecoverSearch : SearchCommand;

/// <summary>The outcomes of a round. One for another round than the pending one is late or repeated and changes nothing.</summary>
/// <param name="Iteration">The round's iteration.</param>
/// <param name="Round">The round's number, see <see cref="ScoreRound"/>.</param>
/// <param name="Outcomes">In the order of the proposals.</param>
public sealed record ReportScores(int Iteration, long Round, ImmutableArray<Outcome> Outcomes) : SearchCommand;

/// <summary>Propose nothing more until resumed.</summary>
public sealed record PauseSearch : SearchCommand;

/// <summary>Go on after a pause.</summary>
public sealed record ResumeSearch : SearchCommand;

/// <summary>End for good.</summary>
/// <param name="Reason">In words.</param>
public sealed record StopSearch(string Reason) : SearchCommand
{
    /// <summary>The reason where an operator has said so.</summary>
    public const string ByCommand = "stopped by command";
}

/// <summary>What a decision asks its shell to do: score proxies and report back with <see cref="ReportScores"/>.</summary>
/// <param name="Iteration">The round's iteration.</param>
/// <param name="Round">Number of rounds proposed so far, this one included.</param>
/// <param name="Proposals">What to score.</param>
public sealed record ScoreRound(int Iteration, long Round, ImmutableArray<Proposal> Proposals);
