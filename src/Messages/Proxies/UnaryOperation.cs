namespace LPZero.Messages.Proxies;

/// <summary>
/// The 21 unary operations f1..f21 of LPZero (arXiv 2410.04808, table 1), in the published order.
/// Element-wise unless a member says otherwise; "scalar" means the result is one number.
/// </summary>
public enum UnaryOperation
{
    /// <summary>ln(x + 1e-9) where x > 0, else 0; NaN stays NaN.</summary>
    Log,

    /// <summary>ln |x| where x is not 0, else 0.</summary>
    AbsLog,

    /// <summary>|x|.</summary>
    Abs,

    /// <summary>x².</summary>
    Square,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>(x - mean) / std with the unbiased std; an element that comes out NaN becomes 0.</summary>
    Normalize,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>1 / (x + 1e-9).</summary>
    Invert,

    /// <summary>Scalar: the square root of the sum of squares.</summary>
    FrobeniusNorm,

    /// <summary>Scalar: the sum over the number of elements.</summary>
    NormalizedSum,

    /// <summary>Scalar: the mean of |x|.</summary>
    L1Norm,

    /// <summary>Softmax along dimension 0 (a scalar gives 1).</summary>
    Softmax,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>Logarithm of the softmax along dimension 0 (a scalar gives 0).</summary>
    LogSoftmax,

    /// <summary>√x where x > 0, else 0; NaN stays NaN.</summary>
    Sqrt,

    /// <summary>-x.</summary>
    Negate,

    /// <summary>(x - min) / (max - min + 1e-9).</summary>
    MinMax,

    /// <summary>Scalar: the mean.</summary>
    Mean,

    /// <summary>Scalar: the unbiased standard deviation (NaN for one element).</summary>
    Std,

    /// <summary>x.</summary>
    NoOp,

    /// <summary>The whole branch is absent.</summary>
    Disconnect,
}
