using System.Globalization;
using LPZero.GpuNode;
using LPZero.GpuNode.Training;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>The architectures of a space, or a seeded sample of them. No two build the same network.</summary>
internal static class SpaceSampling
{
    public const int LargestSpace = 100_000;
    private const int Attempts = 1000;

    /// <summary>The architectures, every one small enough to be trained.</summary>
    /// <exception cref="BenchmarkException">The space has too many or too few, or one is too large.</exception>
    public static IReadOnlyList<Genotype> Genotypes(TrainingSpace space)
    {
        var genotypes = space.Samples is { } samples ? Sample(space, samples) : All(space);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach (var genotype in genotypes)
        {
            if (ArchitectureTraining.FindProblem(genotype, space.Sizes, space.Training, memory) is { } problem)
            {
                throw new BenchmarkException($"{space.Path}: {PrintableText.Shorten(genotype.ToString())}: {problem}");
            }
        }

        return genotypes;
    }

    private static IReadOnlyList<Genotype> All(TrainingSpace space) => space.Choices.Count <= LargestSpace
        ? [.. space.Choices.All()]
        : throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
            $"{space.Path}: $.samples: the space has {space.Choices.Count:G3} architectures; say how many to sample"));

    private static List<Genotype> Sample(TrainingSpace space, int samples)
    {
        var random = new RandomSequence(space.Seed, "space");
        var genotypes = new List<Genotype>();
        var seen = new HashSet<Genotype>();
        for (var i = 0; i < samples; i++)
        {
            var attempts = 0;
            Genotype genotype;
            do
            {
                if (++attempts > Attempts)
                {
                    throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
                        $"{space.Path}: $.samples: the space has no {samples} different architectures; give fewer"));
                }

                genotype = space.Choices.Draw(i, random);
            }
            while (!seen.Add(genotype));
            genotypes.Add(genotype);
        }

        return genotypes;
    }
}
