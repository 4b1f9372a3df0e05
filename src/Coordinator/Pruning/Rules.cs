using static LPZero.Coordinator.Pruning.RuleCategory;

namespace LPZero.Coordinator.Pruning;

/// <summary>Every rule of the Rule-based Pruning Strategy.</summary>
public static class Rules
{
    /// <summary>Drops no_op.</summary>
    public static readonly PruningRule NoOp = new("no-op", Equivalence, "no_op leaves its argument as it is");

    /// <summary>normalized_sum is mean.</summary>
    public static readonly PruningRule NormalizedSum = new(
        "normalized-sum-is-mean", Equivalence, "the sum over the number of elements is the mean");

    /// <summary>mean(abs(x)) is l1_norm(x).</summary>
    public static readonly PruningRule MeanOfAbs = new("mean-of-abs-is-l1-norm", Equivalence, "the mean of |x| is l1_norm(x)");

    /// <summary>A closing mean is dropped, as the branch takes the mean of its elements anyway.</summary>
    public static readonly PruningRule ClosingMean = new(
        "closing-mean", Equivalence, "a branch's value is the mean of its chain's result, so a closing mean changes nothing");

    /// <summary>A closing l1_norm is a closing abs.</summary>
    public static readonly PruningRule ClosingL1Norm = new(
        "closing-l1-norm-is-abs", Equivalence, "a branch's value is the mean of its chain's result, so a closing l1_norm is abs");

    /// <summary>Even operations do not see negate.</summary>
    public static readonly PruningRule EvenOfNegate = new(
        "even-of-negate", Equivalence, "abs, square, abs_log, frobenius_norm, l1_norm and std do not see the sign");

    /// <summary>Even operations do not see abs.</summary>
    public static readonly PruningRule EvenOfAbs = new(
        "even-of-abs", Equivalence, "square, abs_log, frobenius_norm and l1_norm do not see the sign");

    /// <summary>Two negates cancel.</summary>
    public static readonly PruningRule DoubleNegate = new("double-negate", Equivalence, "two negations cancel");

    /// <summary>negate moves outwards through mean and normalize.</summary>
    public static readonly PruningRule NegateOutwards = new(
        "negate-outwards", Equivalence, "mean and normalize of -x are minus those of x");

    /// <summary>log and sqrt do not see relu.</summary>
    public static readonly PruningRule RootOfRelu = new("log-or-sqrt-of-relu", Equivalence, "log and sqrt give 0 where relu cut already");

    /// <summary>l1_norm of something nonnegative is mean.</summary>
    public static readonly PruningRule L1NormOfNonnegative = new(
        "l1-norm-of-nonnegative", Equivalence, "the mean of |x| is the mean where nothing is negative");

    /// <summary>abs of something nonpositive is negate.</summary>
    public static readonly PruningRule AbsOfNonpositive = new(
        "abs-of-nonpositive", Equivalence, "|x| is -x, and the mean of |x| minus the mean, where nothing is positive");

    /// <summary>normalize(min_max(x)) is normalize(x).</summary>
    public static readonly PruningRule NormalizeOfMinMax = new(
        "normalize-of-min-max", Equivalence, "normalize undoes the shift and scale of min_max");

    /// <summary>square(sqrt(x)) is relu(x).</summary>
    public static readonly PruningRule SquareOfSqrt = new(
        "square-of-sqrt", Equivalence, "sqrt gives 0 where x is not positive, so its square is relu(x)");

    /// <summary>exp, softmax and log_softmax of log_softmax(x) are softmax(x), softmax(x) and log_softmax(x).</summary>
    public static readonly PruningRule OfLogSoftmax = new("of-log-softmax", Equivalence, "exp and softmax of log_softmax are softmax");

    /// <summary>Product and matmul are the same on numbers.</summary>
    public static readonly PruningRule MatmulOnNumbers = new("matmul-on-numbers", Equivalence, "matmul of two numbers is their product");

    /// <summary>Sum and product commute.</summary>
    public static readonly PruningRule Commute = new(
        "commutative-order", Equivalence, "sum and product do not depend on the order of their branches");

    /// <summary>Signs move to the binary operation.</summary>
    public static readonly PruningRule SignOfBranch = new(
        "sign-of-branch", Equivalence, "a closing negate is a sign of the branch's number, which joins the binary operation");

    /// <summary>relu, abs, normalize or log_softmax after its like.</summary>
    public static readonly PruningRule Repeated = new("repeated", Idempotence, "the operation changes nothing the second time");

    /// <summary>abs or relu of something nonnegative.</summary>
    public static readonly PruningRule OfNonnegative = new(
        "abs-or-relu-of-nonnegative", Idempotence, "abs and relu change nothing where nothing is negative");

    /// <summary>mean of a number is the number.</summary>
    public static readonly PruningRule MeanOfNumber = new("mean-of-number", SpecialCase, "the mean of one number is the number");

    /// <summary>A norm of a number is its absolute value.</summary>
    public static readonly PruningRule NormOfNumber = new(
        "norm-of-number", SpecialCase, "frobenius_norm and l1_norm of one number are its absolute value");

    /// <summary>relu, log or sqrt of something nonpositive is 0.</summary>
    public static readonly PruningRule CutToZero = new(
        "cut-to-zero", Conflict, "relu, log and sqrt give 0 where nothing is positive, so the branch is a constant");

    /// <summary>std of a number is NaN.</summary>
    public static readonly PruningRule StdOfNumber = new(
        "std-of-number", Degenerate, "the standard deviation of one number is not a number");

    /// <summary>Both branches are absent.</summary>
    public static readonly PruningRule BothDisconnected = new(
        "both-disconnected", Degenerate, "both branches are disconnected, so nothing is left");

    /// <summary>A disconnected branch leaves the other alone.</summary>
    public static readonly PruningRule Disconnected = new(
        "disconnected", SpecialCase, "a disconnected branch leaves the other branch alone");

    /// <summary>a - a is 0.</summary>
    public static readonly PruningRule DifferenceWithItself = new(
        "difference-with-itself", Degenerate, "the difference of equal branches is 0 for every architecture");

    /// <summary>Every live branch is value-free.</summary>
    public static readonly PruningRule ValueFree = new(
        "value-free", RuleCategory.ValueFree, "every live branch depends on shapes alone, so the proxy merely counts layers or sizes");

    /// <summary>A product with a branch that is 0.</summary>
    public static readonly PruningRule ProductWithZero = new("product-with-zero", Degenerate,
        "a branch that ends in normalize, or that was cut, is 0 but for rounding, and so is its product with anything");

    /// <summary>On tensors, b * b is square(b).</summary>
    public static readonly PruningRule ProductWithItself = new(
        "product-with-itself", Equivalence, "the product of a tensor with itself, element by element, is its square");

    /// <summary>On tensors, a number has nothing to be multiplied with element by element.</summary>
    public static readonly PruningRule ProductWithNumber = new(
        "product-with-number", SpecialCase, "a number and a tensor have no common shape, so the product is that of the branches' numbers");

    /// <summary>The canonical form is in the population, or in the same brood.</summary>
    public static readonly PruningRule InPopulation = new("in-population", Duplicate, "the population holds the same canonical proxy");

    /// <summary>The canonical form scored invalid before.</summary>
    public static readonly PruningRule KnownInvalid = new("known-invalid", Duplicate, "the same canonical proxy scored invalid before");

    /// <summary>Inverse operations side by side, as the paper's RPS refuses them.</summary>
    public static readonly PruningRule InversePair = new(
        "inverse-pair", Inverse,
        "the paper refuses an operation beside its inverse (log and exp, square and sqrt, invert or negate twice), " +
        "though they are not equal on all of R");

    /// <summary>All rules, in the order in which reports list them.</summary>
    public static readonly IReadOnlyList<PruningRule> All =
    [
        NoOp, NormalizedSum, MeanOfAbs, ClosingMean, ClosingL1Norm, EvenOfNegate, EvenOfAbs, DoubleNegate, NegateOutwards,
        RootOfRelu, L1NormOfNonnegative, AbsOfNonpositive, NormalizeOfMinMax, SquareOfSqrt, OfLogSoftmax,
        MatmulOnNumbers, Commute, SignOfBranch, ProductWithItself, ProductWithNumber, Repeated, OfNonnegative, MeanOfNumber, NormOfNumber,
        CutToZero, StdOfNumber,
        BothDisconnected, Disconnected, DifferenceWithItself, ProductWithZero, ValueFree, InPopulation, KnownInvalid, InversePair,
    ];

    /// <summary>The rules that refuse a proxy; the others rewrite it.</summary>
    public static readonly IReadOnlyList<PruningRule> Refusing =
    [
        StdOfNumber, BothDisconnected, DifferenceWithItself, ProductWithZero, ValueFree, InPopulation, KnownInvalid, InversePair,
    ];
}
