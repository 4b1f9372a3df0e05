using LPZero.Coordinator.Baselines;
using MathNet.Numerics.LinearAlgebra;

namespace LPZero.Coordinator.Tests.Baselines;

public class RidgeRegressionTests
{
    private const int Rows = 40;

    private static readonly double[][] Table =
        [.. Enumerable.Range(0, Rows).Select(i => new[] { Math.Sin(i), i % 7, 1000 + Math.Sqrt(i) })];

    private static readonly double[] Targets = [.. Enumerable.Range(0, Rows).Select(i => (3 * Math.Sin(i)) - (i % 7) + Math.Cos(5 * i))];

    [Fact]
    public void With_hardly_any_penalty_it_is_least_squares()
    {
        var expected = MathNet.Numerics.Fit.MultiDim(Table, Targets, intercept: true);
        var fit = new RidgeRegression(Table, Targets, 1e-12);
        Assert.All(Table, row => Assert.Equal(expected[0] + row.Zip(expected.Skip(1), (x, b) => x * b).Sum(), fit.Predict(row), 1e-6));
    }

    [Fact]
    public void With_a_penalty_it_solves_the_penalised_normal_equations_of_standardised_columns()
    {
        const double Penalty = 0.3;
        var table = Matrix<double>.Build.DenseOfRowArrays(Table);
        var means = table.ColumnSums() / Rows;
        var centred = Matrix<double>.Build.Dense(Rows, 3, (i, j) => table[i, j] - means[j]);
        var standardised = Matrix<double>.Build.Dense(
            Rows, 3, (i, j) => centred[i, j] / Math.Sqrt(centred.Column(j).PointwisePower(2).Sum() / Rows));
        var mean = Targets.Average();
        var coefficients = ((standardised.Transpose() * standardised) + (Matrix<double>.Build.DenseIdentity(3) * (Penalty * Rows)))
            .Solve(standardised.Transpose() * Vector<double>.Build.DenseOfEnumerable(Targets.Select(y => y - mean)));
        var fit = new RidgeRegression(Table, Targets, Penalty);
        for (var i = 0; i < Rows; i++)
        {
            Assert.Equal(mean + (standardised.Row(i) * coefficients), fit.Predict(Table[i]), 1e-9);
        }
    }

    [Fact]
    public void Columns_that_repeat_one_another_or_do_not_vary_change_no_prediction_beyond_the_penalty()
    {
        double[][] wide = [.. Table.Select(row => (double[])[.. row, row[0], 0.1])];
        var fit = new RidgeRegression(wide, Targets, 1e-9);
        var narrow = new RidgeRegression(Table, Targets, 1e-9);
        Assert.All(Enumerable.Range(0, Rows), i => Assert.Equal(narrow.Predict(Table[i]), fit.Predict(wide[i]), 1e-5));
    }
}
