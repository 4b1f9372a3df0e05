using FsCheck;
using FsCheck.Fluent;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Tests;

public sealed class ProxyTextTests
{
    private static readonly Gen<Branch> Branch =
        from input in Gen.Elements(Enum.GetValues<InputKind>())
        from length in Gen.Choose(0, Chain.MaximumWrittenLength)
        from operations in Gen.Elements(Enum.GetValues<UnaryOperation>()).ArrayOf(length)
        select new Branch(input, Chain.Of(operations));

    private static readonly Gen<Proxy> Proxies =
        from left in Branch
        from operation in Gen.Elements(Enum.GetValues<BinaryOperation>())
        from right in Branch
        from reduction in Gen.Elements([(LayerReduction?)null, .. Enum.GetValues<LayerReduction>().Cast<LayerReduction?>()])
        select new Proxy(left, operation, right, reduction);

    [Fact]
    public void A_proxy_is_read_back_from_its_text() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Proxies.ToArbitrary(), proxy => ProxyText.ParseProxy(ProxyText.Format(proxy)) == proxy));

    [Fact]
    public void A_branch_is_read_back_from_its_text() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Branch.ToArbitrary(), branch => ProxyText.ParseBranch(ProxyText.Format(branch)) == branch));

    [Fact]
    public void A_product_of_tensors_is_read_back_from_its_text() => Check.QuickThrowOnFailure(Prop.ForAll(
        Branch.Two().ToArbitrary(), pair =>
        {
            var product = TensorProduct.Of(pair.Item1, pair.Item2);
            return ProxyText.ParseBranch(product.ToString()) == product && product != pair.Item1;
        }));

    [Fact]
    public void White_space_is_free() => Check.QuickThrowOnFailure(Prop.ForAll(Proxies.ToArbitrary(), proxy =>
    {
        var spaced = proxy.ToString().Replace("(", " (\t", StringComparison.Ordinal).Replace(")", " )\n", StringComparison.Ordinal)
            .Replace("[", " [ ", StringComparison.Ordinal);
        var dense = proxy.ToString().Replace(" ", "", StringComparison.Ordinal);
        return ProxyText.ParseProxy(spaced) == proxy && ProxyText.ParseProxy(dense) == proxy;
    }));

    [Theory]
    [InlineData("H - W", "H - W")]
    [InlineData("sum[square(abs_log(H)) * exp(W)]", "sum[square(abs_log(H)) * exp(W)]")]
    [InlineData("all_but_last[S@G]", "all_but_last[S @ G]")]
    [InlineData("exp(J)", "exp(J) + disconnect(J)")]
    [InlineData("mean[mean(A)]", "mean[mean(A) + disconnect(A)]")]
    [InlineData("mean(A) + H", "mean(A) + H")]
    public void Expressions_read_as_they_are_meant(string expression, string formatted) =>
        Assert.Equal(formatted, ProxyText.ParseProxy(expression).ToString());

    [Fact]
    public void The_innermost_operation_is_applied_first() =>
        Assert.Equal(Chain.Of(UnaryOperation.AbsLog, UnaryOperation.Square), ProxyText.ParseBranch("square(abs_log(H))").Chain);

    [Theory]
    [InlineData("", 1, "the expression ends where an operation or an input was expected")]
    [InlineData("   ", 4, "the expression ends where an operation or an input was expected")]
    [InlineData("sqare(H) + W", 1, "unknown operation 'sqare'; did you mean square")]
    [InlineData("exp(H) + Log(W)", 10, "unknown operation 'Log'; did you mean log")]
    [InlineData("exp(X) + W", 5, "unknown input 'X'; inputs are A, J, G, H, W and S")]
    [InlineData("exp(h) + W", 5, "unknown input 'h'")]
    [InlineData("0 + W", 1, "unknown input '0'")]
    [InlineData("exp(7)", 5, "unknown input '7'")]
    [InlineData("H + 12", 5, "unknown input '12'")]
    [InlineData("exp + W", 1, "operation 'exp' needs an argument in parentheses")]
    [InlineData("exp(square + W", 5, "operation 'square' needs an argument in parentheses")]
    [InlineData("exp(H", 6, "the expression ends where ')' was expected")]
    [InlineData("exp(log(H) + W", 12, "expected ')' but found '+'")]
    [InlineData("exp(H) + W)", 11, "expected the end but found ')'")]
    [InlineData("H + W + A", 7, "expected the end but found '+ A'")]
    [InlineData("H / W", 3, "expected one of + - * @ but found '/'")]
    [InlineData("H W", 3, "expected one of + - * @ but found 'W'")]
    [InlineData("H +", 4, "the expression ends where an operation or an input was expected")]
    [InlineData("+ H", 1, "expected an operation or an input but found '+'")]
    [InlineData("exp()", 5, "expected an operation or an input but found ')'")]
    [InlineData("sum[H + W", 10, "the expression ends where ']' was expected")]
    [InlineData("sum[H + W] + A", 12, "expected the end but found '+ A'")]
    [InlineData("H + W]", 6, "expected the end but found ']'")]
    [InlineData("median[H]", 1, "unknown input 'median'")]
    [InlineData("exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(H)))))))))))))", 53, "a branch has at most 12 operations")]
    public void What_is_wrong_is_named_with_its_place(string expression, int position, string message)
    {
        var error = Assert.Throws<ProxySyntaxException>(() => ProxyText.ParseProxy(expression));
        Assert.StartsWith($"at character {position}: {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_is_no_branch() => Assert.Throws<ProxySyntaxException>(() => ProxyText.ParseBranch("H + W"));

    [Fact]
    public void Anything_that_is_no_proxy_is_a_syntax_error_and_nothing_else() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Elements("exp", "log", "H", "W", "(", ")", "+", "-", "[", "]", "sum", " ", "7", "_", "é", "x").ArrayOf()
            .Select(parts => string.Concat(parts)).ToArbitrary(),
        text =>
        {
            try
            {
                return ProxyText.ParseProxy(ProxyText.Format(ProxyText.ParseProxy(text))) == ProxyText.ParseProxy(text);
            }
            catch (ProxySyntaxException error)
            {
                return error.Message.StartsWith("at character ", StringComparison.Ordinal);
            }
        }));

    [Fact]
    public void Every_operation_has_one_name() => Assert.Equal(
        Enum.GetValues<UnaryOperation>(),
        Enum.GetValues<UnaryOperation>().Select(o => OperationNames.TryUnary(OperationNames.Name(o), out var found) ? found : default));
}
