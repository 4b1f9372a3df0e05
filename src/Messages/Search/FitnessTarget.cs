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
    /// Of the proxy's ranking with the truth shrunk toward what regressions on structure say of the same architectures, by the share that
    /// the noise of a training has in what they leave: a truth is one training, and networks trained more than once show its noise.
    /// The price is that proxies which rank as structure does are favoured. Where structure does not tell what it has not seen (the
    /// cross-fitted rho of the regression is below 0.9), or too few networks were trained more than once, it is the truth.
    /// </summary>
    Smoothed,

    /// <summary>Of the sum of two rankings, the proxy's and that of the same regression's predictions, with the truth.</summary>
    Sum,
}
