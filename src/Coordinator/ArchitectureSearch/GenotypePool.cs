using LPZero.Coordinator.Randomness;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>All networks that genotypes of a pool of genes build, known to a benchmark or not.</summary>
/// <param name="genes">What genotypes are made of.</param>
/// <param name="describe">What is known of a genotype's network; its truth where there is one.</param>
/// <param name="limits">How large a network may be.</param>
public sealed class GenotypePool(GenePool genes, Func<Genotype, SearchedNetwork> describe, SizeLimits limits) : INetworkPool
{
    private const int DrawAttempts = 2000;
    private const int BreedAttempts = 50;

    /// <inheritdoc/>
    public SearchedNetwork? Draw(IReadOnlySet<Genotype> seen, ref SplittableRandom random)
    {
        for (var attempt = 0; attempt < DrawAttempts; attempt++)
        {
            if (Admit(genes.Draw(ref random), seen) is { } network)
            {
                return network;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public SearchedNetwork? Breed(
        SearchedNetwork first, SearchedNetwork? second, IReadOnlySet<Genotype> seen, ref SplittableRandom random)
    {
        for (var attempt = 0; attempt < BreedAttempts; attempt++)
        {
            if (Admit(Descent.Of(genes, first.Genotype, second?.Genotype, ref random), seen) is { } network)
            {
                return network;
            }
        }

        return Draw(seen, ref random);
    }

    private SearchedNetwork? Admit(Genotype genotype, IReadOnlySet<Genotype> seen)
    {
        if (genotype.FindProblem() is not null)
        {
            return null;
        }

        var network = describe(genotype);
        return limits.Allow(network.Structure) && !seen.Contains(network.Network) ? network : null;
    }
}
