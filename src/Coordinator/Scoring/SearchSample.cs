using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Scoring;

/// <summary>Architectures with their truths and the networks that they stand for.</summary>
/// <param name="Architectures">In the benchmark's order.</param>
/// <param name="Networks">The distinct networks, in the order of their first architecture.</param>
/// <param name="NetworkOf">For each architecture the index of its network.</param>
public sealed record ArchitectureSet(
    ImmutableArray<Architecture> Architectures, ImmutableArray<Genotype> Networks, ImmutableArray<int> NetworkOf)
{
    /// <summary>The truth of each architecture.</summary>
    public double[] Truths => [.. Architectures.Select(a => a.Truth)];

    /// <summary>Groups architectures by the network that the shapes build from them.</summary>
    public static ArchitectureSet Of(IEnumerable<Architecture> architectures, Shapes shapes)
    {
        var all = architectures.ToImmutableArray();
        var indexOf = new Dictionary<Genotype, int>();
        var networkOf = ImmutableArray.CreateBuilder<int>(all.Length);
        foreach (var architecture in all)
        {
            var network = architecture.Genotype.Resolve(shapes);
            if (!indexOf.TryGetValue(network, out var index))
            {
                index = indexOf.Count;
                indexOf.Add(network, index);
            }

            networkOf.Add(index);
        }

        return new ArchitectureSet(all, [.. indexOf.OrderBy(p => p.Value).Select(p => p.Key)], networkOf.ToImmutable());
    }
}

/// <summary>
/// A benchmark split by network: what a search ranks, and what it never sees. All genotypes of a network fall on the
/// same side.
/// </summary>
/// <param name="Search">The search set.</param>
/// <param name="HeldOut">The held-out set.</param>
public sealed record SearchSample(ArchitectureSet Search, ArchitectureSet HeldOut)
{
    /// <summary>
    /// The split of a run. Where truth is made of tasks by their reliability, the search set's shows what its own replicates do, and the
    /// held-out set's is fixed.
    /// </summary>
    /// <param name="benchmark">What to split.</param>
    /// <param name="configuration">The run's configuration.</param>
    /// <exception cref="InvalidOperationException">The search set has no such truth, see <see cref="TaskTruth.FindProblem"/>.</exception>
    public static SearchSample Of(Benchmark benchmark, SearchConfiguration configuration)
    {
        var sample = Split(benchmark, configuration);
        return configuration.Truth == TruthKind.Given ? sample : new SearchSample(
            sample.Search with { Architectures = TaskTruth.WhileSearching(benchmark, sample.Search.Architectures) },
            sample.HeldOut with { Architectures = TaskTruth.Judging(benchmark, sample.HeldOut.Architectures) });
    }

    private static SearchSample Split(Benchmark benchmark, SearchConfiguration configuration)
    {
        var shapes = configuration.ShapesOn(benchmark);
        if (!configuration.SearchIds.IsEmpty)
        {
            var ids = configuration.SearchIds.ToHashSet(StringComparer.Ordinal);
            return Given(benchmark, shapes, benchmark.Architectures.Where(a => ids.Contains(a.Id)));
        }

        return configuration.Sampling == Sampling.First
            ? Given(benchmark, shapes, benchmark.Architectures.Take(configuration.SearchArchitectures))
            : Draw(benchmark, shapes, configuration.SearchArchitectures, configuration.SplitSeed ?? configuration.Seed);
    }

    /// <summary>Searches the given architectures and holds out what builds none of their networks.</summary>
    private static SearchSample Given(Benchmark benchmark, Shapes shapes, IEnumerable<Architecture> searched)
    {
        var search = ArchitectureSet.Of(searched, shapes);
        var networks = search.Networks.ToHashSet();
        return new SearchSample(
            search, ArchitectureSet.Of(benchmark.Architectures.Where(a => !networks.Contains(a.Genotype.Resolve(shapes))), shapes));
    }

    /// <summary>
    /// Draws whole networks at random until the search set holds so many genotypes; a network that would exceed them is passed over.
    /// </summary>
    private static SearchSample Draw(Benchmark benchmark, Shapes shapes, int searchArchitectures, ulong seed)
    {
        var all = ArchitectureSet.Of(benchmark.Architectures, shapes);
        var sizes = new int[all.Networks.Length];
        foreach (var network in all.NetworkOf)
        {
            sizes[network]++;
        }

        var order = Enumerable.Range(0, sizes.Length).ToArray();
        var random = new SplittableRandom(seed).Split();
        random.Shuffle<int>(order);
        var isSearched = new bool[sizes.Length];
        var count = 0;
        foreach (var network in order)
        {
            if (count + sizes[network] <= searchArchitectures)
            {
                isSearched[network] = true;
                count += sizes[network];
            }
        }

        return new SearchSample(Side(searched: true), Side(searched: false));

        ArchitectureSet Side(bool searched) =>
            ArchitectureSet.Of(benchmark.Architectures.Where((_, i) => isSearched[all.NetworkOf[i]] == searched), shapes);
    }
}
