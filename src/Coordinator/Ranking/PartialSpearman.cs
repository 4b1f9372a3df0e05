namespace LPZero.Coordinator.Ranking;

/// <summary>
/// Spearman's rho of two vectors given others: what they share beyond what the others tell. The partial correlation (G. U. Yule, 1907)
/// of average ranks (the rank transformation of W. J. Conover and R. L. Iman, 1981): the ranks of x and of y are each regressed by
/// least squares, with an intercept, on the ranks of the given vectors, and the result is Pearson's correlation of the residuals.
/// </summary>
public static class PartialSpearman
{
    // Below this share of a vector's squares what is left of it is rounding: it is a linear combination of the others.
    private const double NothingLeft = 1e-12;

    /// <summary>The partial rho.</summary>
    /// <param name="x">[n] values.</param>
    /// <param name="y">[n] values.</param>
    /// <param name="given">Vectors of n values each; one that is constant, or that the ones before it determine, changes nothing.</param>
    /// <returns>
    /// NaN where x or y is constant, is determined by the given ranks, or where a value is NaN.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Rho(ReadOnlySpan<double> x, ReadOnlySpan<double> y, params ReadOnlySpan<double[]> given)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"{x.Length} values cannot be compared with {y.Length}.", nameof(y));
        }

        // Centred ranks sum to 0, so that the intercept is out of the regression from the start.
        if (CentredRanks(x) is not { } left || CentredRanks(y) is not { } right)
        {
            return double.NaN;
        }

        var directions = new List<double[]>();
        foreach (var other in given)
        {
            if (other.Length != x.Length)
            {
                throw new ArgumentException($"{other.Length} given values cannot stand beside {x.Length}.", nameof(given));
            }

            if (CentredRanks(other) is not { } direction)
            {
                return double.NaN;
            }

            if (TryRemove(direction, directions))
            {
                directions.Add(direction);
            }
        }

        return TryRemove(left, directions) && TryRemove(right, directions)
            ? Math.Clamp(Dot(left, right) / Math.Sqrt(Dot(left, left) * Dot(right, right)), -1, 1)
            : double.NaN;
    }

    /// <summary>Takes away what orthogonal directions explain (Gram and Schmidt); false where nothing is left.</summary>
    private static bool TryRemove(double[] vector, List<double[]> directions)
    {
        var whole = Dot(vector, vector);
        foreach (var direction in directions)
        {
            var slope = Dot(vector, direction) / Dot(direction, direction);
            for (var i = 0; i < vector.Length; i++)
            {
                vector[i] -= slope * direction[i];
            }
        }

        return Dot(vector, vector) > NothingLeft * whole;
    }

    private static double[]? CentredRanks(ReadOnlySpan<double> values)
    {
        var ranks = new long[values.Length];
        return Ranks.TryCentre(values, ranks) ? Array.ConvertAll(ranks, rank => (double)rank) : null;
    }

    /// <summary>Summed in order, so that it is the same on every processor.</summary>
    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
