namespace LPZero.Messages.Proxies;

/// <summary>
/// The product of two branches element by element: of each tensor of the one's input with the tensor of the other's in the same place. As a
/// term it is a branch whose chain has the other branch for a factor (<see cref="Chain.Factor"/>).
/// </summary>
public static class TensorProduct
{
    /// <summary>
    /// Whether the tensors of two inputs have one shape in each place whatever the network: those of one input, and weights with their
    /// gradients.
    /// </summary>
    public static bool HaveOneShape(InputKind one, InputKind other) =>
        one == other || (one, other) is (InputKind.W, InputKind.G) or (InputKind.G, InputKind.W);

    /// <summary>
    /// Whether two live branches can be multiplied element by element: neither is a number, and their inputs have one shape.
    /// </summary>
    public static bool Exists(Branch left, Branch right) =>
        HaveOneShape(left.Input, right.Input) && !UnaryOperations.MakesNumber(left.Chain)
            && !UnaryOperations.MakesNumber(right.Chain);

    /// <summary>The term of the product.</summary>
    /// <param name="left">One branch.</param>
    /// <param name="right">The other.</param>
    /// <exception cref="ArgumentException">A branch is a product itself.</exception>
    public static Branch Of(Branch left, Branch right) => left with { Chain = left.Chain.Times(right) };
}
