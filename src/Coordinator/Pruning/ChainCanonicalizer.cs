using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using static LPZero.Messages.Proxies.UnaryOperation;

namespace LPZero.Coordinator.Pruning;

/// <summary>
/// Rewrites one chain to its canonical form, operation by operation, keeping what is known of the value so far:
/// whether it is a number, its sign, whether it depends on shapes alone or is 0.
/// A negate is kept as a pending sign and written only where an operation follows that sees it.
/// </summary>
internal struct ChainCanonicalizer
{
    private readonly InputKind input;
    private readonly Reduction elements;
    private readonly List<(UnaryOperation Operation, Facts Before)> written;
    private readonly ImmutableArray<PruningRule>.Builder rules;
    private Facts facts;
    private bool negated;
    private PruningRule? refusal;

    private ChainCanonicalizer(InputKind input, Reduction elements)
    {
        this.input = input;
        this.elements = elements;
        written = [];
        rules = ImmutableArray.CreateBuilder<PruningRule>();
        // Attention probabilities are not negative: a row of them may be (0.7, 0, 0.3).
        facts = input == InputKind.S ? new Facts(Sign.Nonnegative) : default;
    }

    private enum Sign
    {
        Unknown,
        Nonnegative,
        Nonpositive,
    }

    private readonly UnaryOperation? Last => written.Count > 0 ? written[^1].Operation : null;

    /// <summary>The canonical form of a branch's chain; an empty, disconnected one where the chain holds disconnect.</summary>
    public static CanonicalChain Canonicalize(InputKind input, Chain chain, Reduction elements)
    {
        if (chain.Operations.Contains(Disconnect))
        {
            return new CanonicalChain(
                Chain.Empty, Negated: false, Disconnected: true, IsNumber: false, IsValueFree: false, IsZero: false, Throughout.Unknown,
                Refusal: null, [Rules.Disconnected]);
        }

        var canonicalizer = new ChainCanonicalizer(input, elements);
        foreach (var operation in chain)
        {
            canonicalizer.Append(operation);
        }

        return canonicalizer.Close();
    }

    private void Append(UnaryOperation operation)
    {
        switch (operation)
        {
            case NoOp:
                Hit(Rules.NoOp);
                return;
            // Two cancel: -(-3) = 3.
            case Negate:
                if (negated)
                {
                    Hit(Rules.DoubleNegate);
                }

                negated = !negated;
                return;
            // The sum over the number of elements: (1 + 3 + 5) / 3 = 3, the mean.
            case NormalizedSum:
                Hit(Rules.NormalizedSum);
                operation = Mean;
                break;
        }

        if (facts.IsNumber)
        {
            switch (operation)
            {
                // mean(3) = 3.
                case Mean:
                    Hit(Rules.MeanOfNumber);
                    return;
                // It divides by N - 1 = 0, whatever the sign was.
                case Std:
                    negated = false;
                    refusal = Rules.StdOfNumber;
                    Write(Std, new Facts(IsNumber: true));
                    return;
                // Both norms of -3 are |-3| = 3.
                case FrobeniusNorm or L1Norm:
                    Hit(Rules.NormOfNumber);
                    operation = Abs;
                    break;
            }
        }

        switch (operation)
        {
            case Abs or Square or AbsLog or FrobeniusNorm or L1Norm or Std:
                AppendEven(operation);
                break;
            // mean(-1, -3, -5) = -3 = -mean(1, 3, 5): the sign may wait outside.
            case Mean:
                MarkMovedSign();
                AppendMean();
                break;
            // normalize(-1, -3, -5) = (1, 0, -1) = -normalize(1, 3, 5): so it may here.
            case Normalize:
                MarkMovedSign();
                AppendNormalize();
                break;
            // exp(-1) is not -exp(1): here the sign is written.
            default:
                WriteSign();
                AppendSignSensitive(operation);
                break;
        }
    }

    private void AppendEven(UnaryOperation operation)
    {
        // (-3)² = 3², and std(-1, -3, -5) = 2 = std(1, 3, 5).
        if (negated)
        {
            Hit(Rules.EvenOfNegate);
            negated = false;
        }

        // |-3|² = (-3)². Not so std: of (-1, 1) it is √2, of their absolute values 0.
        if (Last == Abs && (operation is Square or AbsLog or FrobeniusNorm or L1Norm))
        {
            Hit(Rules.EvenOfAbs);
            Unwrite();
        }

        switch (operation)
        {
            case Abs when facts.Sign == Sign.Nonnegative:
                Hit(Rules.OfNonnegative);
                break;
            // |-2| = -(-2).
            case Abs when facts.Sign == Sign.Nonpositive:
                Hit(Rules.AbsOfNonpositive);
                negated = true;
                break;
            case Abs:
                Write(Abs, facts with { Sign = Sign.Nonnegative });
                break;
            // sqrt gives 0 where nothing is positive: (√9)² = 9 = relu(9) and sqrt(-4)² = 0 = relu(-4).
            case Square when Last == Sqrt:
                Hit(Rules.SquareOfSqrt);
                Unwrite();
                AppendSignSensitive(Relu);
                break;
            case Square:
                Write(Square, facts with { Sign = Sign.Nonnegative });
                break;
            // ln(0.5) < 0 < ln(2).
            case AbsLog:
                Write(AbsLog, facts with { Sign = Sign.Unknown });
                break;
            // The mean of |x|: of (1, 3) it is 2, their mean,
            case L1Norm when facts.Sign == Sign.Nonnegative:
                Hit(Rules.L1NormOfNonnegative);
                AppendMean();
                break;
            // of (-1, -3) it is 2, minus their mean.
            case L1Norm when facts.Sign == Sign.Nonpositive:
                Hit(Rules.AbsOfNonpositive);
                AppendMean();
                negated = true;
                break;
            case L1Norm:
                Write(L1Norm, facts with { IsNumber = true, Sign = Sign.Nonnegative });
                break;
            // frobenius_norm and std. Those of a normalized tensor are √(N - 1) and 1: (1, 3, 5) becomes (-1, 0, 1), of √2 and 1.
            default:
                Write(operation, new Facts(Sign.Nonnegative, IsNumber: true, IsConstant: facts.IsConstant || Last == Normalize));
                break;
        }
    }

    private void AppendMean()
    {
        // The mean of |x| is what l1_norm is: 2 for (-1, 3) either way.
        if (Last == Abs)
        {
            Hit(Rules.MeanOfAbs);
            Unwrite();
            Write(L1Norm, facts with { IsNumber = true, Sign = Sign.Nonnegative });
            return;
        }

        Write(Mean, facts with { IsNumber = true, IsConstant = facts.IsConstant || MeanIsValueFree() });
    }

    private void AppendNormalize()
    {
        // min_max shifts and scales, and z-scores see neither: (1, 3, 5) becomes (0, 0.5, 1), and both become (-1, 0, 1).
        while (Last == MinMax && !facts.IsNumber)
        {
            Hit(Rules.NormalizeOfMinMax);
            Unwrite();
            DropSign();
        }

        // Mean 0 and standard deviation 1 are there already: (-1, 0, 1) stays.
        if (Last == Normalize)
        {
            Hit(Rules.Repeated);
            return;
        }

        if (facts.IsNumber)
        {
            // A normalized number is 0, NaN included.
            refusal = null;
        }

        Write(Normalize, facts with { Sign = Sign.Unknown, IsConstant = facts.IsConstant || facts.IsNumber });
    }

    private void AppendSignSensitive(UnaryOperation operation)
    {
        // log and sqrt cut at 0 themselves: of -2 both give 0, with relu before or without.
        if (operation is Log or Sqrt && Last == Relu)
        {
            Hit(Rules.RootOfRelu);
            Unwrite();
        }

        // Nothing is left of (-1, -3): relu, sqrt and log give (0, 0), for every architecture.
        if (operation is Log or Sqrt or Relu && facts.Sign == Sign.Nonpositive && !facts.IsConstant)
        {
            Hit(Rules.CutToZero);
            Write(operation, facts with { Sign = Sign.Nonnegative, IsConstant = true });
            return;
        }

        switch (operation)
        {
            // relu(3) = 3.
            case Relu when facts.Sign == Sign.Nonnegative:
                Hit(Rules.OfNonnegative);
                DropSign();
                break;
            case Relu:
                Write(Relu, facts with { Sign = Sign.Nonnegative });
                break;
            case Log:
                // Of either sign: ln(0.5) < 0, while of 1 it is ln(1 + 1e-9), just above 0.
                Write(Log, facts with { Sign = Sign.Unknown });
                break;
            case Sqrt:
                Write(Sqrt, facts with { Sign = Sign.Nonnegative });
                break;
            // Of the column (0, ln 3) softmax is (1/4, 3/4) and log_softmax its logarithms, from which exp leads back,
            case Exp when Last == LogSoftmax && !facts.IsNumber:
                Hit(Rules.OfLogSoftmax);
                Unwrite();
                AppendSignSensitive(Softmax);
                break;
            case Exp:
                Write(Exp, facts with { Sign = Sign.Nonnegative });
                break;
            case Invert:
                // 1 / (x + 1e-9), which is positive at 0, too: nothing is said of what is not positive.
                Write(Invert, facts with { Sign = facts.Sign == Sign.Nonnegative ? Sign.Nonnegative : Sign.Unknown });
                break;
            case Sigmoid:
                Write(Sigmoid, facts with { Sign = Sign.Nonnegative });
                break;
            // log_softmax subtracts the logarithm of the column's sum of exponentials, 1/4 + 3/4 here: ln 1 = 0,
            case LogSoftmax when Last == LogSoftmax:
                Hit(Rules.Repeated);
                break;
            // and softmax divides by that sum, 1.
            case Softmax when Last == LogSoftmax && !facts.IsNumber:
                Hit(Rules.OfLogSoftmax);
                Unwrite();
                AppendSignSensitive(Softmax);
                break;
            // Of a number they do not depend on it: softmax(5) = 1, min_max(5) = (5 - 5) / 1e-9 = 0,
            case Softmax or MinMax:
                Write(operation, facts with { Sign = Sign.Nonnegative, IsConstant = facts.IsConstant || facts.IsNumber });
                break;
            // log_softmax(5) = ln 1 = 0.
            case LogSoftmax:
                Write(LogSoftmax, facts with { Sign = Sign.Nonpositive, IsConstant = facts.IsConstant || facts.IsNumber });
                break;
            default:
                throw new InvalidOperationException($"{operation} is not an operation that sees the sign");
        }
    }

    private CanonicalChain Close()
    {
        var isValueFree = facts.IsConstant || (!facts.IsNumber && MeanIsValueFree());
        var isZero = facts.IsZero || (!facts.IsNumber && Last == Normalize);
        var isNumber = facts.IsNumber;
        var throughout = isNumber || !facts.IsConstant ? Throughout.Unknown : facts.IsZero ? Throughout.Zero : Throughout.Constant;
        // The branch takes the mean of its elements anyway: of mean(1, 3) = 2 it is 2, as of (1, 3) itself. Their sums differ: 2 and 4.
        if (elements == Reduction.Mean)
        {
            if (Last == Mean)
            {
                Hit(Rules.ClosingMean);
                Unwrite();
            }
            else if (Last == L1Norm)
            {
                Hit(Rules.ClosingL1Norm);
                Unwrite();
                Write(Abs, facts with { Sign = Sign.Nonnegative });
            }
        }

        return new CanonicalChain(
            new Chain([.. written.Select(w => w.Operation)]), negated, Disconnected: false, isNumber, isValueFree, isZero, throughout,
            refusal, rules.ToImmutable());
    }

    /// <summary>
    /// Whether the sum over the elements depends on shapes alone: softmax sums to 1 down dimension 0 (4 rows and 3 columns: to 3, and
    /// the mean is 1/4), the attention probabilities to 1 along the last, a normalized tensor to 0 and its squares to N - 1: (1, 3, 5)
    /// becomes (-1, 0, 1), of which the sum is 0 and that of the squares 2.
    /// </summary>
    private readonly bool MeanIsValueFree() =>
        Last is Softmax or Normalize
        || (Last == Square && written.Count > 1 && written[^2].Operation == Normalize)
        || (written.Count == 0 && input == InputKind.S);

    private void MarkMovedSign()
    {
        if (negated)
        {
            Hit(Rules.NegateOutwards);
        }
    }

    /// <summary>Writes a pending sign as negate, for an operation that sees it.</summary>
    private void WriteSign()
    {
        if (negated)
        {
            negated = false;
            Write(Negate, facts with
            {
                Sign = facts.Sign switch
                {
                    Sign.Nonnegative => Sign.Nonpositive,
                    Sign.Nonpositive => Sign.Nonnegative,
                    _ => Sign.Unknown,
                },
            });
        }
    }

    /// <summary>Makes a written closing negate pending again, after what followed it was taken back.</summary>
    private void DropSign()
    {
        if (Last == Negate)
        {
            Unwrite();
            negated = !negated;
        }
    }

    private readonly void Hit(PruningRule rule) => rules.Add(rule);

    private void Write(UnaryOperation operation, Facts after)
    {
        var isZero = IsZeroAfter(operation);
        written.Add((operation, facts));
        facts = after with { IsZero = isZero };
    }

    /// <summary>Whether an operation on the value so far gives 0, or a number that is 0 but for rounding.</summary>
    private readonly bool IsZeroAfter(UnaryOperation operation) => operation switch
    {
        Mean => facts.IsZero || (Last == Normalize && !facts.IsNumber),
        Normalize or MinMax or LogSoftmax => facts.IsNumber,
        Log or Sqrt or Relu when facts.Sign == Sign.Nonpositive => true,
        Abs or Square or L1Norm or FrobeniusNorm or Relu or Sqrt or Negate => facts.IsZero,
        _ => false,
    };

    private void Unwrite()
    {
        facts = written[^1].Before;
        written.RemoveAt(written.Count - 1);
    }

    private readonly record struct Facts(
        Sign Sign = Sign.Unknown, bool IsNumber = false, bool IsConstant = false, bool IsZero = false);
}
