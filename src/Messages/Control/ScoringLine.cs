using System.Collections.Immutable;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Control;

/// <summary>
/// One line of the answer to a request for scores: how far it has come, and then a network's scores a line. The last one says that all is
/// said, or why it will not be; an answer without it was cut short.
/// </summary>
/// <param name="Progress">How far it has come.</param>
/// <param name="Scores">The scores of the next network.</param>
/// <param name="IsWhole">Whether all is said.</param>
/// <param name="Error">Why it will not be said.</param>
public sealed record ScoringLine(
    TermProgress? Progress = null, ImmutableArray<ProxyScore>? Scores = null, bool IsWhole = false, string? Error = null);
