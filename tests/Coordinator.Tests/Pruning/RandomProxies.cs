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

    private static Gen<Branch> Branch(int shortest, int longest, Gen<UnaryOperation> operation) =>
        from input in Input
        from length in Gen.Choose(shortest, longest)
        from operations in operation.ArrayOf(length)
        select new Branch(input, Chain.Of(operations));
}
