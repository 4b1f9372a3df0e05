using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// What the structure of the architectures of one set says, with what is fitted on it: each fit is made once, when it is asked for.
/// </summary>
/// <param name="structures">What is known of the architectures without their networks.</param>
/// <param name="set">The architectures, with truths.</param>
/// <param name="seed">Seed of the folds of every fit.</param>
public sealed class FittedStructure(StructuralBaselines structures, ArchitectureSet set, ulong seed)
{
    private readonly Lazy<StructureRegression?> regression = new(() => StructureRegression.Fit(structures, set, seed));
    private readonly Lazy<StackedRegressions?> stacked = new(() => StackedRegressions.Fit(structures, set, seed));

    /// <summary>What is known of the architectures without their networks.</summary>
    public StructuralBaselines Structures => structures;

    /// <summary>The architectures, with truths.</summary>
    public ArchitectureSet Set => set;

    /// <summary>Seed of the folds of every fit.</summary>
    public ulong Seed => seed;

    /// <summary>The regression on structure; null where there are too few networks.</summary>
    public StructureRegression? Regression => regression.Value;

    /// <summary>The regressions, stacked; null where there are too few networks.</summary>
    public StackedRegressions? Stacked => stacked.Value;

    /// <summary>[n] what a ranking by structure says of the architectures.</summary>
    /// <param name="group">The ranking, without proxies.</param>
    public double[] ScoresOf(PredictorGroup group) => PredictorScores.OfStructure(group, set.Architectures, structures.Of);
}
