using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// Truths put in a random order that structure cannot tell: networks exchange theirs within groups of equal layers and hidden size. A
/// network keeps its genotypes' truths together, as they are not independent, so that networks exchange with those of as many genotypes.
/// If scores know nothing beyond layers and hidden size, every such order is as likely as the one that was measured.
/// </summary>
public static class TruthPermutation
{
    /// <summary>The set with its truths in another order.</summary>
    /// <param name="set">The set.</param>
    /// <param name="seed">Seed of all permutations.</param>
    /// <param name="number">Which of them, from 0: the same seed and number give the same order.</param>
    public static ArchitectureSet Of(ArchitectureSet set, ulong seed, int number)
    {
        var random = Generator(seed, number);
        var truths = set.Truths;
        foreach (var group in Exchangeable(set))
        {
            var order = Enumerable.Range(0, group.Count).ToArray();
            random.Shuffle<int>(order);
            foreach (var (to, from) in order.Index())
            {
                foreach (var (member, architecture) in group[to].Index())
                {
                    truths[architecture] = set.Architectures[group[from][member]].Truth;
                }
            }
        }

        return set with { Architectures = [.. set.Architectures.Select((architecture, i) => architecture with { Truth = truths[i] })] };
    }

    /// <summary>How many networks there is another one to exchange with; the others keep their truths in every permutation.</summary>
    public static int Movable(ArchitectureSet set) => Exchangeable(set).Where(group => group.Count > 1).Sum(group => group.Count);

    /// <summary>Groups of networks that may exchange truths, each network as the indices of its architectures.</summary>
    private static List<List<int[]>> Exchangeable(ArchitectureSet set) =>
    [
        .. set.NetworkOf.Index().GroupBy(each => each.Item, each => each.Index).Select(network => network.ToArray())
            .GroupBy(members => (StructuralBaselines.GroupOf(set.Architectures[members[0]]), members.Length))
            .Select(group => group.ToList()),
    ];

    private static SplittableRandom Generator(ulong seed, int number)
    {
        var random = new SplittableRandom(seed);
        var own = random.Split();
        for (var i = 0; i < number; i++)
        {
            own = random.Split();
        }

        return own;
    }
}
