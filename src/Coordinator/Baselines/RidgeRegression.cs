using LPZero.Messages.Predictors;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// Linear regression with an intercept and a penalty on the squares of the coefficients of standardised columns (Hoerl and Kennard, 1970):
/// it stays defined where columns are collinear, as counts of heads and of layers are.
/// </summary>
public sealed class RidgeRegression
{
    private readonly double[] means;
    private readonly double[] scales;
    private readonly double[] coefficients;
    private readonly double intercept;

    /// <summary>Fits it.</summary>
    /// <param name="rows">[n][d] what is known of each example, one at least; a column that does not vary gets the coefficient 0.</param>
    /// <param name="targets">[n] what to predict.</param>
    /// <param name="penalty">Above 0, for each example.</param>
    public RidgeRegression(IReadOnlyList<double[]> rows, IReadOnlyList<double> targets, double penalty)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        var width = rows[0].Length;
        means = [.. Enumerable.Range(0, width).Select(column => rows.Average(row => row[column]))];
        scales = [.. Enumerable.Range(0, width).Select(column => Scale(rows, column, means[column]))];
        intercept = targets.Average();

        // (Z'Z + n * penalty * I) b = Z'(y - mean of y), of the standardised rows Z.
        var normal = new double[width, width];
        var right = new double[width];
        for (var i = 0; i < rows.Count; i++)
        {
            var row = Standardised(rows[i]);
            for (var a = 0; a < width; a++)
            {
                right[a] += row[a] * (targets[i] - intercept);
                for (var b = 0; b <= a; b++)
                {
                    normal[a, b] += row[a] * row[b];
                }
            }
        }

        for (var a = 0; a < width; a++)
        {
            normal[a, a] += rows.Count * penalty;
        }

        coefficients = SolveInPlace(normal, right);
    }

    /// <summary>The prediction for an example.</summary>
    /// <param name="row">[d] what is known of it.</param>
    public double Predict(double[] row)
    {
        var standardised = Standardised(row);
        var sum = intercept;
        for (var i = 0; i < standardised.Length; i++)
        {
            sum += coefficients[i] * standardised[i];
        }

        return sum;
    }

    /// <summary>The fit as data: it scores an architecture as <see cref="Predict"/> does.</summary>
    /// <param name="columns">[d] what each column holds; means, scales and coefficients are set.</param>
    public PredictorGroup ToGroup(IReadOnlyList<PredictorPart> columns)
    {
        PredictorPart[] telling =
        [
            .. columns
                .Select((column, i) => column with { Mean = means[i], Scale = scales[i], Coefficient = coefficients[i] })
                .Where(column => double.IsFinite(column.Scale)),
        ];
        return new PredictorGroup(
            PredictorRule.Sum, telling.Length > 0 ? [.. telling] : [columns[0] with { Coefficient = 0 }], intercept);
    }

    private static double Scale(IReadOnlyList<double[]> rows, int column, double mean)
    {
        var deviation = Math.Sqrt(rows.Average(row => (row[column] - mean) * (row[column] - mean)));

        // What is left of a constant column is rounding; dividing by it would make it look like something.
        return deviation > 1e-12 * Math.Abs(mean) ? deviation : double.PositiveInfinity;
    }

    private double[] Standardised(double[] row) => [.. row.Select((value, i) => (value - means[i]) / scales[i])];

    /// <summary>Solves by Cholesky's decomposition of the lower triangle, which the penalty keeps positive definite.</summary>
    private static double[] SolveInPlace(double[,] lower, double[] right)
    {
        var n = right.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = lower[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= lower[i, k] * lower[j, k];
                }

                lower[i, j] = i == j ? Math.Sqrt(sum) : sum / lower[j, j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                right[i] -= lower[i, k] * right[k];
            }

            right[i] /= lower[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                right[i] -= lower[k, i] * right[k];
            }

            right[i] /= lower[i, i];
        }

        return right;
    }
}
