using System.Text.Json;
using LPZero.Coordinator.Exhaustive;
using LPZero.Messages;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Exhaustive;

/// <summary>How far an exhaustive search has come. The file is replaced as a whole after each group of blocks.</summary>
/// <param name="Key">The search's <see cref="ExhaustiveKey"/>, so that no other search goes on from here.</param>
/// <param name="Top">How many of the best proxies are kept.</param>
/// <param name="Blocks">Blocks that are ranked, from the first on.</param>
/// <param name="RankingKeys">Keys of their rankings in the <see cref="RankingKeyFile"/>.</param>
/// <param name="Tally">What was found in them.</param>
internal sealed record ExhaustiveCheckpoint(string Key, int Top, int Blocks, long RankingKeys, ExhaustiveTally Tally)
{
    /// <summary>The checkpoint in the file if it is of this search, else its beginning.</summary>
    public static ExhaustiveCheckpoint LoadOrBegin(string path, string key, int top)
    {
        var begin = new ExhaustiveCheckpoint(key, top, 0, 0, ExhaustiveTally.Empty);
        if (!File.Exists(path))
        {
            return begin;
        }

        try
        {
            var stored = JsonSerializer.Deserialize<ExhaustiveCheckpoint>(File.ReadAllText(path), MessageJson.Options);
            return stored is not null && stored.Key == key && stored.Top == top ? stored : begin;
        }
        catch (JsonException problem)
        {
            throw new StorageException($"{path} is no checkpoint of an exhaustive search: delete it to begin anew", problem);
        }
    }

    /// <summary>Replaces the file.</summary>
    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, MessageJson.Options), flush: false);
}
