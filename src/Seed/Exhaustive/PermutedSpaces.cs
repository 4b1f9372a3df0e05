using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Exhaustive;

/// <summary>
/// Ranks a whole space on one permutation of the truths after the other, several side by side; what is done is kept in a file, so that a
/// killed search goes on with the others.
/// </summary>
/// <param name="space">The proxies.</param>
/// <param name="set">The search set.</param>
/// <param name="table">Terms of all branches on it.</param>
/// <param name="criterion">What rankings of a set are compared by; null for rho with its truths.</param>
/// <param name="minDistinct">Floor on the number of distinct scores over that of networks.</param>
/// <param name="key">The search's <see cref="ExhaustiveKey"/>.</param>
/// <param name="seed">Seed of the permutations.</param>
/// <param name="folder">Where the file is while the search is under way.</param>
internal sealed class PermutedSpaces(
    ProxySpace space, ArchitectureSet set, TermTable table, Func<ArchitectureSet, Criterion?> criterion, double minDistinct, string key,
    ulong seed, string folder)
{
    private readonly string path = Path.Combine(folder, "exhaustive-permutations.json");
    private readonly Lock writing = new();

    /// <summary>The best rho on each permutation.</summary>
    /// <param name="permutations">How many.</param>
    /// <param name="threads">How many are ranked side by side.</param>
    /// <param name="done">Told how many are done.</param>
    /// <param name="interrupt">Ends it after the permutations under way.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; the same search goes on from there.</exception>
    public ImmutableArray<double> Best(int permutations, int threads, Action<int> done, CancellationToken interrupt)
    {
        var best = Load();
        done(best.Count);
        var missing = Enumerable.Range(0, permutations).Where(number => !best.ContainsKey(number)).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = interrupt };
        Parallel.ForEach(missing, options, number =>
        {
            var permuted = TruthPermutation.Of(set, seed, number);
            var ranked = new RankedSet(permuted, criterion(permuted));
            var tally = new ExhaustiveRanking(space, ranked, table, minDistinct).RankAll(top: 1);
            lock (writing)
            {
                best[number] = tally.Best[0].Rho;
                AtomicFile.Write(path, JsonSerializer.Serialize(new Done(key, seed, best), MessageJson.Options), flush: false);
                done(best.Count);
            }
        });
        return [.. Enumerable.Range(0, permutations).Select(number => best[number])];
    }

    /// <summary>Removes what only an unfinished search needs.</summary>
    public void CleanUp() => File.Delete(path);

    private SortedDictionary<int, double> Load()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            var stored = JsonSerializer.Deserialize<Done>(File.ReadAllText(path), MessageJson.Options);
            return stored is not null && stored.Key == key && stored.Seed == seed ? stored.Best : [];
        }
        catch (JsonException problem)
        {
            throw new StorageException($"{path} holds no permutations of a search: delete it to begin anew", problem);
        }
    }

    private sealed record Done(string Key, ulong Seed, SortedDictionary<int, double> Best);
}
