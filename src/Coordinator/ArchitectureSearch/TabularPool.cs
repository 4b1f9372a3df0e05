using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>Networks of a benchmark, of which the truth is known. A descendant is the nearest of them to what evolution asks for.</summary>
/// <param name="genes">Makes descendants.</param>
/// <param name="networks">The networks, at least one, all different.</param>
public sealed class TabularPool(GenePool genes, ImmutableArray<SearchedNetwork> networks) : INetworkPool
{
    /// <summary>The networks.</summary>
    public ImmutableArray<SearchedNetwork> Networks => networks;

    /// <inheritdoc/>
    public SearchedNetwork? Draw(IReadOnlySet<Genotype> seen, ref SplittableRandom random)
    {
        SearchedNetwork[] left = [.. networks.Where(network => !seen.Contains(network.Network))];
        return left.Length == 0 ? null : left[random.Next(left.Length)];
    }

    /// <inheritdoc/>
    public SearchedNetwork? Breed(
        SearchedNetwork first, SearchedNetwork? second, IReadOnlySet<Genotype> seen, ref SplittableRandom random)
    {
        var wanted = Descent.Of(genes, first.Genotype, second?.Genotype, ref random);
        return networks.Where(network => !seen.Contains(network.Network)).MinBy(network => genes.Distance(network.Genotype, wanted));
    }
}
