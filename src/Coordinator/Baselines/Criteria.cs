using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>The criterion of selection that a configuration asks for.</summary>
public static class Criteria
{
    private const string TooFew = "The search set is too small for a regression on structure.";

    /// <summary>The criterion; null where selection compares the rank correlation with the truth.</summary>
    /// <param name="configuration">Says which; its seed is that of the regression's folds.</param>
    /// <param name="benchmark">Describes the architectures.</param>
    /// <param name="search">What the search ranks.</param>
    /// <exception cref="InvalidOperationException">It does not fit the benchmark, see <see cref="BenchmarkFit"/>.</exception>
    public static Criterion? Of(SearchConfiguration configuration, Benchmark benchmark, ArchitectureSet search)
    {
        // Where the truth is what counts, nothing has to be known of the structure.
        return configuration is { Fitness: FitnessTarget.Truth, Prefix: null } ? null : Of(
            configuration,
            new FittedStructure(new StructuralBaselines(benchmark, configuration.SequenceLength), search, configuration.Seed));
    }

    /// <summary>The same on what the search ranks, with what its structure says.</summary>
    public static Criterion? Of(SearchConfiguration configuration, FittedStructure on) =>
        configuration.Prefix is not { } prefix ? Of(configuration.Fitness, on) : Behind(
            NamedRankings.Find(prefix, on)
                ?? throw new InvalidOperationException($"There is no ranking '{prefix}', or too few networks for it."),
            on);

    /// <summary>The criterion of a target; null where that is the truth.</summary>
    /// <param name="fitness">The target.</param>
    /// <param name="on">What the search ranks, and what its structure says.</param>
    /// <exception cref="InvalidOperationException">There are too few networks for a regression.</exception>
    public static Criterion? Of(FitnessTarget fitness, FittedStructure on)
    {
        return fitness switch
        {
            FitnessTarget.Residual => Criterion.Residual(on.Set, Predicted()),
            FitnessTarget.Smoothed => SmoothedTruth.Of(on).Criterion,
            FitnessTarget.Sum => Criterion.Sum(on.Set, Predicted()),
            _ => null,
        };

        IReadOnlyList<double> Predicted() => on.Regression?.CrossFitted ?? throw new InvalidOperationException(TooFew);
    }

    /// <summary>The rank correlation with the truth of the order by a prefix first, in which proxies break the ties.</summary>
    /// <param name="prefix">What orders the architectures first, without proxies.</param>
    /// <param name="on">What the search ranks, and what its structure says.</param>
    public static Criterion Behind(ImmutableArray<PredictorPart> prefix, FittedStructure on) =>
        Criterion.Behind(on.Set, on.ScoresOf(PredictorGroup.Lexicographic(prefix)));
}
