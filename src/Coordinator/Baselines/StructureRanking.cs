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
public static class StructureRanking
{
    /// <summary>The ranking; null where there are fewer than <see cref="StructureRegression.FewestNetworks"/> networks.</summary>
    /// <param name="structures">What is known of the architectures without their networks.</param>
    /// <param name="search">The architectures, with truths.</param>
    /// <param name="seed">Seed of the folds.</param>
    public static PredictorGroup? Fit(StructuralBaselines structures, ArchitectureSet search, ulong seed)
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

        // Where none of them knows anything of what it has not seen, all count alike.
        var none = weights.All(weight => weight == 0);
        return new PredictorGroup(
            PredictorRule.Sum,
            [
                .. fits.Zip(weights).Where(fit => none || fit.Second > 0).Select(fit =>
                    new GroupPart(fit.First.Fitted.ToGroup(fit.First.Columns)) { Coefficient = none ? 1 : fit.Second }),
            ]);

        IReadOnlyList<double> ValuesOf(PredictorPart column) => PredictorScores.Of(
            PredictorGroup.Of(column), search.Architectures, structures.Of,
            proxy => throw new ArgumentException($"{proxy} is no part of a structure.", nameof(structures)));
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
