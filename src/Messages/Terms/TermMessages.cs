using System.Collections.Immutable;

namespace LPZero.Messages.Terms;

/// <summary>Asks a GPU node for terms of one network, or for scores of it by proxies that people designed.</summary>
/// <param name="Id">Names the request within its run.</param>
/// <param name="Attempt">1 for the first try; a repeated request has a higher one.</param>
/// <param name="Target">The network and how it is probed.</param>
/// <param name="Wanted">The chains of each input; an input occurs at most once. None where scores are asked for.</param>
/// <param name="IsLast">Whether the run has nothing more to ask of the network, so that its inputs need not stay loaded.</param>
public sealed record TermRequest(long Id, int Attempt, ProbedNetwork Target, ImmutableArray<ChainSet> Wanted, bool IsLast = false)
{
    /// <summary>Ids of the proxies whose scores are asked for; none where terms are.</summary>
    public ImmutableArray<string> Proxies { get; init; } = [];

    /// <summary>
    /// Chains whose terms are computed along with scores, from the same pass over the network, and stored; they are not part of the
    /// answer. Whoever has no memory for them leaves them out. None where no scores are asked for.
    /// </summary>
    public ImmutableArray<ChainSet> Along { get; init; } = [];

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => Wanted.IsEmpty && Proxies.IsEmpty;
}

/// <summary>The terms or the scores that a request asked for.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Attempt">The request's.</param>
/// <param name="Blocks">One for each input asked for, in that order.</param>
public sealed record TermReply(long Id, int Attempt, ImmutableArray<TermBlock> Blocks)
{
    /// <summary>One for each proxy asked for, in that order.</summary>
    public ImmutableArray<ProxyScore> Scores { get; init; } = [];
}
