using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Chains;

/// <summary>
/// Terms of products of tensors: for each tensor of one input and the tensor of the other input in its place, the mean of the products of
/// the two chains' results, element by element. Both sides are made one operation after another, in float32; the mean is taken in double.
/// Each distinct left side is made once, and while it is there the right sides that it meets; prefixes are shared as in other walks.
/// </summary>
internal static class TensorProducts
{
    /// <summary>
    /// Bytes that it takes at least: a finished side, and what a chain takes while the other side is made. A product with what its mean
    /// takes is less.
    /// </summary>
    /// <param name="largestTensor">Bytes of the largest tensor.</param>
    public static long WorkingBytes(long largestTensor) => (1 + ChainWalk.SingleChainFactor) * largestTensor;

    /// <summary>The terms of products.</summary>
    /// <param name="input">The input that the chains are applied to.</param>
    /// <param name="chains">The chains, each with a factor.</param>
    /// <param name="tensorsOf">The tensors of each layer, for that input and those of the factors.</param>
    /// <param name="memoryBudget">Bytes for all results.</param>
    /// <exception cref="ArgumentException">Two tensors in the same place have no common shape, or a side is a number.</exception>
    public static TermBlock Evaluate(
        InputKind input, ImmutableArray<Chain> chains, Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> tensorsOf, long memoryBudget)
    {
        if (chains.FirstOrDefault(chain => chain.Factor is not { } factor || !TensorProduct.Exists(new Branch(input, chain), factor))
            is { } none)
        {
            throw new ArgumentException($"{new Branch(input, none)} is no product of tensors", nameof(chains));
        }

        var block = new TermBlockBuilder(input, tensorsOf(input), chains);
        using var guard = no_grad();
        foreach (var ofInput in chains.Index().GroupBy(chain => chain.Item.Factor!.Input))
        {
            var others = tensorsOf(ofInput.Key);
            CheckShapes(input, tensorsOf(input), ofInput.Key, others);
            ImmutableArray<Tensor> factors = [.. others.SelectMany(layer => layer)];
            ImmutableArray<Product> products =
                [.. ofInput.Select(chain => new Product(chain.Index, new Chain(chain.Item.Operations), chain.Item.Factor!.Chain))];
            var tree = ChainTree.Of([.. products.Select(product => product.Left)]);
            for (var column = 0; column < factors.Length; column++)
            {
                Evaluate(block, column, products, tree, factors[column], memoryBudget);
            }
        }

        return block.ToBlock();
    }

    private static void Evaluate(
        TermBlockBuilder block, int column, ImmutableArray<Product> products, ChainTree tree, Tensor factor, long memoryBudget)
    {
        var tensor = block.Tensors[column];
        if (tensor.dim() == 0)
        {
            var (number, other) = (OpByOpOperations.Number(tensor), OpByOpOperations.Number(factor));
            foreach (var product in products)
            {
                block.Set(product.Row, column, Applied(product.Left, number) * Applied(product.Right, other), 1);
            }

            return;
        }

        var bytes = tensor.numel() * tensor.element_size();
        var kept = (int)Math.Clamp((memoryBudget - WorkingBytes(bytes)) / Math.Max(2 * bytes, 1), 0, Chain.MaximumLength);
        new LeftSides(block, column, products, factor, kept).Run(tree, tensor, kept);
    }

    private static double Applied(Chain chain, double number) =>
        chain.Aggregate(number, (value, operation) => ScalarOperations.Apply(operation, value));

    private static void CheckShapes(
        InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, InputKind other, ImmutableArray<ImmutableArray<Tensor>> others)
    {
        var differing = layers.Length == others.Length
            ? Enumerable.Range(0, layers.Length).FirstOrDefault(layer => !layers[layer].Select(tensor => tensor.shape)
                .SequenceEqual(others[layer].Select(tensor => tensor.shape), ShapeComparer.Instance), -1)
            : Math.Min(layers.Length, others.Length);
        if (differing >= 0)
        {
            throw new ArgumentException(
                $"inputs {input} and {other} differ in shape on layer {differing + 1}: they cannot be multiplied element by element",
                nameof(others));
        }
    }

    /// <summary>A product's row in the block, and its two sides.</summary>
    private sealed record Product(int Row, Chain Left, Chain Right);

    private sealed class ShapeComparer : IEqualityComparer<long[]>
    {
        public static readonly ShapeComparer Instance = new();

        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] shape) => shape.Length;
    }

    /// <summary>What both walks have in common: they end in tensors.</summary>
    private abstract class Sides : ChainWalk
    {
        protected override Tensor Apply(UnaryOperation operation, Tensor x) => OpByOpOperations.Apply(operation, x);

        protected override void TakeNumber(UnaryOperation operation, ChainTree node, Tensor x) =>
            throw new InvalidOperationException($"{operation} makes a number, of which there is no product element by element");
    }

    private sealed class LeftSides(
        TermBlockBuilder block, int column, ImmutableArray<Product> products, Tensor factor, int kept) : Sides
    {
        protected override void TakeMean(IReadOnlyList<int> rows, Tensor x)
        {
            ImmutableArray<Product> own = [.. rows.Select(row => products[row])];
            new RightSides(block, column, own, x).Run(ChainTree.Of([.. own.Select(product => product.Right)]), factor, kept);
        }
    }

    private sealed class RightSides(TermBlockBuilder block, int column, ImmutableArray<Product> products, Tensor left) : Sides
    {
        protected override void TakeMean(IReadOnlyList<int> rows, Tensor x)
        {
            using var scope = NewDisposeScope();
            var product = left * x;
            block.SetMean([.. rows.Select(row => products[row].Row)], column, OpByOpOperations.Mean(product), product.numel());
        }
    }
}
