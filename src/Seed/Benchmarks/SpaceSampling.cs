using System.Globalization;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Training;
using LPZero.Messages;

namespace LPZero.Seed.Benchmarks;

/// <summary>The architectures of a space, or a seeded sample of them. No two build the same network.</summary>
internal static class SpaceSampling
{
    public const int LargestSpace = 100_000;
    private const int Attempts = 1000;

    /// <summary>The architectures, every one small enough to be trained.</summary>
    /// <exception cref="BenchmarkException">The space has too many or too few, or one is too large.</exception>
    public static IReadOnlyList<FlexiBertGenotype> Genotypes(TrainingSpace space)
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

    // With one feed-forward the genotype's dimension is not used, so one dimension stands for all.
    private static FlexiBertLayer[] FeedForwardChoices(TrainingSpace space, MixingOperation operation, int heads) =>
        [.. space.FeedForwards.SelectMany(count => (count == 1 ? space.FeedForwardDimensions.Take(1) : space.FeedForwardDimensions)
            .Select(dimension => new FlexiBertLayer(operation, heads, dimension, count)))];

    private static IReadOnlyList<FlexiBertGenotype> All(TrainingSpace space)
    {
        FlexiBertLayer[] choices =
        [
            .. space.Operations.SelectMany(o => space.Heads.SelectMany(heads => FeedForwardChoices(space, o.Operation, heads))),
        ];
        var size = space.HiddenSizes.Length * space.Layers.Sum(layers => Math.Pow(choices.Length, layers));
        return size <= LargestSpace
            ? [.. space.HiddenSizes.SelectMany(hiddenSize =>
                space.Layers.SelectMany(layers => Stacks(choices, layers).Select(stack => new FlexiBertGenotype(hiddenSize, [.. stack]))))]
            : throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
                $"{space.Path}: $.samples: the space has {size:G3} architectures; say how many to sample"));
    }

    private static IEnumerable<IEnumerable<FlexiBertLayer>> Stacks(FlexiBertLayer[] choices, int layers) =>
        layers == 0 ? [[]] : Stacks(choices, layers - 1).SelectMany(below => choices.Select(below.Append));

    // Layers and hidden sizes are dealt out in turn, so that a small sample covers them evenly.
    private static List<FlexiBertGenotype> Sample(TrainingSpace space, int samples)
    {
        var random = new RandomSequence(space.Seed, "space");
        var genotypes = new List<FlexiBertGenotype>();
        var seen = new HashSet<FlexiBertGenotype>();
        for (var i = 0; i < samples; i++)
        {
            var layers = space.Layers[i % space.Layers.Length];
            var hiddenSize = space.HiddenSizes[i / space.Layers.Length % space.HiddenSizes.Length];
            var attempts = 0;
            FlexiBertGenotype genotype;
            do
            {
                if (++attempts > Attempts)
                {
                    throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
                        $"{space.Path}: $.samples: the space has no {samples} different architectures; give fewer"));
                }

                genotype = new FlexiBertGenotype(hiddenSize, [.. Enumerable.Range(0, layers).Select(_ => DrawLayer(space, random))]);
            }
            while (!seen.Add(genotype));
            genotypes.Add(genotype);
        }

        return genotypes;
    }

    private static FlexiBertLayer DrawLayer(TrainingSpace space, RandomSequence random)
    {
        var remaining = random.NextDouble() * space.Operations.Sum(o => o.Weight);
        var operation = space.Operations.First(o => (remaining -= o.Weight) < 0 || o == space.Operations[^1]).Operation;
        return random.Choose(FeedForwardChoices(space, operation, random.Choose(space.Heads)));
    }
}
