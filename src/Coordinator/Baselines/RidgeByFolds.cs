using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// A ridge regression whose columns and penalty are those that predict folds of whole networks best, by squared error; of
/// equally good ones the first.
/// </summary>
internal sealed class RidgeByFolds
{
    private const int Folds = 5;

    private static readonly ImmutableArray<double> Penalties = [1e-4, 1e-3, 1e-2, 1e-1, 1];

    private RidgeByFolds(ImmutableArray<PredictorPart> columns, RidgeRegression fit, ImmutableArray<double> crossFitted)
    {
        Columns = columns;
        Fitted = fit;
        CrossFitted = crossFitted;
    }

    /// <summary>[d] what each column holds.</summary>
    public ImmutableArray<PredictorPart> Columns { get; }

    /// <summary>The fit on all architectures.</summary>
    public RidgeRegression Fitted { get; }

    /// <summary>[n] for each architecture what the fit without its network's fold predicts.</summary>
    public ImmutableArray<double> CrossFitted { get; }

    /// <summary>Fits it.</summary>
    /// <param name="choices">The sets of columns to choose from, at least one; of a column its transform counts alone.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="targets">[n] what to predict of each.</param>
    /// <param name="valuesOf">[n] what a column is of, before its transform; asked for with the transform left out.</param>
    /// <param name="seed">Seed of the folds.</param>
    public static RidgeByFolds Fit(
        IEnumerable<ImmutableArray<PredictorPart>> choices, ArchitectureSet set, double[] targets,
        Func<PredictorPart, IReadOnlyList<double>> valuesOf, ulong seed)
    {
        var members = MembersOfFolds(set, seed);
        (ImmutableArray<PredictorPart> Columns, double[][] Rows, double Penalty, double[] Predicted, double Error)? best = null;
        foreach (var columns in choices)
        {
            var rows = Rows(columns, targets.Length, valuesOf);
            foreach (var penalty in Penalties)
            {
                var predicted = CrossFit(rows, targets, members, penalty);
                var error = predicted.Zip(targets, (one, other) => (one - other) * (one - other)).Sum();
                if (best is not { } leader || error < leader.Error)
                {
                    best = (columns, rows, penalty, predicted, error);
                }
            }
        }

        var chosen = best ?? throw new ArgumentException("There is nothing to choose from.", nameof(choices));
        return new RidgeByFolds(
            chosen.Columns, new RidgeRegression(chosen.Rows, targets, chosen.Penalty), [.. chosen.Predicted]);
    }

    /// <summary>For each fold the places of the architectures outside it, and of those in it.</summary>
    private static ImmutableArray<(int[] Training, int[] Test)> MembersOfFolds(ArchitectureSet set, ulong seed)
    {
        var placeOf = new Dictionary<Architecture, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < set.Architectures.Length; i++)
        {
            placeOf.Add(set.Architectures[i], i);
        }

        return [.. NetworkFolds.Split(set, Folds, seed).Select(fold => (Places(fold.Training), Places(fold.Test)))];

        int[] Places(ArchitectureSet part) => [.. part.Architectures.Select(architecture => placeOf[architecture])];
    }

    private static double[][] Rows(
        ImmutableArray<PredictorPart> columns, int count, Func<PredictorPart, IReadOnlyList<double>> valuesOf)
    {
        double[][] byColumn =
        [
            .. columns.Select(column => valuesOf(column with { Transform = PartTransform.None })
                .Select(value => PartTransforms.Apply(column.Transform, value)).ToArray()),
        ];
        return [.. Enumerable.Range(0, count).Select(i => byColumn.Select(values => values[i]).ToArray())];
    }

    private static double[] CrossFit(
        double[][] rows, double[] targets, ImmutableArray<(int[] Training, int[] Test)> folds, double penalty)
    {
        var predicted = new double[rows.Length];
        foreach (var (training, test) in folds)
        {
            var withoutFold = new RidgeRegression(
                [.. training.Select(i => rows[i])], [.. training.Select(i => targets[i])], penalty);
            foreach (var i in test)
            {
                predicted[i] = withoutFold.Predict(rows[i]);
            }
        }

        return predicted;
    }
}
