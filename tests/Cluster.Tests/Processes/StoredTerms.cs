using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using LPZero.Messages.Proxies;
using LPZero.Messages.Wire;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>What a term cache holds of some networks.</summary>
internal sealed class StoredTerms
{
    private readonly Dictionary<(string Network, InputKind Input, Chain Chain), string> values = [];

    private readonly Dictionary<InputKind, int> largestBlocks = [];

    /// <summary>The bits of each term.</summary>
    public IReadOnlyDictionary<(string Network, InputKind Input, Chain Chain), string> Values => values;

    /// <summary>How many terms were stored again.</summary>
    public int Repeated { get; private set; }

    /// <summary>Most terms of a network that one request brought: all of its inputs are asked for at once.</summary>
    public int LargestRequest => largestBlocks.Values.Sum();

    /// <summary>Content keys of the networks.</summary>
    public HashSet<string> Networks => [.. values.Keys.Select(key => key.Network)];

    /// <summary>Reads the terms of a database, of all networks or of some.</summary>
    public static async Task<StoredTerms> ReadAsync(string location, HashSet<string>? networks = null)
    {
        await using var database = new Database(location);
        await using var connection = await database.OpenAsync();
        var terms = new StoredTerms();
        using var reader = await connection.ExecuteReaderAsync("select content_key, input, block from terms");
        while (await reader.ReadAsync())
        {
            var network = reader.GetString(0);
            if (networks?.Contains(network) != false)
            {
                terms.Add(
                    network, (InputKind)Convert.ToInt32(reader.GetValue(1), CultureInfo.InvariantCulture), (byte[])reader.GetValue(2));
            }
        }

        return terms;
    }

    private void Add(string network, InputKind input, byte[] bytes)
    {
        var block = TermBlockCodec.Decode(input, bytes);
        var width = block.TensorsPerLayer.Sum();
        largestBlocks[input] = Math.Max(largestBlocks.GetValueOrDefault(input), block.Chains.Length);
        for (var row = 0; row < block.Chains.Length; row++)
        {
            var means = MemoryMarshal.AsBytes(block.Means.Span.Slice(row * width, width));
            var counts = MemoryMarshal.AsBytes(block.Counts.Span.Slice(row * width, width));
            Repeated += values.TryAdd((network, input, block.Chains[row]), Convert.ToHexString(means) + Convert.ToHexString(counts))
                ? 0
                : 1;
        }
    }
}
