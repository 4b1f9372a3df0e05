using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Evaluation;

/// <summary>
/// Evaluates chains one library call after another, on any device. Common prefixes are computed once while the budget
/// has room for their results; beyond that they are computed again for each branch. A result is released as soon as its
/// last successor exists.
/// </summary>
/// <param name="memoryBudget">Bytes that intermediate results may take; a single chain always gets what it takes.</param>
public sealed class OpByOpEvaluator(long memoryBudget = OpByOpEvaluator.DefaultMemoryBudget) : ITermEvaluator
{
    /// <summary>Enough to keep every prefix of the tensors of an 8 x 128 mini-batch.</summary>
    public const long DefaultMemoryBudget = 256 << 20;

    // A chain's result so far and what the next operation makes of it.
    private const int SingleChainFactor = 1 + OpByOpOperations.WorkingFactor;

    /// <inheritdoc/>
    public string Name => "op-by-op 1";

    /// <inheritdoc/>
    public long WorkingBytes(long largestTensor) =>
        Math.Clamp(memoryBudget, SingleChainFactor * largestTensor, (SingleChainFactor + Chain.MaximumLength) * largestTensor);

    /// <inheritdoc/>
    public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains)
    {
        var tree = ChainTree.Of(chains);
        var block = new TermBlockBuilder(input, layers, chains);
        using var guard = no_grad();
        for (var column = 0; column < block.Tensors.Length; column++)
        {
            var tensor = block.Tensors[column];
            if (tensor.dim() == 0)
            {
                Scalars(tree, Number(tensor), block, column);
            }
            else
            {
                Tensors(tree, ChainValue.Input(tensor), KeptValues(tensor), block, column);
            }
        }

        return block.ToBlock();
    }

    /// <summary>How many results of prefixes the budget can keep beside the chain that is being worked on.</summary>
    private int KeptValues(Tensor tensor)
    {
        var bytes = tensor.numel() * tensor.element_size();
        return (int)Math.Clamp((memoryBudget - (SingleChainFactor * bytes)) / bytes, 0, Chain.MaximumLength);
    }

    private static double Number(Tensor tensor)
    {
        using var number = tensor.to(ScalarType.Float64, copy: true);
        return number.item<double>();
    }

    /// <summary>Evaluates the tree below a value, and releases the value.</summary>
    /// <param name="node">The value's node.</param>
    /// <param name="value">The value.</param>
    /// <param name="keep">How many more values may be kept while others are computed from them.</param>
    /// <param name="block">Where the means go.</param>
    /// <param name="column">The tensor's column there.</param>
    private static void Tensors(ChainTree node, ChainValue value, int keep, TermBlockBuilder block, int column)
    {
        using (value)
        {
            foreach (var row in node.Rows)
            {
                block.Set(row, column, OpByOpOperations.Mean(value.Tensor), value.Tensor.numel());
            }

            foreach (var (operation, child) in node.Children.Where(c => ScalarOperations.MakesScalar(c.Key)))
            {
                Scalars(child, OpByOpOperations.Reduce(operation, value.Tensor), block, column);
            }

            var successors = node.Children.Where(c => !ScalarOperations.MakesScalar(c.Key)).ToList();
            for (var i = 0; i < successors.Count; i++)
            {
                var (operation, child) = successors[i];
                var isKept = i < successors.Count - 1 && (keep > 0 || !value.IsOwned);
                Tensors(child, value.Next(operation, isKept), isKept && value.IsOwned ? keep - 1 : keep, block, column);
            }
        }
    }

    private static void Scalars(ChainTree node, double value, TermBlockBuilder block, int column)
    {
        foreach (var row in node.Rows)
        {
            block.Set(row, column, value, 1);
        }

        foreach (var (operation, child) in node.Children)
        {
            Scalars(child, ScalarOperations.Apply(operation, value), block, column);
        }
    }
}
