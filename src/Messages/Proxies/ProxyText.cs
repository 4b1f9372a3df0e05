using System.Text;

namespace LPZero.Messages.Proxies;

/// <summary>
/// The readable form of proxies, and its parser.
/// <code>
/// proxy     = reduction "[" pair "]" | pair
/// reduction = "sum" | "mean" | "all_but_last" | "last"
/// pair      = branch [ ("+" | "-" | "*" | "@") branch ]
/// branch    = operation "(" branch ")" | input
/// input     = "A" | "J" | "G" | "H" | "W" | "S"
/// </code>
/// Operations are the names of <see cref="OperationNames.Unary"/>; white space is free. A pair of one branch is a
/// proxy whose other branch is disconnected. Example: <c>sum[square(abs_log(H)) * exp(W)]</c>.
/// </summary>
public static class ProxyText
{
    /// <summary>The branch as text, outermost operation first; the term of a <see cref="TensorProduct"/> as its two branches.</summary>
    public static string Format(Branch branch)
    {
        var text = new StringBuilder();
        for (var i = branch.Chain.Count - 1; i >= 0; i--)
        {
            text.Append(OperationNames.Name(branch.Chain[i])).Append('(');
        }

        text.Append(branch.Input).Append(')', branch.Chain.Count);
        return branch.Chain.Factor is { } factor ? $"{text} * {Format(factor)}" : text.ToString();
    }

    /// <summary>The proxy as text; a proxy with its own layer reduction names it.</summary>
    public static string Format(Proxy proxy)
    {
        var pair = $"{Format(proxy.Left)} {OperationNames.Sign(proxy.Operation)} {Format(proxy.Right)}";
        return proxy.LayerReduction is { } reduction ? $"{OperationNames.Name(reduction)}[{pair}]" : pair;
    }

    /// <summary>Reads a proxy.</summary>
    /// <exception cref="ProxySyntaxException">The text is not a proxy; the message says where and what was expected.</exception>
    public static Proxy ParseProxy(string text) => new Parser(text).Proxy();

    /// <summary>Reads a branch, or the term of a <see cref="TensorProduct"/>: two branches with a <c>*</c> between them.</summary>
    /// <exception cref="ProxySyntaxException">The text is not a branch; the message says where and what was expected.</exception>
    public static Branch ParseBranch(string text) => new Parser(text).OnlyBranch();

    private sealed class Parser(string text)
    {
        private int position;

        public Proxy Proxy()
        {
            var start = position;
            if (TryWord(out var word) && OperationNames.TryLayerReduction(word, out var reduction) && TrySign('['))
            {
                var inner = Pair() with { LayerReduction = reduction };
                Expect(']');
                End();
                return inner;
            }

            position = start;
            var pair = Pair();
            End();
            return pair;
        }

        public Branch OnlyBranch()
        {
            var branch = Branch();
            branch = TrySign('*') ? TensorProduct.Of(branch, Branch()) : branch;
            End();
            return branch;
        }

        private Proxy Pair()
        {
            var left = Branch();
            SkipSpace();
            if (position == text.Length || text[position] == ']')
            {
                return new Proxy(left, BinaryOperation.Sum, new Branch(left.Input, Chain.Of(UnaryOperation.Disconnect)));
            }

            var operation = "+-*@".IndexOf(text[position], StringComparison.Ordinal);
            if (operation < 0)
            {
                throw Error($"expected one of + - * @ but found '{text[position]}'");
            }

            position++;
            return new Proxy(left, (BinaryOperation)operation, Branch());
        }

        private Branch Branch()
        {
            var operations = new List<UnaryOperation>();
            while (true)
            {
                SkipSpace();
                var start = position;
                if (!TryWord(out var word))
                {
                    throw Error(position == text.Length
                        ? "the expression ends where an operation or an input was expected"
                        : $"expected an operation or an input but found '{text[position]}'");
                }

                if (TrySign('('))
                {
                    if (!OperationNames.TryUnary(word, out var operation))
                    {
                        position = start;
                        throw Error($"unknown operation '{word}'; {NearestNames.Suggest(word, OperationNames.Unary)}");
                    }

                    operations.Add(operation);
                    if (operations.Count > Chain.MaximumWrittenLength)
                    {
                        throw Error($"a branch has at most {Chain.MaximumWrittenLength} operations");
                    }

                    continue;
                }

                // Enum.TryParse alone would take digits for inputs.
                if (word.Length != 1 || !char.IsAsciiLetterUpper(word[0]) || !Enum.TryParse<InputKind>(word, out var input))
                {
                    position = start;
                    throw Error(OperationNames.TryUnary(word, out _)
                        ? $"operation '{word}' needs an argument in parentheses"
                        : $"unknown input '{word}'; inputs are A, J, G, H, W and S");
                }

                for (var i = 0; i < operations.Count; i++)
                {
                    Expect(')');
                }

                operations.Reverse();
                return new Branch(input, new Chain([.. operations]));
            }
        }

        private bool TryWord(out string word)
        {
            SkipSpace();
            var start = position;
            while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            {
                position++;
            }

            word = text[start..position];
            return word.Length > 0;
        }

        private bool TrySign(char sign)
        {
            SkipSpace();
            if (position < text.Length && text[position] == sign)
            {
                position++;
                return true;
            }

            return false;
        }

        private void Expect(char sign)
        {
            if (!TrySign(sign))
            {
                throw Error(position == text.Length
                    ? $"the expression ends where '{sign}' was expected"
                    : $"expected '{sign}' but found '{text[position]}'");
            }
        }

        private void End()
        {
            SkipSpace();
            if (position < text.Length)
            {
                throw Error($"expected the end but found '{text[position..]}'");
            }
        }

        private void SkipSpace()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }
        }

        private ProxySyntaxException Error(string message) => new($"at character {position + 1}: {message}");
    }
}

/// <summary>A text that is not a proxy; the message says where and what was expected.</summary>
public sealed class ProxySyntaxException(string message) : FormatException(message);
