using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// What structure says of the order of architectures: a sum of four ridge regressions of the truths' ranks, on the structural features, on
/// their logarithms, on both, and on the logarithms with their squares and products, each with the penalty that predicts folds of whole
/// networks best. What they predict of folds that they have not seen says how much each of them counts (<see cref="NonNegativeWeights"/>).
/// </summary>
public sealed class StackedRegressions
{
    private StackedRegressions(PredictorGroup group, ImmutableArray<double> crossFitted)
    {
        Group = group;
        CrossFitted = crossFitted;
    }

    /// <summary>The ranking as data.</summary>
    public PredictorGroup Group { get; }

    /// <summary>[n] for each architecture that it was fitted on, the sum of what regressions without its network's fold predict.</summary>
    public ImmutableArray<double> CrossFitted { get; }

    /// <summary>Fits it; null where there are fewer than <see cref="StructureRegression.FewestNetworks"/> networks.</summary>
    /// <param name="structures">What is known of the architectures without their networks.</param>
    /// <param name="search">The architectures, with truths.</param>
    /// <param name="seed">Seed of the folds.</param>
    public static StackedRegressions? Fit(StructuralBaselines structures, ArchitectureSet search, ulong seed)
    {
        if (search.NetworkOf.Distinct().Count() < StructureRegression.FewestNetworks)
        {
            return null;
        }

        var centred = new long[search.Architectures.Length];
        Ranks.TryCentre([.. search.Truths], centred);
        double[] ranks = [.. centred];
        var plain = StructureRegression.Representations(structures, search);
        RidgeByFolds[] fits =
        [
            .. plain.Add(Quadratic(plain[1], ValuesOf)).Select(columns => RidgeByFolds.Fit([columns], search, ranks, ValuesOf, seed)),
        ];
        var weights = NonNegativeWeights.Of([.. fits.Select(fit => fit.CrossFitted)], ranks);

        if (weights.All(weight => weight == 0))
        {
            // None of them knows anything of what it has not seen, so all count alike.
            Array.Fill(weights, 1);
        }

        var counting = fits.Zip(weights).Where(fit => fit.Second > 0).ToList();
        return new StackedRegressions(
            new PredictorGroup(
                PredictorRule.Sum,
                [.. counting.Select(fit => new GroupPart(fit.First.Fitted.ToGroup(fit.First.Columns)) { Coefficient = fit.Second })]),
            [.. ranks.Select((_, i) => counting.Sum(fit => fit.Second * fit.First.CrossFitted[i]))]);

        double[] ValuesOf(PredictorPart column) => structures.ValuesOf(column, search);
    }

    /// <summary>Columns with their squares and products, of the columns as they are standardised on the architectures.</summary>
    private static ImmutableArray<PredictorPart> Quadratic(
        ImmutableArray<PredictorPart> columns, Func<PredictorPart, IReadOnlyList<double>> valuesOf)
    {
        ImmutableArray<PredictorPart> standardised = [.. columns.Select(Standardised).Where(column => column.Scale > 0)];
        return
        [
            .. columns,
            .. standardised.SelectMany((one, i) => standardised.Skip(i).Select(other => new GroupPart(PredictorGroup.Product(one, other)))),
        ];

        PredictorPart Standardised(PredictorPart column)
        {
            var values = valuesOf(column);
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            return column with { Mean = mean, Scale = deviation > 1e-12 * Math.Abs(mean) ? deviation : 0 };
        }
    }
}
