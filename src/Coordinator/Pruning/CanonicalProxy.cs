using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Pruning;

/// <summary>
/// The canonical form of a proxy: equal forms have equal scores. Its branches carry no closing negate; their signs
/// are in the operation, or in <paramref name="Negated"/> where no operation expresses them.
/// </summary>
/// <param name="Negated">Whether the score is minus that of the rest.</param>
/// <param name="Left">The first branch, or the only one.</param>
/// <param name="Operation">Sum, difference or product; null where one branch is left alone.</param>
/// <param name="Right">The second branch; null where one branch is left alone.</param>
/// <param name="LayerReduction">The proxy's own layer reduction where it is searched like a gene.</param>
/// <param name="Factors">What a product is of.</param>
public sealed record CanonicalProxy(
    bool Negated, Branch Left, BinaryOperation? Operation, Branch? Right, LayerReduction? LayerReduction,
    Factors Factors = Factors.Numbers)
{
    /// <summary>The distinct branches whose terms the score needs; of a product of tensors this is one.</summary>
    public IEnumerable<Branch> Branches => Factors == Factors.Tensors
        ? [TensorProduct.Of(Left, Right!)]
        : Right is null || Right == Left ? [Left] : [Left, Right];

    /// <summary>How many operations the expression is made of, unary ones and the binary one: the fewer, the simpler.</summary>
    public int Operations => Left.Chain.Count + (Right is null ? 0 : Right.Chain.Count + 1) + (Negated ? 1 : 0)
        + (Factors == Factors.Means ? 1 : 0);

    /// <summary>A proxy whose expression has this canonical form.</summary>
    public Proxy ToProxy()
    {
        var left = Factors == Factors.Means ? Followed(Left, UnaryOperation.Mean) : Left;
        left = Negated ? Followed(left, UnaryOperation.Negate) : left;
        return new Proxy(
            left,
            (Negated, Operation) switch
            {
                (true, BinaryOperation.Sum) => BinaryOperation.Difference, // -(a + b) = -a - b
                (_, { } operation) => operation,
                _ => BinaryOperation.Sum,
            },
            Right ?? new Branch(Left.Input, Chain.Of(UnaryOperation.Disconnect)),
            LayerReduction);
    }

    /// <summary>The number of a layer from the numbers of its branches.</summary>
    /// <param name="left">The value of the first of <see cref="Branches"/> on the layer.</param>
    /// <param name="right">The second branch's; not read where the score needs one term alone.</param>
    public double Combine(double left, double right)
    {
        var value = Operation switch
        {
            null => left,
            _ when Factors == Factors.Tensors => left,
            { } operation => BinaryOperations.Apply(operation, left, right),
        };
        return Negated ? -value : value;
    }

    /// <summary>The canonical expression.</summary>
    public override string ToString()
    {
        var proxy = ToProxy();
        var text = Right is null ? proxy.Left.ToString() : ProxyText.Format(proxy with { LayerReduction = null });
        return LayerReduction is { } reduction ? $"{OperationNames.Name(reduction)}[{text}]" : text;
    }

    private static Branch Followed(Branch branch, UnaryOperation operation) =>
        branch with { Chain = new Chain(branch.Chain.Operations.Add(operation)) };
}
