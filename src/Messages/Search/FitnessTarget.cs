namespace LPZero.Messages.Search;

/// <summary>What a search compares proxies by: the rank correlation, over the search set, of which ranking with what.</summary>
public enum FitnessTarget
{
    /// <summary>Of the proxy's ranking with the truth.</summary>
    Truth,

    /// <summary>
    /// Of the proxy's ranking with what a regression on structure leaves of the truth: the truth minus what the fit without the
    /// architecture's fold of networks predicts.
    /// </summary>
    Residual,

    /// <summary>
    /// Of the proxy's ranking with a mean of two: one part the truth's ranks, three parts those of what regressions on structure say of the
    /// same architectures. A truth is one training, with its noise; what similar architectures reached takes part of that out (as in
    /// James and Stein, 1961), at the price that proxies which rank as structure does are favoured. Where structure does not tell
    /// what it has not seen (the cross-fitted rho of the regression is below 0.9, or there are too few networks for it), it is the truth.
    /// </summary>
    Smoothed,

    /// <summary>Of the sum of two rankings, the proxy's and that of the same regression's predictions, with the truth.</summary>
    Sum,
}
