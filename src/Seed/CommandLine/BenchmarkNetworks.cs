using System.Collections.Immutable;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.CommandLine;

/// <summary>The networks of a benchmark, and those that other genotypes of its space build.</summary>
internal sealed class BenchmarkNetworks
{
    private readonly Benchmark benchmark;
    private readonly Shapes shapes;
    private readonly int sequenceLength;
    private readonly Dictionary<Genotype, (string Id, double Truth)> known;

    /// <summary>The networks of a benchmark.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="shapes">The shapes in which networks are built; structure and size are those of the benchmark's own.</param>
    /// <param name="sequenceLength">Tokens in a sequence, which the cost of attention depends on.</param>
    public BenchmarkNetworks(Benchmark benchmark, Shapes shapes, int sequenceLength)
    {
        this.benchmark = benchmark;
        this.shapes = shapes;
        this.sequenceLength = sequenceLength;
        known = benchmark.Architectures.GroupBy(architecture => architecture.Genotype.Resolve(shapes)).ToDictionary(
            network => network.Key, network => (network.First().Id, network.Average(architecture => architecture.Truth)));
    }

    /// <summary>The genotypes of the benchmark's architectures.</summary>
    public IEnumerable<Genotype> Genotypes => benchmark.Architectures.Select(architecture => architecture.Genotype);

    /// <summary>The network that a genotype builds; with the mean truth of the architectures that build it, where there are such.</summary>
    public SearchedNetwork Of(Genotype genotype)
    {
        var network = genotype.Resolve(shapes);
        var structure = genotype.Resolve(benchmark.Shapes).Describe(benchmark.Sizes, sequenceLength);
        return known.TryGetValue(network, out var found)
            ? new SearchedNetwork(found.Id, genotype, network, structure, found.Truth)
            : new SearchedNetwork(Id: null, genotype, network, structure, Truth: null);
    }

    /// <summary>The distinct networks of architectures, in the order of their first.</summary>
    public ImmutableArray<SearchedNetwork> Of(IEnumerable<Architecture> architectures) =>
        [.. architectures.Select(architecture => Of(architecture.Genotype)).DistinctBy(network => network.Network)];
}
