namespace LPZero.Coordinator.Ranking;

/// <summary>
/// How much of the variance of a figure each of three crossed random factors gives. The method of moments (analysis of variance) of the
/// three-way crossed random model with one observation a cell,
/// y_ijk = m + s_i + w_j + b_k + (sw)_ij + (sb)_ik + (wb)_jk + e_ijk: mean squares are set equal to their expectations
/// (S. R. Searle, G. Casella and C. E. McCulloch, "Variance Components", 1992, chapter 4), such as
/// E(MS_s) = e + c sw + b sb + b c s and E(MS_sw) = e + c sw for a x b x c cells. An estimate below 0 is given as it comes out: it is
/// read as 0.
/// </summary>
/// <param name="Mean">Of all cells.</param>
/// <param name="First">Variance between levels of the first factor.</param>
/// <param name="Second">Of the second.</param>
/// <param name="Third">Of the third.</param>
/// <param name="FirstSecond">Of the interaction of the first and the second.</param>
/// <param name="FirstThird">Of the first and the third.</param>
/// <param name="SecondThird">Of the second and the third.</param>
/// <param name="Residual">What is left: the interaction of all three, and noise.</param>
public sealed record VarianceComponents(
    double Mean, double First, double Second, double Third, double FirstSecond, double FirstThird, double SecondThird, double Residual)
{
    /// <summary>The components of a full table.</summary>
    /// <param name="cells">[a, b, c] a figure for each cell; at least two levels of each factor.</param>
    /// <exception cref="ArgumentException">A factor has fewer than two levels.</exception>
    public static VarianceComponents Of(double[,,] cells)
    {
        var (a, b, c) = (cells.GetLength(0), cells.GetLength(1), cells.GetLength(2));
        if (a < 2 || b < 2 || c < 2)
        {
            throw new ArgumentException($"{a} x {b} x {c} cells: it takes two levels of each factor.", nameof(cells));
        }

        double mean = 0;
        var (first, second, third) = (new double[a], new double[b], new double[c]);
        var (firstSecond, firstThird, secondThird) = (new double[a, b], new double[a, c], new double[b, c]);
        for (var i = 0; i < a; i++)
        {
            for (var j = 0; j < b; j++)
            {
                for (var k = 0; k < c; k++)
                {
                    var cell = cells[i, j, k];
                    mean += cell / ((double)a * b * c);
                    first[i] += cell / ((double)b * c);
                    second[j] += cell / ((double)a * c);
                    third[k] += cell / ((double)a * b);
                    firstSecond[i, j] += cell / c;
                    firstThird[i, k] += cell / b;
                    secondThird[j, k] += cell / a;
                }
            }
        }

        double squaresFirst = 0, squaresSecond = 0, squaresThird = 0, squaresFirstSecond = 0, squaresFirstThird = 0;
        double squaresSecondThird = 0, squaresRest = 0;
        for (var i = 0; i < a; i++)
        {
            for (var j = 0; j < b; j++)
            {
                for (var k = 0; k < c; k++)
                {
                    // Every effect is counted in each cell that it is in, so that no factor need be multiplied afterwards.
                    squaresFirst += Square(first[i] - mean);
                    squaresSecond += Square(second[j] - mean);
                    squaresThird += Square(third[k] - mean);
                    squaresFirstSecond += Square(firstSecond[i, j] - first[i] - second[j] + mean);
                    squaresFirstThird += Square(firstThird[i, k] - first[i] - third[k] + mean);
                    squaresSecondThird += Square(secondThird[j, k] - second[j] - third[k] + mean);
                    squaresRest += Square(
                        cells[i, j, k] - firstSecond[i, j] - firstThird[i, k] - secondThird[j, k] + first[i] + second[j] + third[k] - mean);
                }
            }
        }

        var rest = squaresRest / ((a - 1.0) * (b - 1) * (c - 1));
        var msFirstSecond = squaresFirstSecond / ((a - 1.0) * (b - 1));
        var msFirstThird = squaresFirstThird / ((a - 1.0) * (c - 1));
        var msSecondThird = squaresSecondThird / ((b - 1.0) * (c - 1));
        return new VarianceComponents(
            mean,
            ((squaresFirst / (a - 1)) - msFirstSecond - msFirstThird + rest) / ((double)b * c),
            ((squaresSecond / (b - 1)) - msFirstSecond - msSecondThird + rest) / ((double)a * c),
            ((squaresThird / (c - 1)) - msFirstThird - msSecondThird + rest) / ((double)a * b),
            (msFirstSecond - rest) / c,
            (msFirstThird - rest) / b,
            (msSecondThird - rest) / a,
            rest);
    }

    private static double Square(double value) => value * value;
}
