using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>The criterion of selection that a configuration asks for.</summary>
public static class Criteria
{
    /// <summary>The criterion; null where selection compares the rank correlation with the truth.</summary>
    /// <param name="configuration">Says which; its seed is that of the regression's folds.</param>
    /// <param name="benchmark">Describes the architectures.</param>
    /// <param name="search">What the search ranks.</param>
    /// <exception cref="InvalidOperationException">The set is too small for a regression, see <see cref="BenchmarkFit"/>.</exception>
    public static Criterion? Of(SearchConfiguration configuration, Benchmark benchmark, ArchitectureSet search) =>
        configuration.Fitness == FitnessTarget.Truth
            ? null
            : Of(configuration.Fitness, new StructuralBaselines(benchmark, configuration.SequenceLength), search, configuration.Seed);

    /// <summary>The criterion of a target; null where that is the truth.</summary>
    /// <param name="fitness">The target.</param>
    /// <param name="structures">What is known of the architectures without their networks.</param>
    /// <param name="search">What the search ranks.</param>
    /// <param name="seed">Seed of the regression's folds.</param>
    /// <exception cref="InvalidOperationException">The set is too small for a regression.</exception>
    public static Criterion? Of(FitnessTarget fitness, StructuralBaselines structures, ArchitectureSet search, ulong seed)
    {
        return fitness switch
        {
            FitnessTarget.Residual => Criterion.Residual(search, Predicted()),
            FitnessTarget.Sum => Criterion.Sum(search, Predicted()),
            _ => null,
        };

        IReadOnlyList<double> Predicted() => StructureRegression.Fit(structures, search, seed)?.CrossFitted
            ?? throw new InvalidOperationException("The search set is too small for a regression on structure.");
    }
}
