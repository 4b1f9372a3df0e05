using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Chains;

/// <summary>
/// Walks a tree of chains, one operation on a whole tensor after another. Common prefixes are computed once while there is
/// room for their results; beyond that they are computed again for each branch. A result is released as soon as its last
/// successor exists.
/// </summary>
internal abstract class ChainWalk
{
    /// <summary>A chain's result so far and what the next operation makes of it, as a multiple of the tensor.</summary>
    public const int SingleChainFactor = 1 + OpByOpOperations.WorkingFactor;

    /// <summary>
    /// Bytes that results take: within the budget, but what a single chain takes at least, and no more than can ever be kept.
    /// </summary>
    /// <param name="memoryBudget">Bytes for all results.</param>
    /// <param name="bytes">Bytes of the largest tensor.</param>
    public static long WorkingBytes(long memoryBudget, long bytes) =>
        Math.Clamp(memoryBudget, SingleChainFactor * bytes, (SingleChainFactor + Chain.MaximumLength) * bytes);

    /// <summary>How many results of prefixes a budget can keep beside the chain that is being worked on.</summary>
    /// <param name="memoryBudget">Bytes for all results.</param>
    /// <param name="bytes">Bytes of the tensor.</param>
    public static int KeptValues(long memoryBudget, long bytes) =>
        (int)Math.Clamp((memoryBudget - (SingleChainFactor * bytes)) / Math.Max(bytes, 1), 0, Chain.MaximumLength);

    /// <summary>Evaluates all chains on a tensor, which is only read.</summary>
    /// <param name="tree">The chains.</param>
    /// <param name="tensor">What they are applied to.</param>
    /// <param name="keep">How many results of prefixes may be kept while others are computed from them.</param>
    public void Run(ChainTree tree, Tensor tensor, int keep) => Visit(tree, ChainValue.Input(tensor, Apply), keep);

    /// <summary>The result of an operation that makes a tensor.</summary>
    protected abstract Tensor Apply(UnaryOperation operation, Tensor x);

    /// <summary>Takes the mean of a result for the chains that end with it.</summary>
    protected abstract void TakeMean(IReadOnlyList<int> rows, Tensor x);

    /// <summary>Takes the number that an operation makes of a result, and all that follows from it.</summary>
    protected abstract void TakeNumber(UnaryOperation operation, ChainTree node, Tensor x);

    /// <summary>Evaluates the tree below a value, and releases the value.</summary>
    private void Visit(ChainTree node, ChainValue value, int keep)
    {
        using (value)
        {
            if (node.Rows.Count > 0)
            {
                TakeMean(node.Rows, value.Tensor);
            }

            foreach (var (operation, child) in node.Children.Where(c => UnaryOperations.MakesNumber(c.Key)))
            {
                TakeNumber(operation, child, value.Tensor);
            }

            var successors = node.Children.Where(c => !UnaryOperations.MakesNumber(c.Key)).ToList();
            for (var i = 0; i < successors.Count; i++)
            {
                var (operation, child) = successors[i];
                var isKept = i < successors.Count - 1 && (keep > 0 || !value.IsOwned);
                Visit(child, value.Next(operation, isKept), isKept && value.IsOwned ? keep - 1 : keep);
            }
        }
    }
}
