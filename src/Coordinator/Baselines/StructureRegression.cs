using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// The null that counts: a ridge regression of the truth on the structural features of a space, fitted on the architectures that a search
/// ranks. A proxy that does not beat it knows nothing but the structure. Penalty, and whether features, their logarithms or both are
/// used, are what predicts the folds of the search set best, by squared error; a fold holds whole networks.
/// </summary>
public sealed class StructureRegression
{
    /// <summary>Its name in reports.</summary>
    public const string Name = RankingNames.StructureRegression;

    /// <summary>The fewest networks that it is fitted on.</summary>
    public const int FewestNetworks = SearchConfiguration.FewestNetworksOfRegression;

    private readonly StructuralBaselines structures;
    private readonly RidgeByFolds fit;

    private StructureRegression(StructuralBaselines structures, ArchitectureSet search, RidgeByFolds fit)
    {
        this.structures = structures;
        this.fit = fit;
        Group = fit.Fitted.ToGroup(fit.Columns);
        CrossFittedRho = Spearman.Rho(CrossFitted.AsSpan(), search.Truths);
    }

    /// <summary>The regression as data: its scores are what <see cref="Predict"/> says.</summary>
    public PredictorGroup Group { get; }

    /// <summary>What its columns hold.</summary>
    public ImmutableArray<PredictorPart> Columns => fit.Columns;

    /// <summary>[n] for each architecture that it was fitted on, what the fit without its network's fold predicts.</summary>
    public ImmutableArray<double> CrossFitted => fit.CrossFitted;

    /// <summary>Rho of <see cref="CrossFitted"/> with the truth: about what it is worth on networks that it has not seen.</summary>
    public double CrossFittedRho { get; }

    /// <summary>Fits it; null where there are fewer than <see cref="FewestNetworks"/> networks.</summary>
    /// <param name="structures">What is known of the architectures without their networks.</param>
    /// <param name="search">What a search ranks, with truths.</param>
    /// <param name="seed">Seed of the folds.</param>
    public static StructureRegression? Fit(StructuralBaselines structures, ArchitectureSet search, ulong seed) =>
        search.NetworkOf.Distinct().Count() < FewestNetworks ? null : new StructureRegression(structures, search, RidgeByFolds.Fit(
            Representations(structures, search), search, search.Truths, column => structures.ValuesOf(column, search), seed));

    /// <summary>The prediction for an architecture, in the truth's unit.</summary>
    public double Predict(Architecture architecture)
    {
        // The names come in one order, once or twice.
        var values = structures.Of(architecture).Features;
        return fit.Fitted.Predict(
            [.. Columns.Select((column, i) => PartTransforms.Apply(column.Transform, values[i % values.Length].Value))]);
    }

    /// <summary>The sets of columns that describe an architecture: features, their logarithms, both.</summary>
    internal static ImmutableArray<ImmutableArray<PredictorPart>> Representations(StructuralBaselines structures, ArchitectureSet search)
    {
        ImmutableArray<PredictorPart> plain =
            [.. structures.Of(search.Architectures[0]).Features.Select(feature => new FeaturePart(feature.Name))];
        ImmutableArray<PredictorPart> logarithms = [.. plain.Select(column => column with { Transform = PartTransform.Log })];
        return [plain, logarithms, [.. plain, .. logarithms]];
    }
}
