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

    /// <summary>Of the sum of two rankings, the proxy's and that of the same regression's predictions, with the truth.</summary>
    Sum,
}
