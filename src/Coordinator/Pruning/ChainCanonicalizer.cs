using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using static LPZero.Messages.Proxies.UnaryOperation;

namespace LPZero.Coordinator.Pruning;

/// <summary>
/// Rewrites one chain to its canonical form, operation by operation, keeping what is known of the value so far:
/// whether it is a number, its sign, whether it stays within [0, 1], whether it depends on shapes alone or is 0.
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
        // Attention probabilities lie in [0, 1].
        facts = input == InputKind.S ? new Facts(Sign.Nonnegative, Unit: true) : default;
    }

    private enum Sign
    {
        Unknown,
        Nonnegative,
        Nonpositive,
    }

    private readonly UnaryOperation? Last => written.Count > 0 ? written[^1].Operation : null;

    /// <summary>The canonical form of a branch's chain.</summary>
    public static CanonicalChain Canonicalize(InputKind input, Chain chain, Reduction elements)
    {
        if (chain.Operations.Contains(Disconnect))
        {
            return new CanonicalChain(
                Chain.Empty, Negated: false, Disconnected: true, IsValueFree: false, IsZero: false, Refusal: null, [Rules.Disconnected]);
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
            case Negate:
                if (negated)
                {
                    Hit(Rules.DoubleNegate);
                }

                negated = !negated;
                return;
            case NormalizedSum:
                Hit(Rules.NormalizedSum);
                operation = Mean;
                break;
        }

        if (facts.IsNumber)
        {
            switch (operation)
            {
                case Mean:
                    Hit(Rules.MeanOfNumber);
                    return;
                case Std:
                    negated = false;
                    refusal = Rules.StdOfNumber;
                    Write(Std, new Facts(IsNumber: true));
                    return;
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
            case Mean:
                MarkMovedSign();
                AppendMean();
                break;
            case Normalize:
                MarkMovedSign();
                AppendNormalize();
                break;
            default:
                WriteSign();
                AppendSignSensitive(operation);
                break;
        }
    }

    private void AppendEven(UnaryOperation operation)
    {
        if (negated)
        {
            Hit(Rules.EvenOfNegate);
            negated = false;
        }

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
            case Abs when facts.Sign == Sign.Nonpositive:
                Hit(Rules.AbsOfNonpositive);
                negated = true;
                break;
            case Abs:
                Write(Abs, facts with { Sign = Sign.Nonnegative });
                break;
            case Square when Last == Sqrt:
                Hit(Rules.SquareOfSqrt);
                Unwrite();
                AppendSignSensitive(Relu);
                break;
            case Square:
                Write(Square, facts with { Sign = Sign.Nonnegative });
                break;
            case AbsLog:
                Write(AbsLog, facts with { Sign = Sign.Unknown, Unit = false });
                break;
            case L1Norm when facts.Sign == Sign.Nonnegative:
                Hit(Rules.L1NormOfNonnegative);
                AppendMean();
                break;
            case L1Norm when facts.Sign == Sign.Nonpositive:
                Hit(Rules.AbsOfNonpositive);
                AppendMean();
                negated = true;
                break;
            case L1Norm:
                Write(L1Norm, facts with { IsNumber = true, Sign = Sign.Nonnegative, Unit = false });
                break;
            default: // frobenius_norm and std, of which those of a normalized tensor are √(N - 1) and 1
                Write(operation, new Facts(Sign.Nonnegative, IsNumber: true, IsConstant: facts.IsConstant || Last == Normalize));
                break;
        }
    }

    private void AppendMean()
    {
        if (Last == Abs)
        {
            Hit(Rules.MeanOfAbs);
            Unwrite();
            Write(L1Norm, facts with { IsNumber = true, Sign = Sign.Nonnegative, Unit = false });
            return;
        }

        Write(Mean, facts with { IsNumber = true, IsConstant = facts.IsConstant || MeanIsValueFree() });
    }

    private void AppendNormalize()
    {
        while (Last == MinMax && !facts.IsNumber)
        {
            Hit(Rules.NormalizeOfMinMax);
            Unwrite();
            DropSign();
        }

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

        Write(Normalize, facts with { Sign = Sign.Unknown, Unit = false, IsConstant = facts.IsConstant || facts.IsNumber });
    }

    private void AppendSignSensitive(UnaryOperation operation)
    {
        if (operation is Log or Sqrt && Last == Relu)
        {
            Hit(Rules.RootOfRelu);
            Unwrite();
        }

        if (operation is Log or Sqrt or Relu && facts.Sign == Sign.Nonpositive && !facts.IsConstant)
        {
            Hit(Rules.CutToZero);
            Write(operation, facts with { Sign = Sign.Nonnegative, Unit = true, IsConstant = true });
            return;
        }

        switch (operation)
        {
            case Relu when facts.Sign == Sign.Nonnegative:
                Hit(Rules.OfNonnegative);
                DropSign();
                break;
            case Relu:
                Write(Relu, facts with { Sign = Sign.Nonnegative });
                break;
            case Log:
                // Of 1 it is ln(1 + 1e-9), just above 0.
                Write(Log, facts with { Sign = Sign.Unknown, Unit = false });
                break;
            case Sqrt:
                Write(Sqrt, facts with { Sign = Sign.Nonnegative });
                break;
            case Exp when Last == LogSoftmax && !facts.IsNumber:
                Hit(Rules.OfLogSoftmax);
                Unwrite();
                AppendSignSensitive(Softmax);
                break;
            case Exp:
                Write(Exp, facts with { Sign = Sign.Nonnegative, Unit = facts.Sign == Sign.Nonpositive });
                break;
            case Invert:
                Write(Invert, facts with { Sign = facts.Sign == Sign.Nonnegative ? Sign.Nonnegative : Sign.Unknown, Unit = false });
                break;
            case Sigmoid:
                Write(Sigmoid, facts with { Sign = Sign.Nonnegative, Unit = true });
                break;
            case LogSoftmax when Last == LogSoftmax:
                Hit(Rules.Repeated);
                break;
            case Softmax when Last == LogSoftmax && !facts.IsNumber:
                Hit(Rules.OfLogSoftmax);
                Unwrite();
                AppendSignSensitive(Softmax);
                break;
            case Softmax or MinMax:
                Write(operation, facts with { Sign = Sign.Nonnegative, Unit = true, IsConstant = facts.IsConstant || facts.IsNumber });
                break;
            case LogSoftmax:
                Write(LogSoftmax, facts with { Sign = Sign.Nonpositive, Unit = false, IsConstant = facts.IsConstant || facts.IsNumber });
                break;
            default:
                throw new InvalidOperationException($"{operation} is not an operation that sees the sign");
        }
    }

    private CanonicalChain Close()
    {
        var isValueFree = facts.IsConstant || (!facts.IsNumber && MeanIsValueFree());
        var isZero = facts.IsZero || (!facts.IsNumber && Last == Normalize);
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
            new Chain([.. written.Select(w => w.Operation)]), negated, Disconnected: false, isValueFree, isZero, refusal,
            rules.ToImmutable());
    }

    /// <summary>
    /// Whether the sum over the elements depends on shapes alone: softmax sums to 1 down dimension 0, the attention
    /// probabilities to 1 along the last, a normalized tensor to 0 and its squares to N - 1.
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
                Unit = false,
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
        Sign Sign = Sign.Unknown, bool Unit = false, bool IsNumber = false, bool IsConstant = false, bool IsZero = false);
}
