using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Chains;

/// <summary>A block of terms while its numbers come in: a row for each chain, a column for each tensor.</summary>
/// <param name="input">What the tensors are.</param>
/// <param name="layers">The tensors of each layer.</param>
/// <param name="chains">The chains.</param>
internal sealed class TermBlockBuilder(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains)
{
    private readonly double[] means = new double[chains.Length * layers.Sum(layer => layer.Length)];
    private readonly long[] counts = new long[chains.Length * layers.Sum(layer => layer.Length)];

    /// <summary>The tensors, in the order of the columns.</summary>
    public ImmutableArray<Tensor> Tensors { get; } = [.. layers.SelectMany(layer => layer)];

    /// <summary>Sets one chain's result on one tensor.</summary>
    public void Set(int row, int column, double mean, long count)
    {
        means[(row * Tensors.Length) + column] = mean;
        counts[(row * Tensors.Length) + column] = count;
    }

    /// <summary>Sets the mean of one result on one tensor, for all chains that end with it.</summary>
    public void SetMean(IReadOnlyList<int> rows, int column, double mean, long count)
    {
        foreach (var row in rows)
        {
            Set(row, column, mean, count);
        }
    }

    /// <summary>Sets a number that chains have made of one tensor, and all that they make of that number.</summary>
    /// <param name="node">The operations that made it.</param>
    /// <param name="value">The number.</param>
    /// <param name="column">The tensor's column.</param>
    public void SetNumber(ChainTree node, double value, int column)
    {
        SetMean(node.Rows, column, value, 1);
        foreach (var (operation, child) in node.Children)
        {
            SetNumber(child, ScalarOperations.Apply(operation, value), column);
        }
    }

    /// <summary>The finished block.</summary>
    public TermBlock ToBlock() => new(input, [.. layers.Select(layer => layer.Length)], chains, means, counts);
}
