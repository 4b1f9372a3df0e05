namespace LPZero.Messages.Predictors;

/// <summary>How the parts of a group become the score of an architecture. A part's x is (transform(value) - mean) / scale.</summary>
public enum PredictorRule
{
    /// <summary>Intercept plus the sum of coefficient times x: one part alone, or a linear regression.</summary>
    Sum,

    /// <summary>
    /// The sum of coefficient times the centred rank of x among the architectures that are scored together. An x that is not a number
    /// counts as the lowest, whatever the sign of the coefficient.
    /// </summary>
    MeanRank,

    /// <summary>
    /// The first part's x orders the architectures, downwards where its coefficient is negative, and each further part those that are
    /// equal by all before it; an x that is not a number comes lowest. The score is the centred rank in that order.
    /// </summary>
    Lexicographic,

    /// <summary>The product of coefficient times x over the parts: how two features act together.</summary>
    Product,
}
