using System.Collections.Immutable;
using LPZero.GpuNode.Chains;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Evaluation;

/// <summary>
/// Evaluates chains one library call after another, tensor by tensor, on any device: the plain way, which the others are held against.
/// </summary>
/// <param name="memoryBudget">Bytes that intermediate results may take; a single chain always gets what it takes.</param>
public sealed class OpByOpEvaluator(long memoryBudget = OpByOpEvaluator.DefaultMemoryBudget) : ITermEvaluator
{
    /// <summary>Enough to keep every prefix of the tensors of an 8 x 128 mini-batch.</summary>
    public const long DefaultMemoryBudget = 256 << 20;

    /// <inheritdoc/>
    public string Name => "op-by-op 2";

    /// <inheritdoc/>
    public long WorkingBytes(long largestTensor) => ChainWalk.WorkingBytes(memoryBudget, largestTensor);

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
                block.SetNumber(tree, OpByOpOperations.Number(tensor), column);
            }
            else
            {
                new OnTensor(block, column).Run(tree, tensor, ChainWalk.KeptValues(memoryBudget, tensor.numel() * tensor.element_size()));
            }
        }

        return block.ToBlock();
    }

    private sealed class OnTensor(TermBlockBuilder block, int column) : ChainWalk
    {
        protected override Tensor Apply(UnaryOperation operation, Tensor x) => OpByOpOperations.Apply(operation, x);

        protected override void TakeMean(IReadOnlyList<int> rows, Tensor x) =>
            block.SetMean(rows, column, OpByOpOperations.Mean(x), x.numel());

        protected override void TakeNumber(UnaryOperation operation, ChainTree node, Tensor x) =>
            block.SetNumber(node, OpByOpOperations.Reduce(operation, x), column);
    }
}
