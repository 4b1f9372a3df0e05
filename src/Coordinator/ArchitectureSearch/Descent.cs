using LPZero.Coordinator.Randomness;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>How a genotype descends from one or two others.</summary>
internal static class Descent
{
    private const double MutationAfterCrossing = 0.5;

    /// <summary>Two are crossed, and the result is mutated with probability 0.5; one is mutated.</summary>
    public static Genotype Of(GenePool genes, Genotype first, Genotype? second, ref SplittableRandom random)
    {
        if (second is null)
        {
            return genes.Mutate(first, ref random);
        }

        var crossed = GenePool.Cross(first, second, ref random);
        return random.NextBool(MutationAfterCrossing) ? genes.Mutate(crossed, ref random) : crossed;
    }
}
