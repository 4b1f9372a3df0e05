using LPZero.Coordinator.Randomness;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>The networks that a search may choose, all within its limits.</summary>
public interface INetworkPool
{
    /// <summary>A random network.</summary>
    /// <param name="seen">Networks not to give again.</param>
    /// <param name="random">What decides.</param>
    /// <returns>Null where none is left, or none can be found.</returns>
    SearchedNetwork? Draw(IReadOnlySet<Genotype> seen, ref SplittableRandom random);

    /// <summary>A network that descends from others.</summary>
    /// <param name="first">Its parent.</param>
    /// <param name="second">The other parent; null where it has one.</param>
    /// <param name="seen">Networks not to give again.</param>
    /// <param name="random">What decides.</param>
    /// <returns>Null where none is left, or none can be found.</returns>
    SearchedNetwork? Breed(SearchedNetwork first, SearchedNetwork? second, IReadOnlySet<Genotype> seen, ref SplittableRandom random);
}
