using LPZero.Messages.Terms;

namespace LPZero.Messages.Control;

/// <summary>
/// One line of the answer to a request that ensures terms. The last one says how it ended; an answer without it was cut short.
/// </summary>
/// <param name="Progress">How far it has come; null on the last line.</param>
/// <param name="NumericProfile">What the terms are computed with, once they are known.</param>
/// <param name="Error">Why they will not be known.</param>
public sealed record EnsuringLine(TermProgress? Progress = null, string? NumericProfile = null, string? Error = null);
