using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;

namespace LPZero.Coordinator.Baselines;

/// <summary>The structural baselines that a benchmark's space gives.</summary>
public sealed class StructuralBaselines
{
    private readonly ImmutableDictionary<Genotype, Structure> structures;
    private readonly Shapes shapes;

    /// <summary>Describes a benchmark's architectures in the shapes that its truth was measured on.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="sequenceLength">Tokens in a sequence.</param>
    public StructuralBaselines(Benchmark benchmark, int sequenceLength)
    {
        shapes = benchmark.Shapes;
        structures = benchmark.Architectures.Select(architecture => architecture.Genotype).Distinct().ToImmutableDictionary(
            genotype => genotype, genotype => genotype.Resolve(benchmark.Shapes).Describe(benchmark.Sizes, sequenceLength));
        var first = Of(benchmark.Architectures[0]);
        Main = first.MainBaseline;
        All = [.. first.Baselines.Select((baseline, i) =>
            new StructuralBaseline(baseline.Name, architecture => Of(architecture).Baselines[i].Value))];
    }

    /// <summary>From the simplest to the most informed.</summary>
    public ImmutableArray<StructuralBaseline> All { get; }

    /// <summary>The name of the one that a verdict is about.</summary>
    public string Main { get; }

    /// <summary>What is known of an architecture of the benchmark without its network.</summary>
    public Structure Of(Architecture architecture) => structures[architecture.Genotype];

    /// <summary>The network of an architecture in the shapes that its truth was measured on.</summary>
    public Genotype NetworkOf(Architecture architecture) => architecture.Genotype.Resolve(shapes);

    /// <summary>[n] what a column of a regression says of each architecture of a set.</summary>
    /// <param name="column">A feature, a baseline, or several of them put together; no proxy.</param>
    /// <param name="set">The architectures.</param>
    public double[] ValuesOf(PredictorPart column, ArchitectureSet set) =>
        PredictorScores.OfStructure(PredictorGroup.Of(column), set.Architectures, Of);

    /// <summary>The group of architectures with the same number of layers and the same hidden size.</summary>
    public static string GroupOf(Architecture architecture) => Trainings.GroupOf(architecture);
}
