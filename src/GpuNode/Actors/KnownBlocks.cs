using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Actors;

/// <summary>The terms or scores of one network that are computed and stored.</summary>
public sealed class KnownBlocks
{
    // A chain and its entry in the dictionary, about.
    private const int BytesPerRow = 128;

    private readonly Dictionary<InputKind, KnownInput> inputs = [];
    private readonly Dictionary<string, ProxyScore> scores = new(StringComparer.Ordinal);

    /// <summary>Bytes that they hold at most, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>When they were used last, in requests of the batch.</summary>
    public long LastUse { get; set; }

    /// <summary>Takes in blocks; terms that are known already stay. Returns the bytes that this takes.</summary>
    public long Add(IEnumerable<TermBlock> blocks)
    {
        var before = Bytes;
        foreach (var block in blocks)
        {
            inputs.TryAdd(block.Input, new KnownInput());
            inputs[block.Input].Add(block);
            Bytes += ((sizeof(double) + sizeof(long)) * (long)block.Means.Length) + (BytesPerRow * (long)block.Chains.Length);
        }

        return Bytes - before;
    }

    /// <summary>Takes in scores; those that are known already stay. Returns the bytes that this takes.</summary>
    public long Add(IEnumerable<ProxyScore> more)
    {
        long bytes = BytesPerRow * more.Count(score => scores.TryAdd(score.Proxy, score));
        Bytes += bytes;
        return bytes;
    }

    /// <summary>What of a request is not known.</summary>
    public TermRequest Missing(TermRequest request) => request with
    {
        Wanted = Missing(request.Wanted),
        Proxies = [.. request.Proxies.Where(proxy => !scores.ContainsKey(proxy)).Distinct()],
        Along = Missing(request.Along),
    };

    /// <summary>The answer to a request, all of which is known.</summary>
    public TermReply Answer(TermRequest request) => new(request.Id, request.Attempt, Select(request.Wanted))
    {
        Scores = [.. request.Proxies.Select(proxy => scores[proxy])],
    };

    /// <summary>What of the wanted is not known.</summary>
    public ImmutableArray<ChainSet> Missing(ImmutableArray<ChainSet> wanted) =>
    [
        .. wanted.Select(set => inputs.TryGetValue(set.Input, out var known) ? known.Missing(set) : set).Where(set => !set.Chains.IsEmpty),
    ];

    /// <summary>The wanted terms, all of which are known.</summary>
    public ImmutableArray<TermBlock> Select(ImmutableArray<ChainSet> wanted) =>
        [.. wanted.Where(set => !set.Chains.IsEmpty).Select(set => inputs[set.Input].Select(set))];

    /// <summary>
    /// What is asked for is nearly always what was computed for the same request: then the block itself is the answer, and
    /// which row is whose is not even looked up.
    /// </summary>
    private sealed class KnownInput
    {
        private readonly List<TermBlock> blocks = [];
        private Dictionary<Chain, (TermBlock Block, int Row)>? rows;

        public void Add(TermBlock block)
        {
            blocks.Add(block);
            if (rows is not null)
            {
                Index(rows, block);
            }
        }

        public ChainSet Missing(ChainSet set) =>
            set with { Chains = Same(set) is null ? set.Chains.RemoveAll(Rows().ContainsKey) : [] };

        public TermBlock Select(ChainSet set)
        {
            if (Same(set) is { } same)
            {
                return same;
            }

            var tensors = blocks[0].TensorsPerLayer;
            var width = tensors.Sum();
            var means = new double[set.Chains.Length * width];
            var counts = new long[means.Length];
            for (var i = 0; i < set.Chains.Length; i++)
            {
                var (block, row) = Rows()[set.Chains[i]];
                block.Means.Span.Slice(row * width, width).CopyTo(means.AsSpan(i * width));
                block.Counts.Span.Slice(row * width, width).CopyTo(counts.AsSpan(i * width));
            }

            return new TermBlock(set.Input, tensors, set.Chains, means, counts);
        }

        private static void Index(Dictionary<Chain, (TermBlock Block, int Row)> rows, TermBlock block)
        {
            for (var row = 0; row < block.Chains.Length; row++)
            {
                rows.TryAdd(block.Chains[row], (block, row));
            }
        }

        private TermBlock? Same(ChainSet set) => blocks.Find(block => block.Chains == set.Chains);

        private Dictionary<Chain, (TermBlock Block, int Row)> Rows()
        {
            if (rows is null)
            {
                rows = new Dictionary<Chain, (TermBlock Block, int Row)>(blocks.Sum(block => block.Chains.Length));
                blocks.ForEach(block => Index(rows, block));
            }

            return rows;
        }
    }
}
