namespace LPZero.Coordinator.Baselines;

/// <summary>
/// How much each of several predictions of the same targets counts in their sum: the weights, none below 0, whose sum lies nearest to the
/// targets by squared error. Predictions that did not see their targets are weighted by what they are worth on new ones (stacked
/// regressions, Breiman, 1996). Two that say the same as the targets share a weight of 1; one that says the opposite gets 0.
/// </summary>
public static class NonNegativeWeights
{
    private const int MostSweeps = 100_000;
    private const double Settled = 1e-12;

    /// <summary>[m] the weights; all 0 where no prediction has anything of the targets.</summary>
    /// <param name="predictions">[m][n] the predictions; the mean of each does not count.</param>
    /// <param name="targets">[n] the targets.</param>
    public static double[] Of(IReadOnlyList<IReadOnlyList<double>> predictions, IReadOnlyList<double> targets)
    {
        double[][] centred = [.. predictions.Select(Centred)];
        var wanted = Centred(targets);
        double[] along = [.. centred.Select(prediction => Product(prediction, wanted))];
        double[][] between = [.. centred.Select(one => centred.Select(other => Product(one, other)).ToArray())];

        // One weight after the other is set to its best given the others; of a convex problem that ends at the best of all.
        var weights = new double[centred.Length];
        for (var (sweep, change) = (0, double.PositiveInfinity); sweep < MostSweeps && change > Settled; sweep++)
        {
            change = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                var others = weights.Select((weight, j) => j == i ? 0 : weight * between[i][j]).Sum();
                var best = between[i][i] > 0 ? Math.Max(0, (along[i] - others) / between[i][i]) : 0;
                change = Math.Max(change, Math.Abs(best - weights[i]));
                weights[i] = best;
            }
        }

        return weights;
    }

    private static double[] Centred(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return [.. values.Select(value => value - mean)];
    }

    private static double Product(double[] one, double[] other) => one.Zip(other, (a, b) => a * b).Sum();
}
