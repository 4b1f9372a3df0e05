using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Chains;

/// <summary>
/// Chains by their common prefixes: a node stands for the operations from the root to it, which need to be computed
/// only once.
/// </summary>
internal sealed class ChainTree
{
    private readonly List<int> rows = [];
    private readonly SortedList<UnaryOperation, ChainTree> children = [];

    /// <summary>Rows of the chains that end here.</summary>
    public IReadOnlyList<int> Rows => rows;

    /// <summary>The nodes one operation further, by that operation.</summary>
    public IEnumerable<KeyValuePair<UnaryOperation, ChainTree>> Children => children;

    /// <summary>The tree of chains; a chain's row is its place among them.</summary>
    /// <exception cref="ArgumentException">A chain holds <see cref="UnaryOperation.Disconnect"/>, or has a factor.</exception>
    public static ChainTree Of(IReadOnlyList<Chain> chains)
    {
        var root = new ChainTree();
        for (var row = 0; row < chains.Count; row++)
        {
            if (chains[row].Factor is not null)
            {
                throw new ArgumentException($"'{chains[row]}' is a product of two chains.", nameof(chains));
            }

            var node = root;
            foreach (var operation in chains[row])
            {
                if (operation == UnaryOperation.Disconnect)
                {
                    throw new ArgumentException($"Chain '{chains[row]}' is disconnected and has no value.", nameof(chains));
                }

                if (!node.children.TryGetValue(operation, out var child))
                {
                    node.children.Add(operation, child = new ChainTree());
                }

                node = child;
            }

            node.rows.Add(row);
        }

        return root;
    }
}
