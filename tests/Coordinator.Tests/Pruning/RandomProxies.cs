using FsCheck;
using FsCheck.Fluent;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>Random chains, branches and proxies, drawn uniformly.</summary>
internal static class RandomProxies
{
    public static readonly Gen<InputKind> Input = Gen.Elements(Enum.GetValues<InputKind>());

    public static readonly Gen<UnaryOperation> Operation = Gen.Elements(Enum.GetValues<UnaryOperation>());

    public static readonly Gen<UnaryOperation> LiveOperation =
        Gen.Elements(Enum.GetValues<UnaryOperation>().Where(o => o != UnaryOperation.Disconnect));

    public static Gen<Branch> Branch(int shortest, int longest) => Branch(shortest, longest, Operation);

    public static Gen<Branch> LiveBranch(int shortest, int longest) => Branch(shortest, longest, LiveOperation);

    public static Gen<Proxy> Proxy(int shortest, int longest) =>
        from left in Branch(shortest, longest)
        from operation in Gen.Elements(Enum.GetValues<BinaryOperation>())
        from right in Gen.Frequency((3, Branch(shortest, longest)), (1, Gen.Constant(left)))
        from reduction in Gen.Elements((LayerReduction?)null, LayerReduction.Sum, LayerReduction.AllButLast)
        select new Proxy(left, operation, right, reduction);

    /// <summary>
    /// Products of live branches whose inputs have one shape; every other time two like chains, or a chain and its negation.
    /// </summary>
    public static Gen<Proxy> Product(int shortest, int longest) =>
        from left in LiveBranch(shortest, longest)
        from other in LiveBranch(shortest, longest)
        from like in Gen.Elements<UnaryOperation[]>([], [UnaryOperation.Negate], [UnaryOperation.Negate, UnaryOperation.Exp])
        from isLike in Gen.Elements(true, false)
        from exchanged in Gen.Elements(true, false)
        let right = isLike
            ? left with { Chain = new Chain(left.Chain.Operations.AddRange(like)) }
            : other with { Input = left.Input switch { InputKind.W => InputKind.G, InputKind.G => InputKind.W, var input => input } }
        let first = isLike && like.Length == 2 ? left with { Chain = new Chain(left.Chain.Operations.Add(UnaryOperation.Exp)) } : left
        from operation in Gen.Elements(BinaryOperation.Product, BinaryOperation.Matmul)
        select exchanged ? new Proxy(right, operation, first) : new Proxy(first, operation, right);

    private static Gen<Branch> Branch(int shortest, int longest, Gen<UnaryOperation> operation) =>
        from input in Input
        from length in Gen.Choose(shortest, longest)
        from operations in operation.ArrayOf(length)
        select new Branch(input, Chain.Of(operations));
}
