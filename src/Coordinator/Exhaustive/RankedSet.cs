using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// A set of architectures laid out for vector instructions. Each architecture has a lane; the lanes of a stratum lie together and
/// are filled up to whole vectors. Strata are ranked one after the other whatever the scores are, and scores decide within them.
/// </summary>
public sealed class RankedSet
{
    /// <summary>Lanes in a vector of float.</summary>
    internal const int VectorLanes = 8;

    /// <summary>Lays out a set.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="criterion">What rankings are compared by; null for rho with the truth.</param>
    /// <exception cref="ArgumentException">Fewer than two networks, or one truth for all: nothing can be ranked.</exception>
    public RankedSet(ArchitectureSet set, Criterion? criterion = null)
    {
        Networks = set.NetworkOf.Distinct().Count();
        double[] targets = criterion is null ? set.Truths : [.. criterion.Targets];
        if (Networks < 2 || targets.All(target => target.Equals(targets[0])))
        {
            throw new ArgumentException("At least two networks and two truths are needed to rank anything.", nameof(set));
        }

        var architectures = ImmutableArray.CreateBuilder<int>();
        var segments = ImmutableArray.CreateBuilder<Stratum>();
        var blocks = ImmutableArray.CreateBuilder<RankingBlock>();
        var below = 0;
        foreach (var stratum in Enumerable.Range(0, set.Architectures.Length)
            .GroupBy(i => criterion is { Strata: { IsEmpty: false } strata } ? strata[i] : 0).OrderBy(group => group.Key))
        {
            // Those with as many layers lie together, so that little of what is added up is of no layer.
            int[] members = [.. stratum.OrderByDescending(i => set.Networks[set.NetworkOf[i]].LayerCount)];
            segments.Add(new Stratum(architectures.Count, members.Length, below - (set.Architectures.Length - below - members.Length)));
            architectures.AddRange(members);
            below += members.Length;
            var (fours, threes) = Split((members.Length + VectorLanes - 1) / VectorLanes);
            for (var block = 0; block < fours + threes; block++)
            {
                var start = segments[^1].Start + (VectorLanes * ((Math.Min(block, fours) * 4) + (Math.Max(0, block - fours) * 3)));
                blocks.Add(new RankingBlock(segments[^1], start, HasFourth: block < fours));
            }

            architectures.AddRange(Enumerable.Repeat(-1, (((fours * 4) + (threes * 3)) * VectorLanes) - members.Length));
        }

        Set = set;
        Strata = segments.ToImmutable();
        Blocks = blocks.ToImmutable();
        ArchitectureOf = architectures.ToImmutable();
        var truth = new long[set.Architectures.Length];
        if (!Ranks.TryCentre(targets, truth))
        {
            throw new ArgumentException("A truth is NaN.", nameof(set));
        }

        Truth = truth;
        TruthSquares = truth.Sum(rank => rank * rank);
        Added = criterion?.Added ?? [];
    }

    /// <summary>The architectures.</summary>
    public ArchitectureSet Set { get; }

    /// <summary>Number of networks that the architectures build.</summary>
    public int Networks { get; }

    /// <summary>Number of lanes.</summary>
    public int Lanes => ArchitectureOf.Length;

    /// <summary>The strata, lowest first.</summary>
    internal ImmutableArray<Stratum> Strata { get; }

    /// <summary>The strata, cut into what is ranked at a time.</summary>
    internal ImmutableArray<RankingBlock> Blocks { get; }

    /// <summary>For each lane the index of its architecture, -1 where it is padding.</summary>
    internal ImmutableArray<int> ArchitectureOf { get; }

    /// <summary>For each architecture the centred rank that is added to its score's; empty where nothing is.</summary>
    internal ImmutableArray<long> Added { get; }

    /// <summary>For each architecture the centred rank of its truth, or of what is in the truth's place.</summary>
    internal ReadOnlyMemory<long> Truth { get; }

    /// <summary>Sum of the squares of <see cref="Truth"/>.</summary>
    internal long TruthSquares { get; }

    /// <summary>Blocks of four and of three that hold at least so many vectors: 5 as (0, 2), 7 as (1, 1).</summary>
    private static (int Fours, int Threes) Split(int vectors)
    {
        vectors = vectors switch { < 3 => 3, 5 => 6, _ => vectors };
        var threes = (4 - (vectors % 4)) % 4;
        return ((vectors - (3 * threes)) / 4, threes);
    }
}

/// <summary>Architectures that are ranked among themselves.</summary>
/// <param name="Start">Its first lane.</param>
/// <param name="Count">Its architectures, in the lanes from there on.</param>
/// <param name="Offset">The number of architectures in lower strata minus that in higher ones.</param>
internal readonly record struct Stratum(int Start, int Count, int Offset);

/// <summary>Lanes that are ranked at a time, which registers hold.</summary>
/// <param name="Stratum">What they are compared with.</param>
/// <param name="Start">The first lane.</param>
/// <param name="HasFourth">Whether they are four vectors, or three.</param>
internal readonly record struct RankingBlock(Stratum Stratum, int Start, bool HasFourth);
