using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;

namespace LPZero.Coordinator.Scoring;

/// <summary>A set without one of its folds, and the fold. All genotypes of a network are on the same side.</summary>
/// <param name="Training">What proxies are found on.</param>
/// <param name="Test">What they are tested on.</param>
public sealed record NetworkFold(ArchitectureSet Training, ArchitectureSet Test);

/// <summary>Splits a set into folds of whole networks.</summary>
public static class NetworkFolds
{
    /// <summary>The folds; their sets keep the networks' indices, so that the whole set's term table serves them.</summary>
    /// <param name="set">The set.</param>
    /// <param name="folds">How many, at least two.</param>
    /// <param name="seed">Seed of the split.</param>
    public static ImmutableArray<NetworkFold> Split(ArchitectureSet set, int folds, ulong seed)
    {
        var random = new SplittableRandom(seed).Split().Split();
        var order = Enumerable.Range(0, set.Networks.Length).ToArray();
        random.Shuffle<int>(order);
        var foldOf = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            foldOf[order[i]] = i % folds;
        }

        return [.. Enumerable.Range(0, folds).Select(fold => new NetworkFold(Part(i => foldOf[i] != fold), Part(i => foldOf[i] == fold)))];

        ArchitectureSet Part(Func<int, bool> holds)
        {
            int[] members = [.. Enumerable.Range(0, set.Architectures.Length).Where(i => holds(set.NetworkOf[i]))];
            return set with
            {
                Architectures = [.. members.Select(i => set.Architectures[i])],
                NetworkOf = [.. members.Select(i => set.NetworkOf[i])],
            };
        }
    }
}
