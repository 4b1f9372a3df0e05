using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Devices;

/// <summary>The terms of one network that are computed and stored.</summary>
internal sealed class KnownBlocks
{
    private readonly Dictionary<Branch, (TermBlock Block, int Row)> rows = [];

    /// <summary>Takes in blocks; terms that are known already stay.</summary>
    public void Add(IEnumerable<TermBlock> blocks)
    {
        foreach (var block in blocks)
        {
            for (var row = 0; row < block.Chains.Length; row++)
            {
                rows.TryAdd(new Branch(block.Input, block.Chains[row]), (block, row));
            }
        }
    }

    /// <summary>What of the wanted is not known.</summary>
    public ImmutableArray<ChainSet> Missing(ImmutableArray<ChainSet> wanted) =>
    [
        .. wanted.Select(set => set with { Chains = [.. set.Chains.Where(chain => !rows.ContainsKey(new Branch(set.Input, chain)))] })
            .Where(set => !set.Chains.IsEmpty),
    ];

    /// <summary>The wanted terms, all of which are known.</summary>
    public ImmutableArray<TermBlock> Select(ImmutableArray<ChainSet> wanted) => [.. wanted.Where(set => !set.Chains.IsEmpty).Select(Select)];

    private TermBlock Select(ChainSet set)
    {
        var tensors = rows[new Branch(set.Input, set.Chains[0])].Block.TensorsPerLayer;
        var width = tensors.Sum();
        var means = new double[set.Chains.Length * width];
        var counts = new long[means.Length];
        for (var i = 0; i < set.Chains.Length; i++)
        {
            var (block, row) = rows[new Branch(set.Input, set.Chains[i])];
            block.Means.Span.Slice(row * width, width).CopyTo(means.AsSpan(i * width));
            block.Counts.Span.Slice(row * width, width).CopyTo(counts.AsSpan(i * width));
        }

        return new TermBlock(set.Input, tensors, set.Chains, means, counts);
    }
}
