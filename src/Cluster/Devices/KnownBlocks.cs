using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Devices;

/// <summary>The terms of one network that are computed and stored.</summary>
internal sealed class KnownBlocks
{
    // A branch with its chain and their entry in the dictionary, about.
    private const int BytesPerRow = 128;

    private readonly Dictionary<Branch, (TermBlock Block, int Row)> rows = [];

    /// <summary>Bytes that the terms hold, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>When they were used last, in requests of the batch.</summary>
    public long LastUse { get; set; }

    /// <summary>Takes in blocks; terms that are known already stay. Returns the bytes that this takes.</summary>
    public long Add(IEnumerable<TermBlock> blocks)
    {
        var before = Bytes;
        foreach (var block in blocks)
        {
            var known = rows.Count;
            for (var row = 0; row < block.Chains.Length; row++)
            {
                rows.TryAdd(new Branch(block.Input, block.Chains[row]), (block, row));
            }

            if (rows.Count > known)
            {
                Bytes += ((sizeof(double) + sizeof(long)) * (long)block.Means.Length) + (BytesPerRow * (long)(rows.Count - known));
            }
        }

        return Bytes - before;
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
