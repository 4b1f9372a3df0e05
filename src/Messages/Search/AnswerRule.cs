namespace LPZero.Messages.Search;

/// <summary>What ranking is made of the best proxies that were found and of the structure, on the search set alone.</summary>
public enum AnswerRule
{
    /// <summary>The best proxy alone.</summary>
    Proxy,

    /// <summary>The mean rank by the ten best proxies with different rankings.</summary>
    MeanRank,

    /// <summary>The mean rank by up to three proxies, found greedily, whose rank sum is better than that of fewer of them.</summary>
    Ensemble,

    /// <summary>
    /// The mean rank by regressions on structure and, with half their weight, by the ten best proxies; by these alone where the
    /// cross-fitted rho of the regression is more than 0.05 below the best proxy's.
    /// </summary>
    Sum,

    /// <summary>The regression on structure with the scores of the best proxies as further columns.</summary>
    Regression,
}
