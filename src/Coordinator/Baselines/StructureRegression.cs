using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// The null that counts: a ridge regression of the truth on the structural features of a space, fitted on the architectures that a search
/// ranks. A proxy that does not beat it knows nothing but the structure. Penalty, and whether features, their logarithms or both are used,
/// are what predicts the folds of the search set best, by squared error; a fold holds whole networks.
/// </summary>
public sealed class StructureRegression
{
    /// <summary>Its name in reports.</summary>
    public const string Name = "structure regression";

    /// <summary>The fewest networks that it is fitted on.</summary>
    public const int FewestNetworks = SearchConfiguration.FewestNetworksOfRegression;

    private const int Folds = 5;

    private static readonly ImmutableArray<double> Penalties = [1e-4, 1e-3, 1e-2, 1e-1, 1];

    private readonly Func<Architecture, double[]> features;
    private readonly RidgeRegression fit;

    private StructureRegression(
        Func<Architecture, double[]> features, ImmutableArray<FeaturePart> columns, RidgeRegression fit, ImmutableArray<double> crossFitted)
    {
        this.features = features;
        this.fit = fit;
        Group = fit.ToGroup(columns);
        CrossFitted = crossFitted;
    }

    /// <summary>The regression as data: its scores are what <see cref="Predict"/> says.</summary>
    public PredictorGroup Group { get; }

    /// <summary>[n] for each architecture that it was fitted on, what the fit without its network's fold predicts.</summary>
    public ImmutableArray<double> CrossFitted { get; }

    /// <summary>Fits it; null where there are fewer than <see cref="FewestNetworks"/> networks.</summary>
    /// <param name="structures">What is known of the architectures without their networks.</param>
    /// <param name="search">What a search ranks, with truths.</param>
    /// <param name="seed">Seed of the folds.</param>
    public static StructureRegression? Fit(StructuralBaselines structures, ArchitectureSet search, ulong seed)
    {
        if (search.NetworkOf.Distinct().Count() < FewestNetworks)
        {
            return null;
        }

        var folds = NetworkFolds.Split(search, Folds, seed);
        ImmutableArray<FeaturePart> plain =
            [.. structures.Of(search.Architectures[0]).Features.Select(feature => new FeaturePart(feature.Name))];
        ImmutableArray<FeaturePart> logarithms = [.. plain.Select(column => column with { Transform = PartTransform.Log })];
        ImmutableArray<FeaturePart>[] representations = [plain, logarithms, [.. plain, .. logarithms]];
        var best = representations
            .SelectMany(columns => Penalties, (columns, penalty) =>
                (columns, penalty, predicted: CrossFit(folds, architecture => Row(columns, architecture), penalty)))
            .MinBy(option => search.Architectures.Sum(a => Square(option.predicted[a] - a.Truth)));
        Func<Architecture, double[]> row = architecture => Row(best.columns, architecture);
        return new StructureRegression(
            row, best.columns, FitOn(search, row, best.penalty), [.. search.Architectures.Select(a => best.predicted[a])]);

        double[] Row(ImmutableArray<FeaturePart> columns, Architecture architecture)
        {
            // Their names come in one order, once or twice.
            var values = structures.Of(architecture).Features;
            return [.. columns.Select((column, i) => PartTransforms.Apply(column.Transform, values[i % values.Length].Value))];
        }
    }

    /// <summary>The prediction for an architecture, in the truth's unit.</summary>
    public double Predict(Architecture architecture) => fit.Predict(features(architecture));

    private static Dictionary<Architecture, double> CrossFit(
        ImmutableArray<NetworkFold> folds, Func<Architecture, double[]> features, double penalty)
    {
        var predicted = new Dictionary<Architecture, double>();
        foreach (var fold in folds)
        {
            var withoutFold = FitOn(fold.Training, features, penalty);
            foreach (var architecture in fold.Test.Architectures)
            {
                predicted.Add(architecture, withoutFold.Predict(features(architecture)));
            }
        }

        return predicted;
    }

    private static RidgeRegression FitOn(ArchitectureSet set, Func<Architecture, double[]> features, double penalty) =>
        new([.. set.Architectures.Select(features)], set.Truths, penalty);

    private static double Square(double value) => value * value;
}
