using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Evaluation;

/// <summary>Size of a set of architectures; several genotypes can build the same network.</summary>
/// <param name="Genotypes">Number of genotypes.</param>
/// <param name="Networks">Number of distinct networks.</param>
public sealed record SetSize(int Genotypes, int Networks)
{
    /// <summary>The size of a set.</summary>
    public static SetSize Of(ArchitectureSet set) => new(set.Architectures.Length, set.Networks.Length);
}
