namespace LPZero.Coordinator.Choosing;

/// <summary>How a predictor is made of the best proxies of a search set.</summary>
public enum SelectionRule
{
    /// <summary>The best one alone.</summary>
    Best,

    /// <summary>The mean rank by the <see cref="Selection.TopCount"/> best ones with different rankings.</summary>
    MeanRankOfTop,

    /// <summary>Up to three whose rank sum is better than each rank sum of fewer of them, found greedily.</summary>
    Ensemble,
}
